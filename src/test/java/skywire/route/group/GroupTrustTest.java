package skywire.route.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import skywire.packet.Close;
import skywire.packet.Data;
import skywire.packet.ErrorText;
import skywire.packet.Handshake;
import skywire.packet.KeepAlive;
import skywire.packet.Packet;
import skywire.packet.Pong;
import skywire.packet.RouteDescriptor;
import skywire.packet.Rule;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.route.EdgeRules;
import skywire.route.RouteEnd;
import skywire.sim.Simulation;
import skywire.testkit.RouteNet;
import skywire.testkit.RouteNet.Node;
import skywire.transport.Transport;

/** One end of a route group against a peer, or a relay in its place, that says what a test wants. */
class GroupTrustTest {
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(30);
    private static final int PORT = 3;

    private interface Part {
        void run(Scene scene) throws Exception;
    }

    private static void play(Part part) {
        Simulation.run(1, sim -> {
            try (var net = new RouteNet(sim)) {
                part.run(new Scene(sim, net));
            }
        });
    }

    /** Two visors: the second one is real, of the first one only the transport and the table. */
    private static final class Scene implements RouteEnd {
        final Simulation sim;
        final Node peer;
        final Node visor;
        final Transport transport;
        final List<Packet> got = new ArrayList<>();
        Function<Packet, List<Packet>> answers = packet -> List.of();

        Scene(Simulation sim, RouteNet net) throws IOException {
            this.sim = sim;
            List<Node> line = net.line(2);
            peer = line.get(0);
            visor = line.get(1);
            transport = peer.transports().list().getFirst();
        }

        Deadline soon() {
            return sim.clock().in(Duration.ofSeconds(20));
        }

        /** The rules of both ends, the visor's first; the peer's are installed. */
        List<EdgeRules> route(int visorPort, int peerPort) throws IOException {
            List<Long> here = visor.router().installer().reserve(RouteNet.SETUP, 2);
            List<Long> there = peer.router().installer().reserve(RouteNet.SETUP, 2);
            var toVisor = new RouteDescriptor(peer.key(), visor.key(), peerPort, visorPort);
            EdgeRules visors = rules(toVisor, here, there);
            EdgeRules peers = rules(toVisor.inverted(), there, here);
            peer.router().table().installEdge(RouteNet.SETUP, peers, this);
            return List.of(visors, peers);
        }

        /** Of the end that is the descriptor's destination; the first id is for what it sends. */
        private EdgeRules rules(RouteDescriptor descriptor, List<Long> own, List<Long> other) throws Failure {
            return EdgeRules.of(
                    descriptor,
                    new Rule.Forward(KEEP_ALIVE, own.get(0), descriptor.inverted(), other.get(1), transport.id()),
                    new Rule.Consume(KEEP_ALIVE, own.get(1), descriptor));
        }

