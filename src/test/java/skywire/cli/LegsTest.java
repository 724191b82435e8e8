package skywire.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import skywire.control.ControlServer;
import skywire.platform.Platform;

/** Legs as a person sees them, and what of them can be asked for. */
class LegsTest {
    private static final String EXIT = "03280000" + "0".repeat(58);

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final AtomicReference<JsonObject> asked = new AtomicReference<>();
    private ControlServer server;

    @BeforeEach
    void start() throws IOException {
        server = ControlServer.start(Platform.system(), folder.resolve("c.sock"));
        String legs = "'leg_count':{'requested':4,'actual':2,'spares':1,'standby':0,"
                + "'reason':'no disjoint path left: all others pass 02ab1234'},'kind':'full','mux_enabled':true,'legs':["
                + leg(0, "7f3a91c0", "02a413fe", "active", "", 21, 300_000, 14_000_000) + ","
                + leg(1, "11d0be77", "023ba792", "standby", "no answer for 3 round trips", 0, 0, 6_000_000) + "]";
        answer("rg.list", """
                {'groups':[{'local_port':49153,'remote_pk':'%s','remote_port':3,'initiator':true,'rtt_ms':31.4,
                'sent_bytes':300000,'recv_bytes':20000000,'age_seconds':11520,%s}]}""".formatted(EXIT, legs));
        answer("proxy.status", """
                {'proxies':[{'name':'skysocks-client','pk':'%s','status':'running','socks':'127.0.0.1:1080','streams':1,
                'sent_bytes':300000,'recv_bytes':20000000,'uptime_seconds':60,'warning':'a warning',%s}]}""".formatted(EXIT, legs));
        server.method("proxy.start", call -> {
            var said = new JsonObject();
            for (String name : List.of("mux", "min_hops", "forward_mux", "reverse_mux", "standby", "hops")) {
                int value = call.integer(name, -1, -1, 1000);
                if (value >= 0) {
                    said.addProperty(name, value);
                }
            }
            asked.set(said);
            return JsonParser.parseString(
                    "{'name':'skysocks-client','pk':'%s','socks':'127.0.0.1:1080',%s}".formatted(EXIT, legs));
        });
    }

    private void answer(String method, String json) {
        server.method(method, call -> JsonParser.parseString(json));
    }

