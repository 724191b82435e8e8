package skywire.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import skywire.entry.TransportEntry;
import skywire.key.SecretKey;
import skywire.limit.Quota;
import skywire.link.KeyedLink;
import skywire.packet.Data;
import skywire.packet.Packet;
import skywire.packet.TransportPing;
import skywire.packet.TransportPong;
import skywire.packet.Unknown;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.HostPort;
import skywire.sim.SimHost;
import skywire.sim.Simulation;
import skywire.testkit.RouteNet;

/** One visor's transports, and a peer that does what a test says. */
class TransportTest {
    private static SecretKey secret(String seed) {
        return SecretKey.fromSeed(seed.getBytes(StandardCharsets.UTF_8));
    }

    private interface Part {
        void run(Scene scene) throws Exception;
    }

    private static void play(Part part) {
        Simulation.run(1, Simulation.Options.DEFAULT.leaving(), sim -> {
            try (var scene = new Scene(sim)) {
                part.run(scene);
            }
        });
    }

    private static final class Scene implements PacketSink, AutoCloseable {
        final Simulation sim;
        final SimHost host;
        final TransportSet set;
        final StcpCarrier peer;
        final SecretKey peerKey = secret("peer");
        final List<Packet> got = new ArrayList<>();
        final List<Failure> ended = new ArrayList<>();
        final RouteNet.Table directory = new RouteNet.Table();

        Scene(Simulation sim) throws IOException {
            this.sim = sim;
            host = sim.host("10.0.0.1");
            SimHost other = sim.host("10.0.0.2");
            var at = new HostPort(other.address(), 7777);
            SecretKey own = secret("own");
            peer = StcpCarrier.listen(other, peerKey, Map.of(), at);
            var mine =
                    StcpCarrier.listen(host, own, Map.of(peerKey.publicKey(), at), new HostPort(host.address(), 7777));
            set = new TransportSet(host, own, directory, List.of(mine), 10, new Quota(1L << 30));
        }

        /** What the peer sees of a transport. */
        KeyedLink dial() throws Exception {
            var links = new ArrayList<KeyedLink>();
            var accepting = sim.go("peer", () -> {
                KeyedLink link = peer.accept();
                Settlement.respond(link, peerKey, StcpCarrier.TYPE, id -> true, sim.clock(), soon());
                links.add(link);
            });
            set.dial(peerKey.publicKey(), StcpCarrier.TYPE, TransportEntry.USER, soon());
            accepting.join();
            return links.getFirst();
        }

        Transport transport() {
            return set.list().getFirst();
        }

        Deadline soon() {
            return sim.clock().in(Duration.ofSeconds(20));
        }

        void send(KeyedLink link, Packet packet) throws IOException {
            byte[] bytes = new byte[packet.size()];
            packet.encode(bytes, 0);
            link.write(bytes, soon());
        }

        @Override
        public void packet(NextHop from, Packet packet) {
            got.add(packet);
        }

        @Override
        public void stalled(NextHop hop) {}

        @Override
        public void ended(NextHop hop, Failure why) {
            ended.add(why);
        }

        @Override
        public void close() {
            set.close();
            peer.close();
        }
    }

    @Test
    void answersPingsWithTheirTimestamp() {
        play(scene -> {
            scene.set.start(scene);
            KeyedLink link = scene.dial();
            scene.send(link, TransportPing.of(1_234_567_890_123L));
            var reader = new PacketReader(link);
            Packet answer = reader.next();
            while (answer instanceof TransportPing) {
                answer = reader.next(); // its own
            }
            assertEquals(TransportPing.of(1_234_567_890_123L).answer(), answer);
        });
    }

    /** Answers so many pings. */
    private static void answer(Scene scene, KeyedLink link, int pings) {
        scene.sim.go("answers", () -> {
            var reader = new PacketReader(link);
            int answered = 0;
            while (true) {
                Packet packet;
                try {
                    packet = reader.next();
                } catch (IOException e) {
                    return;
                }
                if (packet instanceof TransportPing ping && answered++ < pings) {
                    scene.send(link, ping.answer());
                }
            }
        });
    }