        @Override
        public void packet(Packet packet) {
            got.add(packet);
            try {
                for (Packet answer : answers.apply(packet)) {
                    transport.write(answer, soon());
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void gone(Failure why) {
            sim.note("gone: " + why.getMessage());
        }

        long count(Class<? extends Packet> kind) {
            return got.stream().filter(kind::isInstance).count();
        }
    }

    @Test
    void aRepeatedHandshakeIsAnsweredAgainAFewTimes() {
        play(scene -> {
            EdgeRules rules = scene.route(PORT, 50_000).getFirst();
            scene.visor.router().installer().addEdge(RouteNet.SETUP, rules);
            long to = rules.consume().keyRouteId();
            for (int n = 1; n <= 3; n++) {
                scene.transport.write(Handshake.of(to, true), scene.soon());
                scene.sim.sleep(Duration.ofMillis(100));
                assertEquals(n, scene.count(Handshake.class));
            }
            for (int n = 0; n < 20; n++) {
                scene.transport.write(Handshake.of(to, true), scene.soon());
            }
            scene.sim.sleep(Duration.ofMillis(100));
            assertEquals(6, scene.count(Handshake.class));
        });
    }

    @Test
    void aPeerThatWantsNoEncryptionIsNotServed() {
        play(scene -> {
            EdgeRules rules = scene.route(PORT, 50_000).getFirst();
            var listener = scene.visor.router().groups().listen(PORT);
            scene.visor.router().installer().addEdge(RouteNet.SETUP, rules);
            scene.transport.write(Handshake.of(rules.consume().keyRouteId(), false), scene.soon());
            scene.transport.write(new Data(rules.consume().keyRouteId(), new byte[10]), scene.soon());
            scene.sim.sleep(Duration.ofSeconds(1));
            assertEquals(0, scene.visor.router().table().size());
            assertEquals(1, scene.count(Close.class));
            assertEquals(0, scene.count(Data.class) + scene.count(Handshake.class));
            listener.close();
        });
    }

    private static Failure dial(Scene scene, Function<Packet, List<Packet>> answers) throws IOException {
        scene.answers = answers;
        int local = scene.visor.router().groups().ports().take();
        EdgeRules rules = scene.route(local, PORT).getFirst();
        Failure failure = assertThrows(
                Failure.class, () -> scene.visor.router().groups().initiate(RouteNet.SETUP, rules, scene.soon()));
        assertEquals(0, scene.visor.router().table().size());
        assertEquals(0, scene.visor.router().groups().ports().inUse());
        return failure;
    }

    private static long next(Packet packet, Scene scene) {
        return scene.visor.router().table().list().stream()
                .filter(entry -> entry.rule() instanceof Rule.Consume)
                .findFirst()
                .orElseThrow()
                .id();
    }

    @Test
    void noByteLeavesWhenARelayStripsTheEncryption() {
        play(scene -> {
            Failure failure = dial(
                    scene,
                    packet -> packet instanceof Handshake
                            ? List.of(Handshake.of(next(packet, scene), false))
                            : List.of());
            assertEquals(Failure.Kind.UNTRUSTED, failure.kind());
            scene.sim.sleep(Duration.ofSeconds(1));
            assertEquals(0, scene.count(Data.class));
        });
    }

    @Test
    void noByteLeavesWhenARelayDropsTheHandshake() {
        play(scene -> {
            Duration before = scene.sim.elapsed();
            Failure failure = dial(scene, packet -> List.of());
            assertEquals(Failure.Kind.TIMEOUT, failure.kind());
            assertEquals(
                    GroupHandshake.INITIATOR_LIMIT.toMillis(),
                    scene.sim.elapsed().minus(before).toMillis(),
                    100);
            scene.sim.sleep(Duration.ofSeconds(1));
            assertEquals(0, scene.count(Data.class));
            assertEquals(3, scene.count(Handshake.class), "repeated every 2 s");
        });
    }

    /** It speaks first, in clear: a very old peer, or a relay that would like us to be one. */
    @Test
    void aPeerThatJustTalksIsNotHeard() {
        play(scene -> {
            Failure failure = dial(
                    scene,
                    packet -> packet instanceof Handshake
                            ? List.of(new Data(next(packet, scene), new byte[49]))
                            : List.of());
            assertEquals(Failure.Kind.UNTRUSTED, failure.kind());
            scene.sim.sleep(Duration.ofSeconds(1));
            assertEquals(0, scene.count(Data.class));
        });
    }

    /** It cannot hold the key of the visor that was dialled. */
    @Test
    void somebodyElseAtTheOtherEndIsFoundOut() {
        play(scene -> {
            Failure failure = dial(scene, packet -> switch (packet) {
                case Handshake _ -> List.of(Handshake.of(next(packet, scene), true));
                case Data data -> List.of(new Data(next(packet, scene), data.payload())); // a mirror
                default -> List.of();
            });
            assertTrue(
                    failure.kind() == Failure.Kind.UNTRUSTED || failure.kind() == Failure.Kind.MALFORMED,
                    failure.toString());
        });
    }

    @Test
    void anErrorTextIsCutAndCleanedAndAloneEndsNothing() {
        play(scene -> {
            EdgeRules rules = scene.route(PORT, 50_000).getFirst();
            scene.visor.router().installer().addEdge(RouteNet.SETUP, rules);
            long to = rules.consume().keyRouteId();
            scene.transport.write(ErrorText.of(to, "\u001b[31mred\u202e" + "x".repeat(5_000)), scene.soon());
            scene.sim.sleep(Duration.ofMillis(100));
            assertEquals(2, scene.visor.router().table().size(), "it is a hint, the Close is what counts");
            scene.transport.write(KeepAlive.of(to), scene.soon());
            scene.transport.write(Close.of(to, Close.REQUESTED), scene.soon());
            scene.sim.sleep(Duration.ofMillis(100));
            assertEquals(0, scene.visor.router().table().size());
            assertEquals(0, scene.count(Pong.class));
        });
    }
}