    private static String leg(
            int index, String id, String to, String state, String reason, double rtt, long sent, long received) {
        String relay = to + "0".repeat(58);
        return """
                {'index':%d,'transport_id':'%s-0000-0000-0000-000000000000','tp_type':'stcp','remote_pk':'%s',
                'sent_bytes':%d,'recv_bytes':%d,'primary':%s,'state':'%s'%s%s,'hops':[
                {'tp_id':'x','from':'%s','to':'%s','tp_type':'stcp','latency_ms':0.4},
                {'tp_id':'y','from':'%s','to':'%s','tp_type':'stcp'}]}""".formatted(
                        index,
                        id,
                        relay,
                        sent,
                        received,
                        index == 0,
                        state,
                        reason.isEmpty() ? "" : ",'reason':'" + reason + "'",
                        rtt == 0 ? "" : ",'route_latency_ms':" + rtt,
                        "02120000" + "0".repeat(58),
                        relay,
                        relay,
                        EXIT);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private int run(int width, boolean colours, String... args) {
        out.getBuffer().setLength(0);
        var writer = new PrintWriter(out, true);
        Map<String, String> environment =
                Map.of("SKYWIRE_CONTROL", folder.resolve("c.sock").toString(), colours ? "X" : "NO_COLOR", "1");
        return Main.run(new Console(writer, writer, true, width, environment), args);
    }

    @Test
    void aRouteGroupShowsWhatEachLegCarries() {
        assertEquals(Exit.OK, run(100, false, "rg", "ls"), out::toString);
        assertEquals("""
                 port  with        opened  kind  hops    rtt    sent  received       age
                49153  03280000:3  here    mux      –  31 ms  300 kB     20 MB  3 h 12 m
                       2 of 4 legs, 0 of 1 standby (no disjoint path left: all others pass 02ab1234)
                       leg  first hop                 hops    rtt    sent  received  share  state
                       ★ 1  stcp 7f3a91c0 → 02a413fe     2  21 ms  300 kB     14 MB   70 %  active
                         2  stcp 11d0be77 → 023ba792     2      –     0 B    6.0 MB   30 %  standby
                           no answer for 3 round trips
                """, out.toString());
        assertEquals(Exit.OK, run(120, false, "rg", "ls"), out::toString);
        assertTrue(out.toString().contains("standby: no answer for 3 round trips\n"), out::toString);
    }

    @Test
    void aProxyShowsWhichWayEachLegGoes() {
        assertEquals(Exit.OK, run(80, false, "proxy", "status"), out::toString);
        assertEquals("""
                name             status   streams  rtt    sent  received       up
                skysocks-client  running        1    –  300 kB     20 MB  1 m 0 s
                  SOCKS5 127.0.0.1:1080   exit 03280000
                  2 of 4 legs, 0 of 1 standby (no disjoint path left: all others pass 02ab1234)
                  leg  first hop      way                               rtt  state
                  ★ 1  stcp 7f3a91c0  02120000 → 02a413fe → 03280000  21 ms  active
                    2  stcp 11d0be77  02120000 → 023ba792 → 03280000      –  standby
                      no answer for 3 round trips
                skysocks-client: a warning
                """, out.toString());
    }

    @Test
    void whatDoesNotFitGoesBelow() {
        assertEquals(Exit.OK, run(60, false, "proxy", "status"), out::toString);
        assertTrue(out.toString().contains("""
                  leg  first hop      hops    rtt  state
                  ★ 1  stcp 7f3a91c0     2  21 ms  active
                      02120000 → 02a413fe → 03280000
                    2  stcp 11d0be77     2      –  standby
                """), out::toString);
        out.toString().lines().forEach(line -> assertTrue(line.length() <= 60 || line.contains("skysocks"), line));
    }

    @Test
    void statesHaveColours() {
        assertEquals(Exit.OK, run(120, true, "rg", "ls"));
        assertTrue(out.toString().contains("\u001b[32mactive\u001b[0m"), out::toString);
        assertTrue(out.toString().contains("\u001b[33mstandby\u001b[0m: no answer"), out::toString);
    }

    @Test
    void whatIsAskedForIsPassedOn() {
        assertEquals(Exit.OK, run(100, false, "proxy", "start", EXIT), out::toString);
        assertEquals("{}", asked.get().toString(), "the node decides");
        String all = "--routes 4 --min-hops 2 --forward-mux 1 --reverse-mux 3 --standby 0";
        run(100, false, ("proxy start " + EXIT + " " + all).split(" "));
        assertEquals(
                "{\"mux\":4,\"min_hops\":2,\"forward_mux\":1,\"reverse_mux\":3,\"standby\":0}",
                asked.get().toString());
        assertTrue(out.toString().contains("2 of 4 legs, 0 of 1 standby (no disjoint"), out::toString);
        assertTrue(out.toString().contains("the legs that are missing follow"), out::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--mux", "--routes", "--min-hops", "--forward-mux", "--reverse-mux", "--standby"})
    void whatIsNoNumberIsRefusedHere(String option) {
        assertEquals(Exit.USAGE, run(100, false, "proxy", "start", EXIT, option, "many"));
        assertTrue(out.toString().contains("'many' is not an int"), out::toString);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "4,4,1,1=4 of 4 legs, 1 of 1 standby",
                "4,4,1,2=4 of 4 legs, 2 standby",
                "1,1,0,0=1 of 1 leg",
                "4,4,0,1=4 of 4 legs, 1 standby",
                "4,1,0,0=1 of 4 legs"
            })
    void theCountReadsWell(String line) {
        String[] n = line.split("[,=]", 5);
        String json = "{'leg_count':{'requested':%s,'actual':%s,'spares':%s,'standby':%s}}";
        var route =
                JsonParser.parseString(json.formatted(n[0], n[1], n[2], n[3])).getAsJsonObject();
        assertEquals(n[4], Legs.count(new Fields(route)));
    }

    @Test
    void theTreeHasABranchPerLeg() {
        var writer = new PrintWriter(out, true);
        var legs = JsonParser.parseString("{'legs':[" + leg(0, "7f", "02a413fe", "active", "", 1, 0, 0) + ","
                        + leg(1, "11", "023ba792", "standby", "", 1, 0, 0) + "]}")
                .getAsJsonObject();
        Legs.tree(new Console(writer, writer, false, 80, Map.of()), Fields.list(legs, "legs"), "you ", "  exit");
        assertEquals("""
                  you 02120000
                   ├─ stcp  0.4 ms ─ 02a413fe  ★
                   │   └─ stcp ─ 03280000  exit
                   └─ stcp  0.4 ms ─ 023ba792  standby
                       └─ stcp ─ 03280000  exit
                """.indent(2).lines().map(l -> l.substring(2)).reduce("", (a, b) -> a + b + "\n"), out.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--visors 8 --hops 3 --mux 4|4 legs of 3 hops, which share no visor on the way, need 10 visors, not 8",
                "--mux 17|a route has 1 to 16 legs, not 17",
                "--routes 0|a route has 1 to 16 legs, not 0",
                "--mux x|'x' is not an int"
            })
    void aLocalNetworkThatIsTooSmallIsRefused(String line) {
        String[] parts = line.split("\\|");
        assertEquals(
                Exit.USAGE, run(100, false, ("local --dir " + folder + "/l " + parts[0]).split(" ")), out::toString);
        assertTrue(out.toString().startsWith("error: "), out::toString);
        assertTrue(out.toString().contains(parts[1]), out::toString);
    }
}
