package skywire.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import skywire.dmsg.server.MeshConfig;
import skywire.dmsg.server.MeshConfig.Accept;
import skywire.dmsg.server.PeerState;
import skywire.dmsg.server.PeerView;
import skywire.entry.DmsgEntry;
import skywire.platform.Failure;

/** dmsg servers on their own network: registration, mesh, announcements (dmsg §7, §8, §10). */
class MeshScenariosTest {
    private static final int SERVERS = 8;

    private interface Scene {
        void play(MeshNet net) throws Exception;
    }

    private static Simulation.Report play(long seed, Scene scene) {
        return Simulation.run(seed, sim -> {
            var net = new MeshNet(sim);
            try {
                scene.play(net);
            } finally {
                net.close();
            }
        });
    }

    /** A whole fleet and its discovery are switched on, nobody first: everybody is registered soon. */
    static Simulation.Report coldStart(long seed) {
        return play(seed, net -> {
            for (int i = 0; i < SERVERS; i++) {
                net.server();
            }
            List<DmsgEntry> seeds = net.seeds();
            List<Simulation.Joinable> starts = new ArrayList<>();
            for (MeshNet.Server server : net.servers) {
                starts.add(net.sim.go("start", () -> {
                    net.sim.sleep(offset(net));
                    server.start(seeds);
                }));
            }
            net.sim.sleep(offset(net));
            net.startDiscovery(seeds);
            for (Simulation.Joinable start : starts) {
                start.join();
            }
            net.sim.until(
                    "all are registered",
                    Duration.ofSeconds(60),
                    () -> net.servers.stream().allMatch(MeshNet.Server::isRegistered));
            net.sim.note("registered after " + net.sim.elapsed());
        });
    }

    private static Duration offset(MeshNet net) {
        return Duration.ofMillis(net.sim.dice().nextInt(20_000));
    }

    @Test
    void aColdFleetRegisters() {
        Scenarios.playSeeds("mesh-cold-start", 100);
    }

    @Test
    void aServerWithAFreshKeyIsRegisteredWithinASecond() {
        play(1, net -> {
            MeshNet.Server relay = net.server();
            net.startDiscovery(net.seeds());
            relay.start(net.seeds());
            net.sim.until("the relay is registered", Duration.ofSeconds(30), relay::isRegistered);
            MeshNet.Server fresh = net.server();
            fresh.start(List.of(relay.seed()));
            net.sim.until("it is registered", Duration.ofSeconds(1), fresh::isRegistered);
            assertTrue(net.http(net.discoveryHost)
                    .entry(fresh.publicKey(), net.in(5))
                    .isPresent());
        });
    }

    /** What a packet capture of a server's whole life would show: dmsg servers, itself among them, and nobody else. */
    @Test
    void aServerConnectsToDmsgServersOnly() {
        play(2, net -> {
            for (int i = 0; i < 3; i++) {
                net.server();
            }
            net.startDiscovery(net.seeds());
            for (MeshNet.Server server : net.servers) {
                server.start(net.seeds());
            }
            net.sim.until(
                    "all are registered",
                    Duration.ofSeconds(60),
                    () -> net.servers.stream().allMatch(MeshNet.Server::isRegistered));
            net.sim.sleep(Duration.ofMinutes(3));
            for (MeshNet.Server server : net.servers) {
                assertTrue(server.isRegistered());
                server.server.close();
                net.sim.until(
                        "its entry is gone",
                        Duration.ofSeconds(3),
                        () -> net.discovery.size() == net.servers.size() - 1 || net.discovery.size() == 0);
                break;
            }
            Set<String> allowed = new LinkedHashSet<>();
            net.servers.forEach(server -> allowed.add(server.at.toString()));
            Set<String> hosts = new LinkedHashSet<>();
            net.servers.forEach(server -> hosts.add(server.host.address()));
            int dials = 0;
            for (SimNetwork.Dial dial : net.sim.faults().dials()) {
                if (hosts.contains(dial.from())) {
                    dials++;
                    assertTrue(allowed.contains(dial.to()), () -> "a server dialled " + dial.to());
                }
            }
            assertTrue(dials >= 6, "nobody dialled anybody");
        });
    }

    /** A client of one server reaches a client of another that neither has a session with. */
    @Test
    void clientsOfListedServersReachEachOther() {
        for (long seed = 0; seed < 5; seed++) {
            play(seed, net -> {
                net.server();
                net.server();
                net.startDiscovery(net.seeds());
                for (MeshNet.Server server : net.servers) {
                    server.start(net.seeds());
                }
                net.sim.until(
                        "they are linked",
                        Duration.ofSeconds(60),
                        () -> net.servers.stream().allMatch(server -> linked(server) == 1));
                MeshNet.Client a = net.new Client(1).start(net.servers.get(0));
                MeshNet.Client b = net.new Client(2).start(net.servers.get(1));
                a.dmsg.awaitReady(net.in(30));
                b.dmsg.awaitReady(net.in(30));
                a.reach(b);
                b.reach(a);
                long forwarded = net.servers.stream()
                        .flatMap(server -> server.server.peers().stream())
                        .mapToLong(PeerView::forwarded)
                        .sum();
                assertEquals(0, forwarded, "named servers are connected to directly");
                a.scope.close();
                b.scope.close();
            });
        }
    }

