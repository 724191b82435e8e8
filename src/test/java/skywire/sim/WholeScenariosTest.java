package skywire.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import skywire.app.socks.SocksClient;
import skywire.directory.Path;
import skywire.platform.Deadline;
import skywire.visor.Proxies;

/** Every layer at once: a program downloads through a three-hop route while something breaks. */
class WholeScenariosTest {
    enum Fault {
        NONE,
        KILL_RELAY,
        UNPLUG_RELAY,
        RESET_LINKS,
        STALL_LINK,
        PARTITION_RELAY,
        RESTART_RELAY,
        KILL_DMSG_SERVER,
        STORM
    }

    static Simulation.Report play(long seed, Fault fault) {
        return Simulation.run(seed, sim -> new Scenario(sim, fault).play());
    }

    @ParameterizedTest
    @EnumSource
    void downloadsOrSaysWhy(Fault fault) {
        Scenarios.playSeeds(Scenarios.name("whole", fault), 2);
    }

    @Test
    void sameSeedSameHashAlsoInAnotherProcess() throws Exception {
        long hash = play(1, Fault.NONE).hash();
        assertEquals(hash, play(1, Fault.NONE).hash());
        assertEquals(hash, Replay.inAnotherProcess("whole-none", 1));
    }

    @Test
    void twentySeedsTwentyHashes() {
        var hashes = new TreeSet<Long>();
        for (long seed = 0; seed < 20; seed++) {
            hashes.add(play(seed, Fault.NONE).hash());
        }
        assertEquals(20, hashes.size());
    }

    private static final class Scenario {
        private static final int SIZE = 1_000_000;
        private static final int HOPS = 3;
        private static final Duration SETUP_LINGERS = Duration.ofMinutes(6); // kept links of the setup node

        private final Simulation sim;
        private final Fault fault;
        private final WholeNet net;

        Scenario(Simulation sim, Fault fault) {
            this.sim = sim;
            this.fault = fault;
            this.net = new WholeNet(sim, 4); // whichever dies, two neighbours are left
        }

        private Deadline in(int seconds) {
            return sim.clock().in(Duration.ofSeconds(seconds));
        }

        void play() throws Exception {
            net.start();
            SocksClient proxy = net.client().startProxy(net.exit().publicKey(), HOPS, in(90));
            Path path = Proxies.path(proxy).orElseThrow();
            assertEquals(HOPS, path.length());
            List<String> idle = net.visors.stream().map(SimVisor::dmsgPorts).toList();
            SocksFetch first = fetch(proxy);
            sim.until("half of it", Duration.ofMinutes(1), () -> first.received() > SIZE / 2 || first.isOver());
            Duration struck = sim.elapsed();
            strike();
            sim.until("the first download ends", Duration.ofMinutes(5), first::isOver);
            sim.note("first: " + first.received() + " bytes " + first.trouble() + ", proxy: " + proxy.status());
            assertTrue(first.isUncorrupted());
            assertTrue(first.isComplete() || fault != Fault.NONE, first.trouble());
            if (!dead().isEmpty()) {
                sim.until("the proxy names the dead hop", Duration.ofSeconds(10), () -> namesTheDead(proxy.status()));
                long took = sim.elapsed().minus(struck).toSeconds();
                assertTrue(took < (fault == Fault.KILL_RELAY ? 10 : 12), "it took " + took + " s to notice");
            }
            SocksFetch second = again(proxy);
            assertTrue(second.isUncorrupted());
            assertTrue(second.isComplete(), second.trouble());
            if (!dead().isEmpty()) {
                assertTrue(namesTheDead(proxy.status()), proxy.status().toString());
                assertNotEquals(path, Proxies.path(proxy).orElseThrow());
            }
            assertTrue(net.client().node().proxies().stop(proxy.config().name()));
            nothingIsLeft(idle);
            net.close();
            sim.until("all links are closed", Duration.ofMinutes(1), () -> openWires() == 0);
        }

        private SocksFetch fetch(SocksClient proxy) {
            var fetch = new SocksFetch(net.client().host, proxy.status().socks(), SIZE);
            sim.go("program", fetch::run);
            return fetch;
        }

