package skywire.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import skywire.config.ConfigException;
import skywire.http.HttpUrl;

class DeploymentDocumentTest {
    private static final String A = LocalMember.SERVER_1.publicHex();
    private static final String B = LocalMember.SERVER_2.publicHex();

    @TempDir
    Path folder;

    private static String told(String text) {
        return assertThrows(ConfigException.class, () -> DeploymentDocument.parse("d.json", text))
                .getMessage();
    }

    @Test
    void readsABlockWithAllThatIsUsed() throws ConfigException {
        var document = DeploymentDocument.parse("d.json", """
                { // the networks
                  "test": {},
                  "prod": {
                    "conf": "https://conf.example", "stun_servers": ["192.0.2.1:3478"], "dns_server": "1.1.1.1",
                    "dmsg_discovery": "http://dmsgd.example",
                    "transport_discovery": "http://tpd.example:1",
                    "route_finder_dmsg": "dmsg://A:80",
                    "route_setup_nodes": ["B"],
                    "dmsg_servers": [{"static": "A", "server": {"address": "192.0.2.7:8081"}}],
                    "dmsg_discovery_dmsg": "dmsg://B:80"
                  }
                }""".replace("\"A", "\"" + A)
                .replace("\"B", "\"" + B)
                .replace("//A", "//" + A)
                .replace("//B", "//" + B));
        assertEquals(
                List.of("test", "prod"),
                document.blocks().stream().map(Deployment::name).toList());
        Deployment prod = document.usual();
        assertEquals(Optional.of(HttpUrl.parse("http://dmsgd.example")), prod.discovery());
        assertEquals(B, prod.discoveryKey().orElseThrow().hex());
        assertEquals(
                "dmsg://" + B + ":80",
                prod.discoveryService().dmsg().orElseThrow().toString());
        assertEquals(
                "http://tpd.example:1",
                prod.transportDiscovery().any().orElseThrow().toString());
        assertEquals(
                "dmsg://" + A + ":80", prod.routeFinder().any().orElseThrow().toString());
        assertEquals(B, prod.setupNodes().getFirst().hex());
        assertEquals("192.0.2.7:8081", Servers.address(prod.servers().getFirst()));
        assertEquals(A, prod.servers().getFirst().key().hex());
        assertEquals(
                Optional.of(prod), document.withDiscovery(prod.discoveryKey().orElseThrow()));
        assertEquals(
                Optional.empty(),
                document.withDiscovery(prod.servers().getFirst().key()));
        assertTrue(document.block("test").orElseThrow().servers().isEmpty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "{} | d.json: no deployment in it; the usual one is called \"prod\"",
                "{\"prod\": 7} | d.json:1:10: \"prod\" must be an object, not a number",
                "{\"prod\": {\"dmsg_servers\": {}}} | d.json:1:27: \"dmsg_servers\" must be a list, not an object",
                "{\"prod\": {\"dmsg_servers\": [{}]}} | d.json:1:28: \"static\" (a public key) is missing in \"dmsg_servers\"",
                "{\"prod\": {\"dmsg_servers\": [{\"static\": \"A\"}]}} | d.json:1:28: \"address\" is missing in \"server\"",
                "{\"prod\": {\"dmsg_discovery_dmsg\": \"http://a\"}} | d.json:1:34: \"dmsg_discovery_dmsg\" must be dmsg://<public key>:80",
                "{\"prod\": {\"dmsg_discovery_dmsg\": \"dmsg://A:81\"}} | d.json:1:34: \"dmsg_discovery_dmsg\" must be dmsg://<public key>:80",
                "{\"prod\": {\"dmsg_discovery\": \"dmsg://A:81\"}} | d.json:1:29: \"dmsg_discovery\" must be dmsg://<public key>:80",
                "{\"prod\": {\"dmsg_discovery\": \"ftp://x\"}} | d.json:1:29: \"dmsg_discovery\": \"ftp://x\" is not an http:// or dmsg:// URL",
                "{\"prod\": {\"dmsg_discovery_dmsg\": \"dmsg://020000000000000000000000000000000000000000000000000000000000000005:80\"}} | d.json:1:34: \"dmsg_discovery_dmsg\" is not a public key: no point of the curve",
            })
    void whatIsWrongIsToldWithItsPlace(String text, String expected) {
        assertEquals(expected, told(text.replace("\"A\"", "\"" + A + "\"").replace("//A", "//" + A)));
    }

