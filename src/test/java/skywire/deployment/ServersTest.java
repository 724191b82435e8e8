package skywire.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import skywire.bytes.MalformedException;
import skywire.entry.DmsgEntry;

/** The list a discovery answers with, which is to replace one that works. */
class ServersTest {
    private static final String A = LocalMember.SERVER_1.publicHex();
    private static final String B = LocalMember.SERVER_2.publicHex(); // sorts behind A

    private static List<DmsgEntry> parse(String json) throws MalformedException {
        return Servers.parse(
                json.replace('\'', '"').replace("$A", A).replace("$B", B).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void isSortedByKeyAndKeepsTheAddress() throws MalformedException {
        List<DmsgEntry> servers = parse("[{'version': '0.0.1', 'static': '$B', 'server': {'address': '192.0.2.1:8081',"
                + " 'availableSessions': 5}}, {'static': '$A', 'server': {'address': '[2001:db8::1]:80'}}]");
        assertEquals(List.of(A, B), servers.stream().map(s -> s.key().hex()).toList());
        assertEquals(
                List.of("[2001:db8::1]:80", "192.0.2.1:8081"),
                servers.stream().map(Servers::address).toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "[] | the list has no server",
                "null | the list has no server",
                "{} | the list of servers is not an array",
                "[7] | a server is not an object",
                "[{}] | a server has no key",
                "[{'static': '$A'}] | the server part is not an object",
                "[{'static': '$A', 'server': {}}] | the server $A… has an address that cannot be dialled",
                "[{'static': '$A', 'server': {'address': ':80'}}] | the server $A… has an address that cannot be dialled",
                "[{'static': '$A', 'server': {'address': 'h:0'}}] | the server $A… has an address that cannot be dialled",
                "[{'static': '$A', 'server': {'address': 'a b:1'}}] | the server $A… has an address that cannot be dialled",
                "[{'static': '$A', 'server': {'address': 'h:1'}}, {'static': '$A', 'server': {'address': 'h:2'}}] | the server $A… is in the list twice",
                "[{'static': '000000000000000000000000000000000000000000000000000000000000000000', 'server': {'address': 'h:1'}}] | a server has no key",
                "[{'static': '$A', 'server': {'address': 'h:1'}}, | not valid JSON",
            })
    void anythingWrongRefusesTheWhole(String json, String expected) {
        assertEquals(
                expected.replace("$A", A.substring(0, 8)),
                assertThrows(MalformedException.class, () -> parse(json)).getMessage());
    }

    @Test
    void thereIsAGreatestNumber() {
        String many =
                IntStream.rangeClosed(0, Servers.MOST).mapToObj(i -> "{}").collect(Collectors.joining(",", "[", "]"));
        assertEquals(
                "the list has 1025 servers, more than 1024",
                assertThrows(MalformedException.class, () -> parse(many)).getMessage());
    }
}
