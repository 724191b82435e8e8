package skywire.sim;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import skywire.dmsg.server.DmsgServer;
import skywire.dmsg.server.DmsgServerConfig;
import skywire.dmsg.server.Registration;
import skywire.platform.HostPort;

/** Two servers with one key that know their discovery over dmsg only: their own clients end each other's sessions too. */
class MeshClashTest {
    static Simulation.Report play(long seed) {
        return Simulation.run(seed, Simulation.Options.DEFAULT.noisy(), sim -> {
            var net = new MeshNet(sim);
            MeshNet.Server relay = net.server();
            net.startDiscovery(List.of(relay.seed()));
            relay.start(List.of(relay.seed()));
            MeshNet.Server one = net.server();
            one.start(List.of(relay.seed()));
            sim.until("the first is registered", Duration.ofSeconds(30), one::isRegistered);
            SimHost host = sim.host("10.0.3.1");
            HostPort at = new HostPort(host.address(), 8080);
            var where = new Registration("test", net.discoveryKey.publicKey(), List.of(relay.seed()), "");
            DmsgServer two = DmsgServer.start(host, DmsgServerConfig.of(one.key, at, at.toString()), List.of(where));
            sim.until(
                    "both know",
                    Duration.ofMinutes(3),
                    () -> one.server.clash().isPresent() && two.clash().isPresent());
            sim.note("both know after " + sim.elapsed());
            sim.until(
                    "both name the other's address",
                    Duration.ofMinutes(3),
                    () -> one.server.clash().get().text().contains(host.address())
                            && two.clash().get().text().contains(one.host.address()));
            long before = sim.faults().dials().size();
            sim.sleep(Duration.ofMinutes(5));
            long dials = sim.faults().dials().size() - before;
            assertTrue(dials < 120, () -> "they fight on: " + dials + " dials in 5 minutes");
            two.close();
            net.close();
        });
    }

    @Test
    void bothNameTheOther() {
        Scenarios.playSeeds("mesh-clash", 4);
    }
}
