package skywire.route.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.limit.Quota;
import skywire.link.KeyedListener;
import skywire.packet.Data;
import skywire.packet.Handshake;
import skywire.packet.Packet;
import skywire.packet.RouteDescriptor;
import skywire.packet.Rule;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.route.EdgeRules;
import skywire.route.Forwarder;
import skywire.route.Intake;
import skywire.route.RuleTable;
import skywire.sim.Simulation;
import skywire.transport.NextHop;

/** A relay that takes the encryption away, by dropping or rewriting the Handshake, gets nothing to read. */
class GroupEncryptionTest {
    private static final UUID TRANSPORT = new UUID(7, 7);

    private static SecretKey key(String name) {
        return SecretKey.fromSeed(name.getBytes(StandardCharsets.UTF_8));
    }

    /** The relay next to us, which keeps what it gets. */
    private static final class Relay implements NextHop {
        final List<Packet> got = new ArrayList<>();

        @Override
        public UUID id() {
            return TRANSPORT;
        }

        @Override
        public PublicKey remoteKey() {
            return key("relay").publicKey();
        }

        @Override
        public void write(Packet packet, Deadline deadline) {
            got.add(packet);
        }

        @Override
        public boolean relay(Packet packet) {
            return got.add(packet);
        }

        @Override
        public boolean offer(Packet packet) {
            return got.add(packet);
        }

        boolean gotData() {
            return got.stream().anyMatch(Data.class::isInstance);
        }
    }

    /** One end of a route. */
    private static final class End implements AutoCloseable {
        final Relay relay = new Relay();
        final PublicKey setup = key("setup").publicKey();
        final Intake intake;
        final GroupSet groups;
        final RuleTable table;
        final EdgeRules rules;

        End(Simulation sim, boolean dials) throws Failure {
            SecretKey own = key("own");
            table = new RuleTable(sim.clock(), sim.random(), own.publicKey());
            var forwarder = new Forwarder(sim.clock(), own.publicKey(), table, id -> Optional.of(relay));
            intake = new Intake(sim.clock(), table, forwarder);
            groups = new GroupSet(sim, own, table, id -> Optional.of(relay), new Quota(1L << 30));
            List<Long> ids = table.reserve(setup, 2);
            int port = dials ? groups.ports().take() : 3;
            var there = new RouteDescriptor(own.publicKey(), key("peer").publicKey(), port, dials ? 3 : 50_000);
            Duration keepAlive = Duration.ofSeconds(30);
            rules = EdgeRules.of(
                    there.inverted(),
                    new Rule.Forward(keepAlive, ids.get(0), there, 17, TRANSPORT),
                    new Rule.Consume(keepAlive, ids.get(1), there.inverted()));
        }

        long routeId() {
            return rules.consume().keyRouteId();
        }

        @Override
        public void close() {
            groups.close();
        }
    }

    private static Failure dial(Packet... answers) {
        var why = new Failure[1];
        Simulation.run(1, sim -> {
            try (var end = new End(sim, true)) {
                sim.go("relay", () -> {
                    sim.until("a handshake", Duration.ofSeconds(1), () -> !end.relay.got.isEmpty());
                    for (Packet answer : answers) {
                        end.intake.packet(end.relay, Packet.decode(withRoute(answer, end.routeId())));
                    }
                });
                why[0] = assertThrows(
                        Failure.class,
                        () -> end.groups.initiate(
                                end.setup, end.rules, sim.clock().in(Duration.ofSeconds(20))));
                assertFalse(end.relay.gotData(), "data left us: " + end.relay.got);
                assertEquals(0, end.table.size());
                assertEquals(0, end.groups.ports().inUse());
            }
        });
        return why[0];
    }

    private static byte[] withRoute(Packet packet, long id) {
        byte[] frame = packet.encode();
        for (int i = 0; i < 4; i++) {
            frame[1 + i] = (byte) (id >> 24 - 8 * i);
        }
        return frame;
    }

    @Test
    void refusesAPeerThatWantsNoEncryption() {
        assertEquals(Failure.Kind.UNTRUSTED, dial(Handshake.of(0, false)).kind());
        assertEquals(
                Failure.Kind.UNTRUSTED,
                dial(Handshake.of(0, false, 0xffff, new byte[49])).kind());
    }

    @Test
    void refusesDataInsteadOfAHandshake() {
        assertEquals(
                Failure.Kind.UNTRUSTED, dial(new Data(0, new byte[] {1, 2, 3})).kind());
    }

    @Test
    void givesUpWithoutAHandshake() {
        assertEquals(Failure.Kind.TIMEOUT, dial().kind());
    }

    @Test
    void servesNobodyWithoutEncryption() {
        for (Packet opening : List.of(Handshake.of(0, false), new Data(0, new byte[100]))) {
            Simulation.run(2, sim -> {
                try (var end = new End(sim, false);
                        KeyedListener listener = end.groups.listen(3)) {
                    var accepted = new ArrayList<Object>();
                    sim.go("application", () -> {
                        try {
                            accepted.add(listener.accept());
                        } catch (Failure closed) {
                            sim.note("nobody came");
                        }
                    });
                    end.groups.introduce(end.setup, end.rules);
                    end.intake.packet(end.relay, Packet.decode(withRoute(opening, end.routeId())));
                    sim.until("it is given up", Duration.ofSeconds(1), () -> end.groups.settingUp() == 0);
                    assertFalse(end.relay.gotData());
                    assertEquals(List.of(), accepted);
                    assertEquals(0, end.table.size());
                }
            });
        }
    }
}
