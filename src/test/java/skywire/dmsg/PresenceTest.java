package skywire.dmsg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import skywire.directory.DmsgDirectory;
import skywire.directory.FixedDirectory;
import skywire.dmsg.server.DmsgServer;
import skywire.dmsg.server.DmsgServerConfig;
import skywire.entry.DmsgEntry;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.platform.Deadline;
import skywire.platform.HostPort;
import skywire.sim.SimHost;
import skywire.sim.Simulation;

/** When a client posts its entry. */
class PresenceTest {
    /** Notes when entries of one key were posted. */
    private record Posts(FixedDirectory table, PublicKey of, Simulation sim, List<Duration> at)
            implements DmsgDirectory {
        @Override
        public Optional<DmsgEntry> entry(PublicKey key, Deadline deadline) {
            return table.entry(key, deadline);
        }

        @Override
        public void publish(DmsgEntry entry, Deadline deadline) {
            if (entry.key().equals(of)) {
                at.add(sim.elapsed());
            }
            table.publish(entry, deadline);
        }

        @Override
        public void delete(DmsgEntry entry, Deadline deadline) {
            table.delete(entry, deadline);
        }

        @Override
        public List<DmsgEntry> availableServers(Deadline deadline) {
            return table.availableServers(deadline);
        }

        @Override
        public List<DmsgEntry> allServers(Deadline deadline) {
            return table.allServers(deadline);
        }
    }

    private static DmsgServer server(Simulation sim, DmsgDirectory directory) throws IOException {
        SimHost host = sim.host("10.0.1.1");
        var at = new HostPort(host.address(), 8080);
        return DmsgServer.start(
                host, DmsgServerConfig.of(SecretKey.generate(sim.random()), at, at.toString()), directory);
    }

    /** Discoveries of 2026 forget a client whose entry is an hour old, though nothing about it has changed. */
    @Test
    void anUnchangedEntryIsPostedAgainBeforeItIsForgotten() {
        Simulation.run(1, Simulation.Options.DEFAULT.leaving(), sim -> {
            SecretKey key = SecretKey.generate(sim.random());
            var posts = new Posts(new FixedDirectory(), key.publicKey(), sim, new ArrayList<>());
            try (DmsgServer server = server(sim, posts);
                    DmsgClient client = DmsgClient.start(sim.host("10.0.2.1"), DmsgConfig.of(key), posts)) {
                client.awaitReady(sim.clock().in(Duration.ofSeconds(20)));
                sim.sleep(Duration.ofHours(1));
                List<Duration> at = List.copyOf(posts.at);
                assertTrue(at.size() >= 10 && at.size() <= 13, "posted at " + at);
                for (int i = 1; i < at.size(); i++) {
                    Duration pause = at.get(i).minus(at.get(i - 1));
                    assertTrue(pause.compareTo(Duration.ofMinutes(6)) <= 0, "posted at " + at);
                }
                assertEquals(server.health().sessions(), 1);
            }
        });
    }
}