    @Test
    void filesOf2024HaveDmsgAddressesInTheOtherMember() throws ConfigException {
        Deployment old = DeploymentDocument.parse("d", "{\"prod\": {\"dmsg_discovery\": \"dmsg://" + A + ":80\"}}")
                .usual();
        assertEquals(A, old.discoveryKey().orElseThrow().hex());
        assertEquals(Optional.empty(), old.discovery());
    }

    @Test
    void aServerStandsThereOnce() {
        String one = "{\"static\": \"" + A + "\", \"server\": {\"address\": \"a:1\"}}";
        assertTrue(told("{\"prod\": {\"dmsg_servers\": [" + one + "," + one + "]}}")
                .contains("the server " + A.substring(0, 8)));
    }

    @Test
    void theUsualOneIsProdOrTheOnlyOne() throws ConfigException {
        assertEquals(
                "lab", DeploymentDocument.parse("d", "{\"lab\": {}}").usual().name());
        assertEquals(
                "prod",
                DeploymentDocument.parse("d", "{\"lab\": {}, \"prod\": {}}")
                        .usual()
                        .name());
        var none = DeploymentDocument.parse("d", "{\"lab\": {}, \"test\": {}}");
        assertEquals(
                "d: has no deployment \"prod\", only lab, test",
                assertThrows(ConfigException.class, none::usual).getMessage());
    }

    @Test
    void aVariableNamesAnotherDocument() throws Exception {
        assertEquals(
                "the built-in deployment", DeploymentDocument.load(Map.of()).name());
        assertEquals(
                "the built-in deployment",
                DeploymentDocument.load(Map.of("SKYDEPLOY", "")).name());
        Path file = Files.writeString(folder.resolve("mine.json"), "{\"lab\": {}}");
        var mine = DeploymentDocument.load(Map.of("SKYDEPLOY", file.toString()));
        assertEquals("lab", mine.usual().name());
        Files.writeString(file, "{\"lab\": ");
        var broken = assertThrows(
                ConfigException.class, () -> DeploymentDocument.load(Map.of("SKYDEPLOY", file.toString())));
        assertTrue(broken.getMessage().startsWith(file + ":1:"), broken.getMessage());
        assertTrue(broken.hint().orElseThrow().contains("SKYDEPLOY names this file"));
        var missing = assertThrows(
                ConfigException.class, () -> DeploymentDocument.load(Map.of("SKYDEPLOY", folder + "/none")));
        assertEquals(folder + "/none: no such file", missing.getMessage());
    }

    /** What we ship leads to `skywire local` and nowhere else. */
    @Test
    void theBuiltInDocumentIsTheDevelopmentDeployment() throws ConfigException {
        Deployment built = DeploymentDocument.embedded().usual();
        int first = LocalMember.FIRST_PORT;
        assertEquals(1, DeploymentDocument.embedded().blocks().size());
        assertEquals(service(LocalMember.DISCOVERY, first), built.discoveryService());
        assertEquals(service(LocalMember.TRANSPORTS, first), built.transportDiscovery());
        assertEquals(service(LocalMember.ROUTES, first), built.routeFinder());
        assertEquals(List.of(LocalMember.SETUP_NODE.key().publicKey()), built.setupNodes());
        assertEquals(
                LocalMember.SERVERS.stream()
                        .map(server -> server.key().publicKey() + " " + server.address(first))
                        .toList(),
                built.servers().stream()
                        .map(server -> server.key() + " " + Servers.address(server))
                        .toList());
    }

    private static Deployment.Service service(LocalMember member, int first) {
        return new Deployment.Service(
                Optional.of(HttpUrl.parse("http://" + member.address(first))),
                Optional.of(HttpUrl.parse("dmsg://" + member.publicHex() + ":80")));
    }
}
