package skywire.visor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import skywire.config.Config;
import skywire.config.ConfigException;
import skywire.key.SecretKey;
import skywire.platform.HostPort;

class VisorConfigTest {
    private static final SecretKey KEY = SecretKey.fromSeed("visor config".getBytes(StandardCharsets.UTF_8));
    private static final String PK = KEY.publicKey().hex();
    private static final String LEAST =
            "\"dmsg\":{\"discovery\":\"http://d:9090\"},\"transport\":{\"discovery\":\"http://t\"}";

    private static VisorConfig read(String members) throws ConfigException {
        return VisorConfig.read(Config.parse("v.json", "{" + members + "}"), () -> KEY, Path.of("/state"));
    }

    private static void refuses(String members, String why) {
        String message =
                assertThrows(ConfigException.class, () -> read(members)).getMessage();
        assertTrue(message.startsWith("v.json:1:") && message.contains(why), message);
    }

    @Test
    void theLeastThatIsNeeded() throws ConfigException {
        VisorConfig config = read(LEAST);
        assertEquals("http://d:9090", config.discovery().toString());
        assertEquals(2, config.sessions());
        assertTrue(config.exit().isEmpty() && config.persistent().isEmpty());
        assertTrue(config.stcp().listen().isEmpty());
        assertTrue(config.routing().calculate());
        assertEquals(1, config.routing().muxRoutes());
        assertEquals(Duration.ofSeconds(30), config.routing().keepAlive());
        assertEquals(
                Path.of("/state/transport_logs"), config.byteLog().orElseThrow().folder());
    }

    @Test
    void everythingThatCanBeSaid() throws ConfigException {
        VisorConfig config = read("\"dmsg\":{\"discovery\":\"http://d\",\"sessions_count\":0},"
                + "\"skywire-tcp\":{\"pk_table\":{\"" + PK + "\":\"10.0.0.1:7777\"},\"listening_address\":\":7777\"},"
                + "\"transport\":{\"discovery\":\"http://t\",\"log_store\":{\"type\":\"memory\"}},"
                + "\"persistent_transports\":[{\"pk\":\"" + PK + "\",\"type\":\"dmsg\"}],"
                + "\"routing\":{\"route_setup_nodes\":[\"" + PK + "\"],\"route_finder\":\"dmsg://" + PK + ":80\","
                + "\"route_finder_timeout\":\"3s\",\"min_hops\":2,\"mux_routes\":4,\"calculate_routes\":false,\"keep_alive\":\"1m\"},"
                + "\"skysocks\":{\"enable\":true,\"whitelist\":[\"" + PK + "\"],\"allow\":[\"10.0.0.0/8\"]}");
        assertEquals(0, config.sessions());
        assertEquals(HostPort.parse("10.0.0.1:7777"), config.stcp().table().get(KEY.publicKey()));
        assertEquals(7777, config.stcp().listen().orElseThrow().port());
        assertTrue(config.byteLog().isEmpty());
        assertEquals("dmsg", config.persistent().getFirst().type());
        assertTrue(config.routing().finder().orElseThrow().isDmsg());
        assertEquals(Duration.ofMinutes(1), config.routing().keepAlive());
        assertEquals(2, config.routing().minHops());
        assertEquals(4, config.routing().muxRoutes());
        assertEquals(1, config.exit().orElseThrow().clients().size());
    }

    @Test
    void whatIsWrongIsNamedWithItsPlace() {
        refuses("", "\"discovery\"");
        refuses(LEAST.replace("http://d:9090", "ftp://d"), "not an http:// or dmsg:// URL");
        refuses(LEAST.replace("http://d:9090", "dmsg://" + PK + ":80"), "must be an http:// address");
        refuses(LEAST + ",\"persistent_transports\":[{\"pk\":\"" + PK + "\",\"type\":\"sudph\"}]", "one of stcp, dmsg");
        refuses(LEAST + ",\"persistent_transports\":[{\"type\":\"dmsg\"}]", "\"pk\"");
        refuses(LEAST + ",\"skysocks\":{\"enable\":true}", "needs a passcode, a list of keys, or to be declared open");
        refuses(LEAST + ",\"skysocks\":{\"enable\":true,\"open\":true,\"allow\":[\"10.0.0.0/99\"]}", "\"allow\"");
        refuses(LEAST + ",\"routing\":{\"route_setup_nodes\":[\"02ab\"]}", "has 4 hex digits");
        refuses(LEAST + ",\"routing\":{\"min_hops\":99}", "whole number from 0");
        refuses(LEAST + ",\"routing\":{\"mux_routes\":0}", "whole number from 1 to 16");
        refuses(LEAST + ",\"routing\":{\"mux_routes\":17}", "whole number from 1 to 16");
    }

    @Test
    void aMisspeltNameIsWarnedAbout() throws ConfigException {
        Config config = Config.parse("v.json", "{" + LEAST + ",\"routing\":{\"min_hop\":2}}");
        VisorConfig.read(config, () -> KEY, Path.of("/state"));
        assertTrue(
                config.warnings().toString().contains("did you mean \"min_hops\""),
                config.warnings().toString());
    }

    @Test
    void aDiscoveryOverDmsgIsUsedInsteadOfThePlainOne() throws ConfigException {
        String seed = "{\"static\":\"" + PK + "\",\"server\":{\"address\":\"10.0.0.1:8080\"}}";
        String transport = ",\"transport\":{\"discovery\":\"dmsg://" + PK + "\"}";
        VisorConfig config = read("\"dmsg\":{\"discovery\":\"http://d\",\"discovery_dmsg\":\"dmsg://" + PK
                + ":80\",\"servers\":[" + seed + "]}" + transport);
        assertEquals("dmsg://" + PK + ":80", config.discovery().toString());
        assertEquals(KEY.publicKey(), config.servers().getFirst().key());
        assertTrue(config.transportDiscovery().isDmsg());
        refuses("\"dmsg\":{\"discovery_dmsg\":\"dmsg://" + PK + "\"}" + transport, "needs \"servers\"");
        refuses("\"dmsg\":{\"discovery_dmsg\":\"http://d\"}" + transport, "must be a dmsg:// address");
        refuses("\"dmsg\":{\"discovery\":\"dmsg://" + PK + "\"}" + transport, "\"discovery_dmsg\"");
        refuses("\"dmsg\":{\"servers\":[{\"static\":\"" + PK + "\"}]}" + transport, "\"address\" is missing");
    }
}
