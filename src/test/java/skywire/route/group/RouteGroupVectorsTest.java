package skywire.route.group;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static skywire.testkit.Vectors.each;
import static skywire.testkit.Vectors.hex;
import static skywire.testkit.Vectors.text;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.limit.Quota;
import skywire.link.KeyedListener;
import skywire.packet.Packet;
import skywire.packet.Rule;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Platform;
import skywire.route.EdgeRules;
import skywire.route.Forwarder;
import skywire.route.Intake;
import skywire.route.RuleTable;
import skywire.testkit.FixedRandom;
import skywire.testkit.Vectors;
import skywire.testkit.WithRandom;
import skywire.transport.NextHop;

/** Whole recorded sessions, replayed against either end: every packet we send is the recorded one, byte for byte. */
class RouteGroupVectorsTest {
    private static final JsonObject FILE = Vectors.load("routing/route_group_stream.json");

    static Stream<Arguments> sides() {
        return each(FILE, "sessions").stream().flatMap(s -> Stream.of(Arguments.of(s, "A"), Arguments.of(s, "C")));
    }

    /** The relay next to us: takes what we send, and is where packets come from. */
    private record Relay(UUID id, PublicKey remoteKey, LinkedBlockingQueue<byte[]> sent) implements NextHop {
        @Override
        public void write(Packet packet, Deadline deadline) {
            sent.add(packet.encode());
        }

        @Override
        public boolean relay(Packet packet) {
            return sent.add(packet.encode());
        }

        @Override
        public boolean offer(Packet packet) {
            return sent.add(packet.encode());
        }
    }

    private static Deadline soon() {
        return Platform.system().clock().in(Duration.ofSeconds(10));
    }

    @ParameterizedTest
    @MethodSource("sides")
    void playsItsPartOfARecordedSession(JsonObject session, String me) throws Exception {
        boolean dials = me.equals("A");
        JsonObject keys = FILE.getAsJsonObject("keys");
        SecretKey own = SecretKey.parse(text(keys.getAsJsonObject(me), "sk"));
        EdgeRules rules = rules(session.getAsJsonObject("rules").getAsJsonObject(dials ? "init_edge" : "resp_edge"));
        JsonObject ephemeral =
                each(session, "ephemeral_keys_of_route_group_noise").get(dials ? 0 : 1);
        var random = new FixedRandom().then((int) rules.forward().keyRouteId()).then(hex(ephemeral, "sk"));
        if (rules.consume().keyRouteId() != rules.forward().keyRouteId()) {
            random.then((int) rules.consume().keyRouteId());
        }
        var platform = new WithRandom(random);
        PublicKey setup = PublicKey.parse(text(keys.getAsJsonObject("B"), "pk"));
        var relay = new Relay(rules.forward().nextTransport(), setup, new LinkedBlockingQueue<>());
        var table = new RuleTable(platform.clock(), random, own.publicKey());
        var forwarder = new Forwarder(platform.clock(), own.publicKey(), table, id -> Optional.of(relay));
        var intake = new Intake(platform.clock(), table, forwarder);
        try (var groups = new GroupSet(platform, own, table, id -> Optional.of(relay), new Quota(1L << 30));
                KeyedListener listener = groups.listen(3)) {
            table.reserve(setup, 2);
            FutureTask<RouteGroup> set;
            if (dials) {
                set = new FutureTask<>(() -> groups.initiate(setup, rules, soon()));
            } else {
                groups.introduce(setup, rules);
                set = new FutureTask<>(() -> (RouteGroup) listener.accept());
            }
            platform.start("set-up", set);
            replay(session, me, relay, intake, set);
            assertEquals(0, table.size());
            assertTrue(groups.list().isEmpty());
        }
    }

    private static EdgeRules rules(JsonObject edge) throws IOException {
        Rule.Consume consume = (Rule.Consume) Rule.decode(hex(edge, "reverse"));
        return EdgeRules.of(consume.descriptor(), Rule.decode(hex(edge, "forward")), consume);
    }

    private static void replay(JsonObject session, String me, Relay relay, Intake intake, FutureTask<RouteGroup> set)
            throws Exception {
        Deque<byte[]> mine = plaintexts(session, me);
        String closing = "";
        for (JsonObject packet : each(session, "packets")) {
            boolean fromMe = text(packet, "from").equals(me);
            byte[] bytes = hex(packet, fromMe ? "received_by_B" : "forwarded_by_B");
            String type = text(packet, "type");
            if (!fromMe) {
                intake.packet(relay, Packet.decode(bytes));
                continue;
            }
            boolean afterSetUp = bytes.length != 58 && !type.equals("Handshake");
            switch (type) {
                case "DataPacket" -> {
                    if (afterSetUp && !mine.isEmpty()) {
                        set.get(10, TimeUnit.SECONDS).write(mine.remove(), soon());
                    }
                }
                case "Error" -> closing = new String(bytes, 7, bytes.length - 7, "UTF-8");
                case "ClosePacket" -> {
                    if (session.get("closer").getAsString().equals(me)) {
                        readAll(session, me, set);
                        set.get().close(closing);
                        if (!closing.isEmpty()) {
                            assertArrayEquals(recordedError(session), take(relay));
                        }
                    }
                }
                default -> {}
            }
            if (!type.equals("Ping") && !type.equals("Error")) { // our pings are our own; errors go with the close
                assertArrayEquals(bytes, take(relay), type);
            }
        }
        if (!session.get("closer").getAsString().equals(me)) {
            readAll(session, me, set);
        }
        assertTrue(relay.sent().isEmpty());
    }

    private static byte[] take(Relay relay) throws InterruptedException {
        byte[] packet = relay.sent().poll(10, TimeUnit.SECONDS);
        assertNotNull(packet, "nothing was sent");
        // a large write of ours travels in one packet where the recording has one per frame: cut it likewise
        if (packet.length > 4096 + Packet.HEADER) {
            throw new AssertionError("unexpected size " + packet.length);
        }
        return packet;
    }

    private static byte[] recordedError(JsonObject session) {
        return each(session, "packets").stream()
                .filter(p -> text(p, "type").equals("Error"))
                .map(p -> hex(p, "received_by_B"))
                .findFirst()
                .orElseThrow();
    }

    private static Deque<byte[]> plaintexts(JsonObject session, String from) {
        var all = new ArrayDeque<byte[]>();
        for (JsonObject plain : each(session, "app_plaintexts")) {
            if (text(plain, "from").equals(from)) {
                byte[] bytes = hex(plain, "bytes");
                for (int at = 0; at < bytes.length; at += 4070) { // one write per recorded frame
                    all.add(java.util.Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + 4070)));
                }
            }
        }
        return all;
    }

    private static void readAll(JsonObject session, String me, FutureTask<RouteGroup> set) throws Exception {
        RouteGroup group = set.get(10, TimeUnit.SECONDS);
        List<byte[]> expected = new ArrayList<>(plaintexts(session, me.equals("A") ? "C" : "A"));
        for (byte[] plain : expected) {
            byte[] got = new byte[plain.length];
            group.readFully(got, 0, got.length, soon());
            assertEquals(HexFormat.of().formatHex(plain), HexFormat.of().formatHex(got));
        }
        if (!session.get("closer").getAsString().equals(me)) {
            try {
                assertEquals(-1, group.read(new byte[1], 0, 1, soon()));
            } catch (Failure e) {
                assertTrue(e.getMessage().contains("app closed the connection"), e.getMessage());
            }
        }
    }
}
