package skywire.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skywire.control.ControlServer;
import skywire.platform.Platform;
import skywire.testkit.FixedTime;

/** What fits into a terminal, and what is not cut although it does not. */
class WidthTest {
    private static final List<String> VISORS = List.of("02a1", "03b2", "02c3", "03d4", "02e5", "03f6", "0217", "0328");

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private ControlServer server;

    @BeforeEach
    void start() throws IOException {
        server = ControlServer.start(Platform.system(), folder.resolve("c.sock"));
        server.method("rg.list", call -> JsonParser.parseString("""
                {"groups":[{"local_port":49153,"remote_pk":"%s","remote_port":3,"initiator":true,"rtt_ms":31.4,
                "sent_bytes":123456,"recv_bytes":123456789,"age_seconds":11520,"hops":%s}]}
                """.formatted(key("0328"), hops())));
        server.method("proxy.status", call -> JsonParser.parseString("""
                {"proxies":[{"name":"skysocks-client","pk":"%s","status":"reconnecting","socks":"127.0.0.1:1080",
                "http":"127.0.0.1:8118","streams":12,"rtt_ms":31.4,"sent_bytes":123456,"recv_bytes":123456789,
                "uptime_seconds":11520,"hops":%s}]}
                """.formatted(key("0328"), hops())));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static String key(String begin) {
        return begin + "0".repeat(62);
    }

    private static String hops() {
        var hops = new StringBuilder();
        for (int i = 1; i < VISORS.size(); i++) {
            hops.append(i == 1 ? "" : ",")
                    .append("{\"from\":\"" + key(VISORS.get(i - 1)) + "\",\"to\":\"" + key(VISORS.get(i)) + "\"}");
        }
        return "[" + hops + "]";
    }

    private List<String> run(int width, String... args) {
        out.getBuffer().setLength(0);
        var writer = new PrintWriter(out, true);
        var environment = Map.of("SKYWIRE_CONTROL", folder.resolve("c.sock").toString());
        assertEquals(Exit.OK, Main.run(new Console(writer, writer, true, width, environment), args), out::toString);
        return out.toString().replaceAll("\\u001b\\[[0-9;]*m", "").lines().toList();
    }

    @Test
    void aProxyFitsInto80ColumnsWithAddressesAndPathWhole() {
        List<String> lines = run(80, "proxy", "status");
        assertEquals("""
                name             status        streams    rtt    sent  received        up
                skysocks-client  reconnecting       12  31 ms  123 kB    123 MB  3 h 12 m
                  SOCKS5 127.0.0.1:1080   HTTP 127.0.0.1:8118   exit 03280000
                  02a10000 → 03b20000 → 02c30000 → 03d40000 → 02e50000 → 03f60000 → 02170000
                    → 03280000
                """, String.join("\n", lines) + "\n");
    }

    @Test
    void aRouteGroupFitsInto80Columns() {
        List<String> lines = run(80, "rg", "ls");
        assertEquals("""
                 port  with        opened  kind   hops    rtt    sent  received       age
                49153  03280000:3  here    plain     7  31 ms  123 kB    123 MB  3 h 12 m
                       02a10000 → 03b20000 → 02c30000 → 03d40000 → 02e50000 → 03f60000
                         → 02170000 → 03280000
                """, String.join("\n", lines) + "\n");
        assertTrue(run(80, "rg", "ls", "--full").toString().contains(key("0328") + ":3"));
    }

    @Test
    void theStartOfALocalNetworkFits() {
        var writer = new PrintWriter(out, true);
        var console = new Console(writer, writer, true, 60, Map.of());
        LocalStages.title(console, "/home/somebody/.local/state/skywire-local");
        var stages = new LocalStages(console, new FixedTime(Instant.EPOCH));
        stages.stage("setup node", "03aa17c2");
        stages.stage("dmsg servers", "127.0.0.1:10090, 127.0.0.1:41237 (10091 is taken)");
        assertEquals("""
                skywire local · a private network on this machine · state
                /home/somebody/.local/state/skywire-local
                  ✓ setup node      03aa17c2                           0.0 s
                  ✓ dmsg servers    127.0.0.1:10090, 127.0.0.1:41237   0.0 s
                                    (10091 is taken)
                """, out.toString());
    }

    @Test
    void withoutATerminalNothingIsCutUnlessAWidthIsAskedFor() {
        assertEquals(Console.UNLIMITED, Console.columns(Map.of(), false));
        assertEquals(80, Console.columns(Map.of("COLUMNS", "80"), false));
        assertEquals(100, Console.columns(Map.of(), true));
        assertEquals(5, run(Console.UNLIMITED, "proxy", "status").size() + 1);
        assertTrue(run(Console.UNLIMITED, "proxy", "status", "--help").stream().allMatch(line -> line.length() <= 100));
    }
}
