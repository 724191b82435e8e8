package skywire.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigTextTest {
    private static final String TEXT = """
            // what it is
            {
              "name": "a \\"quoted\\" // name", // not a comment inside
              "count": -1.5e3,
              "on": true, "off":null,
              "inner": { "list": [1, {"x": "]"} /* ] */, "}"], "deep": {"er": "x"} },
              "last":7
            }
            """;

    private static String set(String path, String value) throws ConfigException {
        return new ConfigText("t.json", TEXT).with(path, value).text();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "name | plain words | \"a \\\"quoted\\\" // name\" | \"plain words\"",
                "count | 42 | -1.5e3 | 42",
                "on | false | true | false",
                "off | \"x\" | null | \"x\"",
                "inner.list | [] | [1, {\"x\": \"]\"} /* ] */, \"}\"] | []",
                "inner.deep.er | 127.0.0.1:80 | {\"er\": \"x\"} | {\"er\": \"127.0.0.1:80\"}",
                "inner.deep | {\"a\":[1]} | {\"er\": \"x\"} | {\"a\":[1]}",
                "last | :8082 | 7 | \":8082\""
            })
    void changesOneValueAndNothingElse(String path, String value, String before, String after) throws Exception {
        String changed = set(path, value);
        assertEquals(TEXT.replace(before, after), changed);
        Config.parse("t.json", changed);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nmae | t.json has no member \"nmae\" (did you mean \"name\"?)",
                "inner.lost | t.json has no member \"inner.lost\" (did you mean \"list\"?)",
                "name.x | t.json has no member \"name.x\"",
                "inner.zzzzzzzzz | t.json has no member \"inner.zzzzzzzzz\""
            })
    void anUnknownMemberIsToldWithTheNearestName(String path, String told) {
        assertEquals(
                told, assertThrows(ConfigException.class, () -> set(path, "1")).getMessage());
    }

    /** A value cannot add members: what closes the object early is text. */
    @Test
    void aValueStaysAValue() throws Exception {
        String changed = set("last", "1}, \"x\": {\"y\":2");
        assertEquals("1}, \"x\": {\"y\":2", Config.parse("t.json", changed).string("last"));
        assertEquals(
                "1, \"x\": 2",
                Config.parse("t.json", set("last", "1, \"x\": 2")).string("last"));
    }
}