    private static long linked(MeshNet.Server server) {
        return server.server.peers().stream()
                .filter(peer -> peer.state() == PeerState.CAPABLE)
                .count();
    }

    private static MeshConfig accepting(Accept whom, MeshNet.Server... listed) {
        Set<skywire.key.PublicKey> keys = new LinkedHashSet<>();
        for (MeshNet.Server server : listed) {
            keys.add(server.publicKey());
        }
        return new MeshConfig(Map.of(), false, whom, keys);
    }

    /** A public server, and a private one: in no discovery, dialled by nobody, with a client. */
    private static final class PrivateScene {
        final MeshNet net;
        final MeshNet.Server open;
        final MeshNet.Server hidden;
        MeshNet.Client outside;
        MeshNet.Client inside;

        PrivateScene(MeshNet net) {
            this.net = net;
            this.open = net.server();
            this.hidden = net.server();
        }

        void start(Accept whom, boolean announce) throws Exception {
            open.mesh = accepting(whom, hidden);
            hidden.mesh = new MeshConfig(Map.of(open.publicKey(), open.at), announce, Accept.NOBODY, Set.of());
            net.startDiscovery(List.of(open.seed()));
            open.start(List.of(open.seed()));
            hidden.startAlone();
            net.sim.until("the public one is registered", Duration.ofSeconds(30), open::isRegistered);
            outside = net.new Client(1).start(open);
            inside = net.new Client(2).start(hidden);
            outside.dmsg.awaitReady(net.in(30));
            inside.dmsg.awaitReady(net.in(30));
        }

        boolean accepted() {
            return open.server.peers().stream()
                    .anyMatch(peer -> peer.inbound() && peer.key().equals(hidden.publicKey()));
        }

        void close() {
            outside.scope.close();
            inside.scope.close();
        }
    }

    @Test
    void aClientOfAPrivateServerIsError202WithoutAnAnnouncement() {
        play(3, net -> {
            var scene = new PrivateScene(net);
            scene.start(Accept.LISTED, false);
            Failure e = assertThrows(Failure.class, () -> scene.outside.reach(scene.inside));
            assertTrue(e.getMessage().contains("202"), e::getMessage);
            scene.close();
        });
    }

    @Test
    void anAnnouncementNobodyAskedForChangesNothing() {
        play(4, net -> {
            var scene = new PrivateScene(net);
            scene.start(Accept.NOBODY, true);
            net.sim.sleep(Duration.ofSeconds(30));
            assertEquals(
                    List.of(PeerState.REFUSED),
                    scene.hidden.server.peers().stream().map(PeerView::state).toList());
            assertThrows(Failure.class, () -> scene.outside.reach(scene.inside));
            scene.close();
        });
    }

    @Test
    void anAnnouncementMakesClientsOfAPrivateServerReachable() {
        for (long seed = 0; seed < 10; seed++) {
            play(seed, net -> {
                var scene = new PrivateScene(net);
                scene.start(Accept.LISTED, true);
                net.sim.until("it is accepted", Duration.ofSeconds(30), scene::accepted);
                scene.outside.reach(scene.inside);
                scene.inside.reach(scene.outside);
                assertEquals(1, scene.open.server.health().streamsOpened() > 0 ? 1 : 0);
                scene.close();
            });
        }
    }

    /** The link breaks and comes again, also at the moment its old session is being removed. */
    @Test
    void aReconnectDuringRemovalSurvives() {
        for (long seed = 0; seed < 20; seed++) {
            play(seed, net -> {
                var scene = new PrivateScene(net);
                scene.start(Accept.LISTED, true);
                net.sim.until("it is accepted", Duration.ofSeconds(30), scene::accepted);
                for (int i = 0; i < 3; i++) {
                    for (Wire wire : net.sim.faults().wiresTo(scene.open.at.port())) {
                        if (net.sim.dice().nextBoolean()) {
                            wire.reset();
                        } else {
                            wire.halfOpen();
                        }
                    }
                    net.sim.sleep(Duration.ofMillis(net.sim.dice().nextInt(60_000)));
                }
                net.sim.sleep(Duration.ofSeconds(90));
                assertTrue(scene.accepted(), "the link is not back");
                reachSoon(scene);
                scene.close();
            });
        }
    }

    private static void reachSoon(PrivateScene scene) throws Exception {
        for (int tries = 1; ; tries++) {
            try {
                scene.outside.reach(scene.inside);
                return;
            } catch (IOException e) {
                if (tries == 5) {
                    throw e;
                }
                scene.net.sim.sleep(Duration.ofSeconds(5));
            }
        }
    }
}