    @Test
    void measuresTheRoundTripAndGivesUpAPeerThatStopsAnswering() {
        play(scene -> {
            scene.set.start(scene);
            KeyedLink link = scene.dial();
            answer(scene, link, 4);
            Transport transport = scene.transport();
            scene.sim.sleep(Transport.PING_EVERY.multipliedBy(3));
            assertTrue(transport.roundTrip().toMillis() >= 10, "5 ms each way");
            assertFalse(transport.isClosed());
            scene.sim.sleep(Transport.PING_EVERY.multipliedBy(Transport.MOST_MISSED + 2));
            assertTrue(transport.isClosed());
            assertEquals(Failure.Kind.TIMEOUT, scene.ended.getFirst().kind());
        });
    }

    /** Its answers wait behind other packets, four pings long. */
    @Test
    void aPeerThatIsSlowButSendsIsNotGivenUp() {
        play(scene -> {
            scene.set.start(scene);
            KeyedLink link = scene.dial();
            Transport transport = scene.transport();
            var asked = new ArrayList<TransportPing>();
            scene.sim.go("peer reads", () -> {
                var reader = new PacketReader(link);
                while (true) {
                    Packet packet;
                    try {
                        packet = reader.next();
                    } catch (IOException e) {
                        return;
                    }
                    if (packet instanceof TransportPing ping) {
                        asked.add(ping);
                        if (asked.size() == 1) {
                            scene.send(link, ping.answer());
                        }
                    }
                }
            });
            for (int i = 0; i < 60; i++) {
                scene.sim.sleep(Duration.ofSeconds(10));
                scene.send(link, new Data(7, new byte[100]));
            }
            assertFalse(transport.isClosed());
            assertTrue(transport.roundTrip().toMillis() < 1000);
            long before = scene.sim.elapsed().toSeconds();
            TransportPing late = asked.get(asked.size() - 4);
            scene.send(link, late.answer());
            scene.sim.sleep(Duration.ofSeconds(1));
            assertTrue(transport.roundTrip().toSeconds() >= 90, "it took " + transport.roundTrip());
            scene.sim.sleep(Transport.PING_EVERY.multipliedBy(Transport.MOST_MISSED + 2));
            assertTrue(transport.isClosed(), "silent since " + before + " s");
        });
    }

    /** Newer peers send kinds that we do not know, such as trains of probes for bandwidth. */
    @Test
    void packetsOfUnknownKindsAreDroppedAndCostNothing() {
        play(scene -> {
            scene.set.start(scene);
            KeyedLink link = scene.dial();
            for (int i = 0; i < 1_000; i++) {
                scene.send(link, new Unknown(10 + i % 200, 0, new byte[1393]));
            }
            scene.send(link, new Data(7, new byte[] {1}));
            scene.sim.until("the packet behind them", Duration.ofSeconds(20), () -> !scene.got.isEmpty());
            assertFalse(scene.transport().isClosed());
        });
    }

    /** Kinds that we do know have no business under route id 0. */
    @Test
    void packetsOfRoutesWithoutARouteIdAreBadOnes() {
        play(scene -> {
            scene.set.start(scene);
            KeyedLink link = scene.dial();
            scene.sim.go("peer", () -> {
                while (scene.ended.isEmpty()) {
                    scene.send(link, new Data(0, new byte[] {1}));
                }
            });
            scene.sim.until("the end", Duration.ofSeconds(20), () -> !scene.ended.isEmpty());
            assertEquals(Failure.Kind.MALFORMED, scene.ended.getFirst().kind());
        });
    }

    @Test
    void leavesAPeerAloneThatHasNeverAnswered() {
        play(scene -> {
            scene.set.start(scene);
            KeyedLink link = scene.dial();
            answer(scene, link, 0);
            scene.sim.sleep(Duration.ofMinutes(30));
            assertFalse(scene.transport().isClosed());
        });
    }

    /** Somebody else's answer, or one made up, is no sign of life. */
    @Test
    void anAnswerToNoQuestionCountsForNothing() {
        play(scene -> {
            scene.set.start(scene);
            KeyedLink link = scene.dial();
            answer(scene, link, 0);
            scene.send(link, new TransportPong(0, TransportPing.of(99).payload()));
            scene.sim.sleep(Duration.ofMinutes(30));
            assertFalse(scene.transport().isClosed(), "it has never answered, so silence means nothing");
            assertEquals(Duration.ZERO, scene.transport().roundTrip());
        });
    }

