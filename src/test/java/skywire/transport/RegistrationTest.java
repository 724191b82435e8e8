package skywire.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import skywire.directory.TransportDirectory;
import skywire.entry.SignedTransportEntry;
import skywire.entry.TransportEntry;
import skywire.entry.TransportId;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.limit.Quota;
import skywire.link.KeyedLink;
import skywire.packet.Packet;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.HostPort;
import skywire.sim.SimHost;
import skywire.sim.Simulation;

/** What the transport directory hears of our transports, whatever it answers. */
class RegistrationTest {
    private static SecretKey secret(String seed) {
        return SecretKey.fromSeed(seed.getBytes(StandardCharsets.UTF_8));
    }

    private interface Part {
        void run(Scene scene) throws Exception;
    }

    private static void play(long seed, Part part) {
        Simulation.run(seed, Simulation.Options.DEFAULT.leaving(), sim -> {
            try (var scene = new Scene(sim)) {
                part.run(scene);
            }
        });
    }

    /** Visors with a way of their own to one table of transports, which a test can spoil. */
    private static final class Scene implements AutoCloseable {
        final Simulation sim;
        final Map<UUID, SignedTransportEntry> listed = new LinkedHashMap<>();
        final Map<PublicKey, HostPort> addresses = new LinkedHashMap<>();
        final List<Visor> visors = new ArrayList<>();

        Scene(Simulation sim) {
            this.sim = sim;
        }

        Visor visor(String seed) throws IOException {
            var visor = new Visor(this, seed);
            visors.add(visor);
            return visor;
        }

        boolean lists(Visor a, Visor b) {
            return listed.containsKey(TransportId.of(a.key(), b.key(), StcpCarrier.TYPE));
        }

        @Override
        public void close() {
            visors.forEach(visor -> visor.set.close());
        }
    }

    private static final class Visor implements TransportDirectory, PacketSink {
        final Scene scene;
        final SecretKey secret;
        final TransportSet set;
        Failure registerFails; // null while all is well
        PublicKey unwanted = PublicKey.NULL; // requests with a transport to it are refused
        Failure deleteFails; // null while all is well
        final List<Integer> requests = new ArrayList<>(); // entries in each

        Visor(Scene scene, String seed) throws IOException {
            this.scene = scene;
            this.secret = secret(seed);
            SimHost host = scene.sim.host("10.0.0." + (scene.visors.size() + 1));
            var at = new HostPort(host.address(), 7777);
            scene.addresses.put(secret.publicKey(), at);
            var carrier = StcpCarrier.listen(host, secret, scene.addresses, at);
            scene.addresses.forEach(carrier::know);
            set = new TransportSet(host, secret, this, List.of(carrier), 50, new Quota(1L << 30));
            set.start(this);
        }

        PublicKey key() {
            return secret.publicKey();
        }

        Transport dial(Visor other) throws IOException {
            return set.dial(
                    other.key(),
                    StcpCarrier.TYPE,
                    TransportEntry.USER,
                    scene.sim.clock().in(Duration.ofSeconds(10)));
        }

        @Override
        public void register(List<SignedTransportEntry> entries, Deadline deadline) throws IOException {
            requests.add(entries.size());
            if (registerFails != null) {
                throw registerFails;
            }
            if (entries.stream().anyMatch(e -> e.entry().hasEdge(unwanted))) {
                throw new Failure(Failure.Kind.REFUSED, "answer 400: not signed by both edges");
            }
            entries.forEach(e -> scene.listed.put(e.entry().id(), e));
        }

        @Override
        public void delete(UUID id, Deadline deadline) throws IOException {
            if (deleteFails != null) {
                throw deleteFails;
            }
            scene.listed.remove(id);
        }

        @Override
        public Optional<TransportEntry> byId(UUID id, Deadline deadline) {
            return Optional.empty();
        }

        @Override
        public List<TransportEntry> byEdge(PublicKey edge, Deadline deadline) {
            return List.of();
        }

        @Override
        public List<TransportEntry> all(Deadline deadline) {
            return List.of();
        }

        @Override
        public void packet(NextHop from, Packet packet) {}

        @Override
        public void stalled(NextHop hop) {}

        @Override
        public void ended(NextHop hop, Failure why) {}
    }

