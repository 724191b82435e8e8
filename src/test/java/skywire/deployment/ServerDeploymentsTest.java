package skywire.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import skywire.config.Config;
import skywire.config.ConfigException;

/** Which deployments a dmsg server takes from its configuration and the document. */
class ServerDeploymentsTest {
    private static final String D = LocalMember.DISCOVERY.publicHex();
    private static final String S = LocalMember.SERVER_1.publicHex();
    private static final String X = LocalMember.ROUTES.publicHex();

    private static String keys(String text) {
        return text.replace("$D", D).replace("$S", S).replace("$X", X).replace('\'', '"');
    }

    private static List<Deployment> read(String config) throws ConfigException {
        Config parsed = Config.parse("s.json", keys(config));
        List<Deployment> deployments = ServerDeployments.read(parsed, DeploymentDocument.embedded());
        assertEquals(List.of(), parsed.warnings(), "all of it was read");
        return deployments;
    }

    private static final String LISTED = "[{'static': '$X', 'server': {'address': 'h:1'}}]";

    private static List<String> addresses(Deployment deployment) {
        return deployment.servers().stream().map(Servers::address).toList();
    }

    @Test
    void withoutABlockTheBuiltInDeploymentIsUsed() throws ConfigException {
        assertEquals(List.of(DeploymentDocument.embedded().usual()), read("{}"));
        assertEquals(1, read("{'dmsg': null}").size());
    }

    @Test
    void aBlockIsNeverMixedWithIt() throws ConfigException {
        Deployment mine = read("{'dmsg': {'discovery_dmsg': 'dmsg://$D:80', 'sessions_count': 3, 'servers': " + LISTED
                        + "}}")
                .getFirst();
        assertEquals(D, mine.discoveryKey().orElseThrow().hex());
        assertEquals(List.of("h:1"), addresses(mine));
        assertEquals(3, mine.sessions());
        assertEquals(Optional.empty(), mine.discovery());
        assertEquals(Deployment.Service.NONE, mine.transportDiscovery());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "{'dmsg': {'discovery_dmsg': 'dmsg://$D:80'}} | 2",
                "{'dmsg': {'discovery_dmsg': 'dmsg://$D:80', 'servers': []}} | 2",
                "{'dmsg': {'discovery_dmsg': 'dmsg://$X:80', 'servers': []}} | 0",
                "{'discovery': 'dmsg://$D:80'} | 2",
                "{'discovery': 'dmsg://$X:80', 'servers': []} | 0",
            })
    void anEmptyListIsBorrowedIfTheDiscoveryIsTheSame(String config, int servers) throws ConfigException {
        assertEquals(servers, read(config).getFirst().servers().size());
    }

    @Test
    void theOlderShape() throws ConfigException {
        Deployment overDmsg =
                read("{'discovery': 'dmsg://$X:80', 'servers': " + LISTED + "}").getFirst();
        assertEquals(X, overDmsg.discoveryKey().orElseThrow().hex());
        assertEquals(Optional.empty(), overDmsg.discovery());
        Deployment both = read("{'discovery': 'http://d.example', 'discovery_dmsg': 'dmsg://$X:80', 'servers': "
                        + LISTED + "}")
                .getFirst();
        assertEquals("http://d.example", both.discovery().orElseThrow().toString());
        assertEquals(List.of("h:1"), addresses(both));
    }

    @Test
    void severalAtOnce() throws ConfigException {
        List<Deployment> two = read("{'deployments': [{'name': 'one', 'discovery_dmsg': 'dmsg://$D:80'},"
                + " {'discovery_dmsg': 'dmsg://$X:80', 'servers': " + LISTED + "}]}");
        assertEquals(
                List.of("one", "deployments[1]"),
                two.stream().map(Deployment::name).toList());
        assertEquals(2, two.getFirst().servers().size());
        assertEquals(List.of("h:1"), addresses(two.getLast()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "{'dmsg': {}} | s.json:1:10: deployment 'dmsg' has no 'discovery_dmsg'",
                "{'dmsg': {'discovery': 'http://d'}} | s.json:1:10: deployment 'dmsg' has no 'discovery_dmsg'",
                "{'discovery': 'http://d'} | s.json:1:15: deployment 'discovery' has no 'discovery_dmsg'",
                "{'servers': []} | s.json:1:13: deployment 'discovery' has no 'discovery_dmsg'",
                "{'deployments': [{'name': 'lab'}]} | s.json:1:17: deployment 'lab' has no 'discovery_dmsg'",
                "{'deployments': []} | s.json:1:17: 'deployments' is empty; take it away to use the built-in deployment",
                "{'dmsg': {}, 'deployments': []} | s.json:1:29: the deployment is in 'dmsg' already; take 'deployments' away",
                "{'dmsg': {'discovery_dmsg': 'http://d'}} | s.json:1:29: 'discovery_dmsg' must be dmsg://<public key>:80",
                "{'discovery': 'dmsg://$D:81'} | s.json:1:15: 'discovery' must be dmsg://<public key>:80",
                "{'dmsg': {'discovery_dmsg': 'dmsg://$D:80', 'sessions_count': -1}} | 'sessions_count' must be a whole number from 0 to 1000, not -1",
            })
    void whatIsMissingOrDoubleIsTold(String config, String expected) {
        var told = assertThrows(ConfigException.class, () -> read(config));
        assertTrue(told.getMessage().endsWith(keys(expected)), told.getMessage());
        if (expected.endsWith("has no 'discovery_dmsg'")) {
            assertTrue(told.hint().orElseThrow().endsWith("dmsg://<its public key>:80\""), told.toString());
        }
    }

    @Test
    void twoOfTheSameDiscoveryAreRefused() {
        var told = assertThrows(
                ConfigException.class,
                () -> read(
                        "{'deployments': [{'discovery_dmsg': 'dmsg://$D:80'}, {'discovery_dmsg': 'dmsg://$D:80'}]}"));
        assertTrue(
                told.getMessage()
                        .endsWith(
                                keys("deployment 'deployments[1]' has the name or the discovery of 'deployments[0]'")),
                told.getMessage());
    }

    @Test
    void aDocumentThatCannotBeUsedOverDmsgIsNamed() throws ConfigException {
        var document = DeploymentDocument.parse("d.json", "{\"prod\": {}}");
        var told = assertThrows(
                ConfigException.class, () -> ServerDeployments.read(Config.parse("s.json", "{}"), document));
        assertTrue(told.getMessage().startsWith("d.json: the deployment \"prod\" has no \"dmsg_discovery_dmsg\""));
    }
}