    @Test
    void badPacketsAreCountedAndTooManyEndTheTransport() {
        play(scene -> {
            scene.set.start(scene);
            KeyedLink link = scene.dial();
            byte[] emptyClose = {1, 0, 0, 0, 9, 0, 0};
            for (int i = 0; i < 100; i++) {
                link.write(emptyClose, scene.soon());
            }
            scene.send(link, new Data(7, new byte[] {1}));
            scene.sim.until("the packet behind them", Duration.ofSeconds(5), () -> !scene.got.isEmpty());
            for (int i = 0; i < 10 && scene.ended.isEmpty(); i++) {
                link.write(emptyClose, scene.soon());
            }
            scene.sim.until("the end", Duration.ofSeconds(5), () -> !scene.ended.isEmpty());
            assertEquals(Failure.Kind.MALFORMED, scene.ended.getFirst().kind());
        });
    }

    @Test
    void aWriteThatTakesAMinuteEndsTheTransport() {
        play(scene -> {
            scene.set.start(scene);
            scene.dial(); // it reads nothing
            Transport transport = scene.transport();
            scene.sim.go("sender", () -> {
                try {
                    while (true) {
                        transport.write(new Data(7, new byte[8192]), Deadline.NEVER);
                    }
                } catch (IOException e) {
                    scene.sim.note("sender: " + e.getMessage());
                }
            });
            scene.sim.sleep(Transport.WRITE_LIMIT.minusSeconds(1));
            assertFalse(transport.isClosed());
            scene.sim.sleep(Duration.ofSeconds(2));
            assertTrue(transport.isClosed());
            assertEquals(Failure.Kind.TIMEOUT, transport.ended().kind());
            assertTrue(scene.set.list().isEmpty());
        });
    }

    /** Both dial; one link stays, and both dials give it. */
    @Test
    void whoDialsAtTheSameTimeAsTheOtherGetsTheLinkThatStays() {
        for (int seed = 1; seed <= 40; seed++) {
            Simulation.run(seed, Simulation.Options.DEFAULT.leaving(), sim -> {
                sim.faults().between(Duration.ofMillis(5), Duration.ofMillis(1), 20_000_000);
                try (var net = new RouteNet(sim)) {
                    SimHost one = sim.host("10.0.0.1");
                    SimHost two = sim.host("10.0.0.2");
                    RouteNet.Node a = net.add(one, one.address(), "a");
                    RouteNet.Node b = net.add(two, two.address(), "b");
                    a.carrier().know(b.key(), HostPort.parse(b.carrier().listening()));
                    b.carrier().know(a.key(), HostPort.parse(a.carrier().listening()));
                    var dials = List.of(dial(sim, a, b), dial(sim, b, a));
                    for (Simulation.Joinable dial : dials) {
                        dial.join();
                    }
                    sim.sleep(Duration.ofSeconds(5));
                    assertEquals(1, a.transports().list().size());
                    assertEquals(1, b.transports().list().size());
                }
            });
        }
    }

    private static Simulation.Joinable dial(Simulation sim, RouteNet.Node from, RouteNet.Node to) {
        return sim.go("dial", () -> {
            sim.sleep(Duration.ofMillis(sim.dice().nextInt(40)));
            Deadline limit = sim.clock().in(Duration.ofSeconds(20));
            from.transports().dial(to.key(), StcpCarrier.TYPE, TransportEntry.USER, limit);
        });
    }

    /** So many settle at the same time that more than the limit would be through. */
    @Test
    void noMoreTransportsThanTheLimitHoweverManySettleAtOnce() {
        play(scene -> {
            scene.set.start(scene);
            var own = new HostPort(scene.host.address(), 7777);
            SimHost crowd = scene.sim.host("10.0.0.3");
            var links = new ArrayList<KeyedLink>();
            var dials = new ArrayList<Simulation.Joinable>();
            for (int i = 0; i < 30; i++) {
                SecretKey key = secret("peer " + i);
                var carrier =
                        StcpCarrier.dialOnly(crowd, key, Map.of(secret("own").publicKey(), own));
                dials.add(scene.sim.go("peer " + i, () -> {
                    KeyedLink link = carrier.dial(secret("own").publicKey(), scene.soon());
                    links.add(link);
                    try {
                        Settlement.initiate(link, key, StcpCarrier.TYPE, scene.sim.clock(), scene.soon());
                    } catch (IOException e) {
                        scene.sim.note("peer: " + e.getMessage());
                    }
                }));
            }
            for (Simulation.Joinable dial : dials) {
                dial.join();
            }
            scene.sim.sleep(Duration.ofSeconds(1));
            assertEquals(10, scene.set.list().size());
            links.forEach(KeyedLink::close);
        });
    }
}
