package skywire.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import skywire.directory.FixedDirectory;
import skywire.directory.HttpDmsgDirectory;
import skywire.directory.HttpTransportDirectory;
import skywire.dmsg.DmsgClient;
import skywire.dmsg.DmsgConfig;
import skywire.entry.TransportEntry;
import skywire.http.Dialer;
import skywire.http.HttpClient;
import skywire.http.HttpUrl;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.limit.Quota;
import skywire.platform.HostPort;
import skywire.platform.Platform;
import skywire.transport.StcpCarrier;
import skywire.transport.Transport;
import skywire.transport.TransportSet;

/** Services that do not answer are told of, once they have had the time to start. */
class DeadServicesTest {
    private static final Duration START = Duration.ofSeconds(9);
    private static final Duration LATER = Duration.ofSeconds(40);

    private static HttpClient nobody(Platform platform) {
        return new HttpClient(platform, Dialer.tcp(platform.network()), HttpUrl.parse("http://10.0.0.9:9090"));
    }

    private static List<String> warnings(Simulation.Report report) {
        return report.timeline().stream()
                .filter(line -> line.contains("WARNING"))
                .toList();
    }

    private interface Node {
        Closeable start(Simulation sim) throws Exception;
    }

    private static List<String> warnings(Duration time, Node node) {
        return warnings(Simulation.run(1, sim -> {
            try (var _ = node.start(sim)) {
                sim.sleep(time);
            }
        }));
    }

    private static Closeable client(Simulation sim, boolean service) {
        var config = DmsgConfig.of(SecretKey.generate(sim.random()));
        return DmsgClient.start(
                sim,
                service ? config.withSessions(0).unpublished() : config,
                new HttpDmsgDirectory(nobody(sim), sim.clock()));
    }

    @Test
    void aDeadDiscoveryIsTold() {
        for (boolean service : new boolean[] {false, true}) {
            List<String> told = warnings(LATER, sim -> client(sim, service));
            assertEquals(1, told.size(), told.toString());
            assertTrue(told.getFirst().contains("no dmsg servers to connect to: "), told.toString());
            assertTrue(told.getFirst().contains("http://10.0.0.9:9090"), told.toString());
            assertEquals(List.of(), warnings(START, sim -> client(sim, service)));
        }
    }

    @Test
    void aDiscoveryWithoutServersIsTold() {
        List<String> told = warnings(LATER, sim -> {
            var config = DmsgConfig.of(SecretKey.generate(sim.random()));
            return DmsgClient.start(sim, config, new FixedDirectory(List.of(), List.of()));
        });
        assertEquals(1, told.size(), told.toString());
        assertTrue(told.getFirst().contains("lists no servers"), told.toString());
    }

    @Test
    void aDeadTransportDiscoveryIsTold() {
        Simulation.Report report = Simulation.run(1, sim -> {
            SimHost one = sim.host("10.0.0.1");
            SimHost two = sim.host("10.0.0.2");
            SecretKey other = SecretKey.generate(sim.random());
            var at = new HostPort("10.0.0.2", 7777);
            try (var a = set(one, SecretKey.generate(sim.random()), Map.of(other.publicKey(), at));
                    var b = set(two, other, Map.of())) {
                Transport transport = a.dial(
                        other.publicKey(),
                        StcpCarrier.TYPE,
                        TransportEntry.USER,
                        sim.clock().in(START));
                sim.sleep(LATER);
                assertTrue(a.notRegistered(transport.id()).isPresent()
                        || b.notRegistered(transport.id()).isPresent());
            }
        });
        List<String> told = warnings(report);
        assertEquals(1, told.size(), told.toString());
        assertTrue(told.getFirst().contains("not registered: 1 transport: "), told.toString());
    }

    private static TransportSet set(SimHost host, SecretKey key, Map<PublicKey, HostPort> table) throws IOException {
        var carrier = StcpCarrier.listen(host, key, table, new HostPort(host.address(), 7777));
        var directory = new HttpTransportDirectory(host, nobody(host), key);
        var set = new TransportSet(host, key, directory, List.of(carrier), 10, new Quota(1L << 30));
        set.start(new LimitsTest.Quiet());
        return set;
    }
}