        /** A program that tries again until it works. */
        private SocksFetch again(SocksClient proxy) throws Exception {
            long until = sim.elapsed().plusMinutes(4).toNanos();
            while (true) {
                SocksFetch fetch = fetch(proxy);
                sim.until("the next download ends", Duration.ofMinutes(5), fetch::isOver);
                if (fetch.isComplete() || sim.elapsed().toNanos() > until) {
                    return fetch;
                }
                assertTrue(fetch.isUncorrupted());
                sim.note("again, as: " + fetch.trouble());
                sim.sleep(Duration.ofSeconds(1));
            }
        }

        /** A relay that carries something; the first of a route of three hops, or the second. */
        private SimVisor busyRelay() {
            List<SimVisor> busy =
                    net.relays().stream().filter(v -> v.left().rules() > 0).toList();
            return busy.get(sim.dice().nextInt(busy.size()));
        }

        private List<Wire> wiresOf(SimVisor visor) {
            return sim.faults().wiresTo(SimVisor.STCP_PORT).stream()
                    .filter(w -> w.touches(visor.host))
                    .toList();
        }

        private void strike() throws Exception {
            SimVisor relay = busyRelay();
            switch (fault) {
                case NONE -> sim.note("no fault");
                case KILL_RELAY -> relay.host.kill();
                case UNPLUG_RELAY -> relay.host.unplug();
                case RESET_LINKS -> wiresOf(relay).forEach(Wire::reset);
                case STALL_LINK -> {
                    List<Wire> wires = wiresOf(relay);
                    wires.get(sim.dice().nextInt(wires.size())).halfOpen();
                }
                case PARTITION_RELAY -> {
                    net.visors.stream()
                            .filter(v -> v != relay)
                            .forEach(v -> sim.faults().partition(relay.host, v.host));
                    sim.sleep(Duration.ofSeconds(20));
                    sim.faults().heal();
                }
                case RESTART_RELAY -> {
                    relay.stop();
                    sim.sleep(Duration.ofMillis(sim.dice().nextInt(3000)));
                    net.start(relay);
                }
                case STORM -> storm();
                case KILL_DMSG_SERVER -> net.serverHosts.getFirst().kill();
            }
        }

        /** Any of the passing faults, anywhere, several times. */
        private void storm() throws Exception {
            for (int i = 0; i < 8; i++) {
                List<Wire> wires = sim.faults().wires();
                Wire wire = wires.get(sim.dice().nextInt(wires.size()));
                switch (sim.dice().nextInt(4)) {
                    case 0 -> wire.reset();
                    case 1 -> wire.halfOpen();
                    case 2 -> wire.stallBack();
                    default -> wire.stallForward();
                }
                sim.sleep(Duration.ofMillis(sim.dice().nextInt(4000)));
                if (sim.dice().nextInt(3) == 0) {
                    wire.resume();
                }
            }
        }

        private List<SimVisor> dead() {
            return net.visors.stream().filter(v -> v.host.isDead()).toList();
        }

        private boolean namesTheDead(SocksClient.Status status) {
            String error = status.error().orElse("");
            return dead().stream().anyMatch(v -> error.contains(v.publicKey().brief()));
        }

        private List<SimVisor> living() {
            return net.visors.stream().filter(v -> !v.host.isDead()).toList();
        }

        /** After the rules' keep-alive plus 10 s nothing reminds of the routes, a while later nothing of their set-up. */
        private void nothingIsLeft(List<String> idle) throws Exception {
            Duration limit = SimVisor.KEEP_ALIVE.plusSeconds(10);
            soon(limit, v -> v.left().isNothing(), v -> v.left().toString());
            soon(SETUP_LINGERS, v -> v.dmsgPorts().equals(idle.get(net.visors.indexOf(v))), SimVisor::dmsgPorts);
        }

        private void soon(Duration limit, Predicate<SimVisor> condition, Function<SimVisor, String> how)
                throws Exception {
            long until = sim.elapsed().plus(limit).toNanos();
            while (!living().stream().allMatch(condition)) {
                if (sim.elapsed().toNanos() > until) {
                    living().forEach(v -> sim.note(v.host + " has " + how.apply(v)));
                    throw new AssertionError("something is left behind after " + limit);
                }
                sim.sleep(Duration.ofMillis(100));
            }
        }

        private long openWires() {
            return sim.faults().wires().stream()
                    .filter(w -> net.visors.stream().noneMatch(v -> v.host.isDead() && w.touches(v.host)))
                    .count();
        }
    }
}
