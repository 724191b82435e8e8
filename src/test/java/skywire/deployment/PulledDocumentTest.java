package skywire.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import skywire.config.ConfigException;
import skywire.entry.DmsgEntry;

/** How another list of servers is written into a document. */
class PulledDocumentTest {
    private static final String A = LocalMember.SERVER_1.publicHex();
    private static final String B = LocalMember.SERVER_2.publicHex();
    private static final List<DmsgEntry> SERVERS = servers();

    private static List<DmsgEntry> servers() {
        try {
            return Servers.parse(
                    text("[{'static':'$B','server':{'address':'h:2'}},{'static':'$A','server':{'address':'h:1'}}]")
                            .getBytes(StandardCharsets.UTF_8));
        } catch (java.io.IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String text(String pattern) {
        return pattern.replace('\'', '"').replace("$A", A).replace("$B", B);
    }

    private static String pull(String before) throws ConfigException {
        return PulledDocument.of("d.json", text(before), SERVERS).text();
    }

    /** As the reference writes it (discovery §6.3), in every block. */
    @Test
    void inTheUsualLayoutItIsWhatTheReferenceWrites() throws ConfigException {
        String list = """
                'dmsg_servers': [
                      {
                        'static': '$A',
                        'server': {
                          'address': 'h:1'
                        }
                      },
                      {
                        'static': '$B',
                        'server': {
                          'address': 'h:2'
                        }
                      }
                    ]""";
        String document = """
                {
                  'test': {
                    'dns_server': '1.1.1.1',
                    LIST
                  },
                  'prod': {
                    LIST,
                    'conf': ''
                  }
                }
                """;
        assertEquals(text(document.replace("LIST", list)), pull(document.replace("LIST", "'dmsg_servers': [\n    ]")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                // one line
                "{'p':{'dmsg_servers':[ ]}}⏎|{'p':{'dmsg_servers':[{'static':'$A','server':{'address':'h:1'}},{'static':'$B','server':{'address':'h:2'}}]}}⏎",
                // tabs
                "{⏎→'p': {⏎→→'dmsg_servers': []⏎→}⏎}|{⏎→'p': {⏎→→'dmsg_servers': [⏎→→→{⏎→→→→'static': '$A',⏎→→→→'server': {⏎→→→→→'address': 'h:1'⏎→→→→}⏎→→→},⏎→→→{⏎→→→→'static': '$B',⏎→→→→'server': {⏎→→→→→'address': 'h:2'⏎→→→→}⏎→→→}⏎→→]⏎→}⏎}",
                // CRLF, no indentation
                "{'p': {␍⏎'dmsg_servers': [1]}}|{'p': {␍⏎'dmsg_servers': [␍⏎  {␍⏎    'static': '$A',␍⏎    'server': {␍⏎      'address': 'h:1'␍⏎    }␍⏎  },␍⏎  {␍⏎    'static': '$B',␍⏎    'server': {␍⏎      'address': 'h:2'␍⏎    }␍⏎  }␍⏎]}}",
            })
    void keepsTheLayoutOfTheDocument(String before, String after) throws ConfigException {
        String blanks = before.replace('⏎', '\n').replace('→', '\t').replace('␍', '\r');
        assertEquals(text(after.replace('⏎', '\n').replace('→', '\t').replace('␍', '\r')), pull(blanks));
    }

    @Test
    void aListThatSaysTheSameKeepsItsComments() throws ConfigException {
        String same = "{'p': {'dmsg_servers': [ // two\n {'static': '$B', 'server': {'address': 'h:2'}},"
                + " {'server': {'address': 'h:1'}, 'static': '$A'} ]}}";
        assertEquals(text(same), pull(same));
        assertFalse(PulledDocument.of("d", text(same), SERVERS).isChanged());
    }

    @Test
    void tellsWhatCameAndWent() throws ConfigException {
        var pulled = PulledDocument.of(
                "d",
                text("{'p': {\n'dmsg_servers': [{'static': '$A', 'server': {'address': 'h:9'}},"
                        + "{'static': '" + LocalMember.ROUTES.publicHex() + "', 'server': {'address': 'h:3'}}]},\n"
                        + "'q': {'dmsg_servers': ['what?']}}"),
                SERVERS);
        var a = LocalMember.SERVER_1.key().publicKey();
        var b = LocalMember.SERVER_2.key().publicKey();
        var gone = LocalMember.ROUTES.key().publicKey();
        assertEquals(
                List.of(
                        new PulledDocument.Changes(2, Map.of(b, "h:2"), Map.of(gone, "h:3"), Map.of(a, "h:1")),
                        new PulledDocument.Changes(3, Map.of(a, "h:1", b, "h:2"), Map.of(), Map.of())),
                pulled.lists());
        assertTrue(pulled.isChanged());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "{'p': {'servers': []}}|d.json: has no list \"dmsg_servers\" to write to",
                "{'p': {'dmsg_servers': null}}|d.json: has no list \"dmsg_servers\" to write to",
                "{'p': '\\'dmsg_servers\\': []'}|d.json: has no list \"dmsg_servers\" to write to",
                "{'dmsg_servers': [|d.json:1:19: the file ends too early",
                "|d.json:1:1: the file ends too early",
            })
    void whatCannotBeWrittenToIsTold(String document, String expected) {
        String before = document == null ? "" : document.replace("\\'", "\\\"");
        var told = assertThrows(ConfigException.class, () -> pull(before));
        assertTrue(told.getMessage().startsWith(expected), told.getMessage());
    }
}