    @Test
    void anEntryThatIsRefusedKeepsNoOtherOneOut() {
        play(2, scene -> {
            Visor own = scene.visor("own");
            Visor bad = scene.visor("bad");
            Visor first = scene.visor("first");
            Visor second = scene.visor("second");
            first.dial(own);
            scene.sim.sleep(Duration.ofSeconds(5));
            assertTrue(scene.lists(own, first));
            own.unwanted = bad.key();
            bad.dial(own);
            scene.sim.sleep(Duration.ofSeconds(5));
            second.dial(own);
            first.deleteFails = new Failure(Failure.Kind.REFUSED, "this side does not take it off");
            first.set.remove(first.set.list().getFirst().id());
            scene.sim.sleep(Duration.ofSeconds(10));
            assertTrue(scene.lists(own, second));
            assertFalse(scene.lists(own, first), "it has ended");
            assertFalse(scene.lists(own, bad));

            own.requests.clear();
            scene.sim.sleep(Duration.ofHours(1));
            long alone = own.requests.stream().filter(n -> n == 1).count();
            assertTrue(alone < 70, own.requests.size() + " requests: the bad one is tried less and less often");
            own.unwanted = PublicKey.NULL;
            scene.sim.sleep(Registrar.LONGEST_REFUSAL.plus(Registrar.AGAIN));
            assertTrue(scene.lists(own, bad));
        });
    }

    /** Nobody answers: then there is no use in asking for each one by itself, and nothing is given up. */
    @Test
    void whatADirectoryMissesWhileItIsAwayIsToldLater() {
        play(3, scene -> {
            Visor own = scene.visor("own");
            Visor first = scene.visor("first");
            Visor second = scene.visor("second");
            first.dial(own);
            scene.sim.sleep(Duration.ofSeconds(5));
            var away = new Failure(Failure.Kind.UNREACHABLE, "nobody answers");
            own.registerFails = away;
            own.deleteFails = away;
            first.deleteFails = away;
            first.set.remove(first.set.list().getFirst().id());
            second.dial(own);
            own.requests.clear();
            scene.sim.sleep(Duration.ofMinutes(10));
            assertTrue(own.requests.size() < 40, own.requests.size() + " requests");
            assertTrue(scene.lists(own, first));
            own.registerFails = null;
            own.deleteFails = null;
            scene.sim.sleep(Duration.ofMinutes(1));
            assertFalse(scene.lists(own, first), "it ended long ago");
            assertTrue(scene.lists(own, second));
            assertEquals(1, scene.listed.size());
        });
    }

    /** The dialling side could not have the old transport deleted in time, and there is a new one by now. */
    @Test
    void aTransportMadeAnewIsNotDeletedForTheOldOne() {
        play(4, scene -> {
            Visor own = scene.visor("own");
            Visor other = scene.visor("other");
            Transport old = other.dial(own);
            scene.sim.sleep(Duration.ofSeconds(5));
            other.deleteFails = new Failure(Failure.Kind.UNREACHABLE, "nobody answers");
            old.close();
            scene.sim.sleep(Duration.ofSeconds(2));
            other.dial(own);
            scene.sim.sleep(Duration.ofMillis(500));
            other.deleteFails = null;
            for (int i = 0; i < 120; i++) {
                scene.sim.sleep(Duration.ofSeconds(1));
                assertTrue(scene.lists(own, other), "not listed after " + i + " s");
            }
        });
    }

    /** A peer that settles and goes at once. */
    @Test
    void aTransportThatEndsAtOnceIsNotListedForEver() {
        for (int seed = 1; seed <= 100; seed++) {
            play(seed, scene -> {
                Visor own = scene.visor("own");
                SecretKey key = secret("peer");
                SimHost host = scene.sim.host("10.0.0.9");
                try (var peer = StcpCarrier.dialOnly(host, key, scene.addresses)) {
                    KeyedLink link = peer.dial(own.key(), scene.sim.clock().in(Duration.ofSeconds(10)));
                    var entry = TransportEntry.of(key.publicKey(), own.key(), StcpCarrier.TYPE, TransportEntry.USER);
                    Deadline soon = scene.sim.clock().in(Duration.ofSeconds(10));
                    Lines.write(link, SignedTransportEntry.of(entry).sign(key).json(), soon);
                    link.finishWriting(soon);
                    scene.sim.sleep(Duration.ofMinutes(5));
                }
                assertEquals(List.of(), own.set.list());
                assertTrue(scene.listed.isEmpty());
            });
        }
    }
}
