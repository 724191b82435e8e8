package skywire.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import skywire.directory.DmsgDirectory;
import skywire.directory.HttpDmsgDirectory;
import skywire.dmsg.DmsgAddress;
import skywire.dmsg.DmsgClient;
import skywire.dmsg.DmsgConfig;
import skywire.dmsg.DmsgCtrl;
import skywire.dmsg.DmsgStream;
import skywire.dmsg.server.DmsgServer;
import skywire.dmsg.server.DmsgServerConfig;
import skywire.dmsg.server.KeyCheck;
import skywire.http.Dialer;
import skywire.http.HttpClient;
import skywire.http.HttpUrl;
import skywire.key.SecretKey;
import skywire.platform.HostPort;
import skywire.service.discovery.DmsgDiscovery;

/** One key on two machines, and what only looks like it: an error in the log fails the variants without a clash. */
class KeyClashScenariosTest {
    enum Fault {
        /** Two servers with one key. */
        TWO_SERVERS,
        /** Two clients with one key. */
        TWO_CLIENTS,
        /** The same, and one of them ends after a while. */
        ONE_CLIENT_ENDS,
        /** A server that is killed again and again, and moves. */
        SERVER_RESTARTS,
        /** A client that is killed again and again. */
        CLIENT_RESTARTS,
        /** A server that throws everybody out again and again. */
        SERVER_DROPS_ALL,
        /** The discovery answers too late, so that updates are stored whose answers are lost. */
        SLOW_DISCOVERY;

        boolean isClash() {
            return this == TWO_SERVERS || this == TWO_CLIENTS || this == ONE_CLIENT_ENDS;
        }
    }

    static Simulation.Report play(long seed, Fault fault) {
        Simulation.Options options = fault.isClash() ? Simulation.Options.DEFAULT.noisy() : Simulation.Options.DEFAULT;
        return Simulation.run(seed, options, sim -> new Scenario(sim).play(fault));
    }

    @ParameterizedTest
    @EnumSource
    void isToldApart(Fault fault) {
        Scenarios.playSeeds(Scenarios.name("key-clash", fault), 4);
    }

    private static final class Scenario {
        private final Simulation sim;
        private final SimHost discoveryHost;
        private final SecretKey key;
        private final List<AutoCloseable> open = new ArrayList<>();
        private DmsgDiscovery discovery;
        private int hosts;

        Scenario(Simulation sim) {
            this.sim = sim;
            this.discoveryHost = sim.host("10.0.2.1");
            this.key = SecretKey.generate(sim.random());
        }

        void play(Fault fault) throws Exception {
            sim.faults().between(Duration.ofMillis(5), Duration.ofMillis(3), 1_000_000);
            discovery = DmsgDiscovery.start(
                    discoveryHost,
                    DmsgDiscovery.Config.at(new HostPort(discoveryHost.address(), 9090))
                            .forTests());
            open.add(discovery);
            switch (fault) {
                case TWO_SERVERS -> twoServers();
                case TWO_CLIENTS -> twoClients(false);
                case ONE_CLIENT_ENDS -> twoClients(true);
                case SERVER_RESTARTS -> serverRestarts();
                case CLIENT_RESTARTS -> clientRestarts();
                case SERVER_DROPS_ALL -> serverDropsAll();
                case SLOW_DISCOVERY -> slowDiscovery();
            }
            for (AutoCloseable one : open.reversed()) {
                one.close();
            }
        }

        private SimHost host() {
            hosts++;
            return sim.host("10.0.1." + hosts);
        }

        private DmsgDirectory directory(SimHost host) {
            HttpUrl url = HttpUrl.parse("http://" + discovery.address());
            return new HttpDmsgDirectory(new HttpClient(host, Dialer.tcp(host.network()), url), host.clock());
        }

        private static HostPort address(SimHost host) {
            return new HostPort(host.address(), 8080);
        }

        private DmsgServer server(SimHost host, SecretKey of) throws IOException {
            var config = DmsgServerConfig.of(of, address(host), address(host).toString());
            return DmsgServer.start(host, config, directory(host));
        }

        private DmsgClient client(SimHost host, SecretKey of) throws IOException {
            DmsgConfig config = DmsgConfig.of(of).withUpdateInterval(Duration.ofSeconds(20));
            DmsgClient client = DmsgClient.start(host, config, directory(host));
            DmsgCtrl.start(host, client.listen(DmsgCtrl.PORT));
            return client;
        }

        private Optional<String> alive(SimHost asks, SimHost own) throws IOException {
            return KeyCheck.otherServer(
                    asks,
                    directory(asks),
                    key.publicKey(),
                    address(own).toString(),
                    asks.clock().in(KeyCheck.LOOKUP_LIMIT));
        }

        private void twoServers() throws Exception {
            SimHost one = host();
            SimHost two = host();
            DmsgServer first = server(one, key);
            open.add(first);
            sim.until(
                    "it is registered",
                    Duration.ofMinutes(1),
                    () -> first.health().published());
            assertEquals(Optional.of(address(one).toString()), alive(two, two));
            assertEquals(Optional.empty(), alive(two, one), "our own address is no clash");
            DmsgServer second = server(two, key);
            open.add(second);
            sim.until(
                    "both know",
                    Duration.ofMinutes(6),
                    () -> first.clash().isPresent() && second.clash().isPresent());
            assertTrue(first.clash().get().text().contains(two.address()));
            assertTrue(second.clash().get().text().contains(one.address()));
            assertTrue(discovery.trouble().orElseThrow().contains("one key on two machines"));
            long returns = discovery.addressReturns();
            sim.sleep(Duration.ofMinutes(4));
            assertTrue(discovery.addressReturns() <= returns + 1, "they do not fight on");
            two.kill();
            assertEquals(Optional.empty(), alive(one, one), "a dead one is no clash");
            open.remove(second);
            sim.until("the living one is published again", Duration.ofMinutes(5), () -> publishedAt(one));
        }

        private boolean publishedAt(SimHost host) {
            try {
                return directory(host)
                        .entry(key.publicKey(), sim.clock().in(Duration.ofSeconds(5)))
                        .flatMap(e -> e.server())
                        .filter(info -> info.address().equals(address(host).toString()))
                        .isPresent();
            } catch (IOException e) {
                return false;
            }
        }

        private void startServers(int count) throws IOException {
            for (int i = 0; i < count; i++) {
                open.add(server(host(), SecretKey.generate(sim.random())));
            }
        }

        private void twoClients(boolean oneEnds) throws Exception {
            startServers(2);
            DmsgClient first = client(host(), key);
            open.add(first);
            first.awaitReady(sim.clock().in(Duration.ofMinutes(1)));
            DmsgClient second = client(host(), key);
            open.add(second);
            sim.until(
                    "one of them knows",
                    Duration.ofMinutes(3),
                    () -> first.clash().isPresent() || second.clash().isPresent());
            long before = sim.faults().wiresTo(8080).size();
            sim.sleep(Duration.ofMinutes(5));
            long later = sim.faults().wiresTo(8080).size();
            assertTrue(later - before < 40, () -> "they fight on: " + before + ", then " + later);
            if (oneEnds) {
                second.close();
                sim.until("the other goes on", Duration.ofMinutes(15), () -> reaches(first));
                sim.sleep(Duration.ofMinutes(70));
                assertEquals(Optional.empty(), first.clash(), "it is over");
            }
        }

        private boolean reaches(DmsgClient to) {
            try (DmsgClient asks = client(host(), SecretKey.generate(sim.random()))) {
                asks.awaitReady(sim.clock().in(Duration.ofSeconds(20)));
                try (DmsgStream stream = asks.dial(
                        new DmsgAddress(to.publicKey(), DmsgCtrl.PORT),
                        sim.clock().in(Duration.ofSeconds(20)))) {
                    return stream.remoteKey().equals(to.publicKey());
                }
            } catch (IOException e) {
                return false;
            }
        }

        private void serverRestarts() throws Exception {
            for (int i = 0; i < 6; i++) {
                SimHost here = host();
                assertEquals(Optional.empty(), alive(here, here));
                DmsgServer server = server(here, key);
                sim.until(
                        "it is registered",
                        Duration.ofMinutes(1),
                        () -> server.health().published());
                sim.sleep(Duration.ofMillis(sim.dice().nextInt(90_000)));
                if (sim.dice().nextInt(2) == 0) {
                    here.kill();
                } else {
                    server.close();
                }
                assertEquals(Optional.empty(), server.clash());
            }
        }

        private void clientRestarts() throws Exception {
            startServers(2);
            for (int i = 0; i < 8; i++) {
                SimHost here = host();
                DmsgClient client = client(here, key);
                client.awaitReady(sim.clock().in(Duration.ofMinutes(1)));
                sim.sleep(Duration.ofMillis(sim.dice().nextInt(40_000)));
                assertEquals(Optional.empty(), client.clash());
                if (sim.dice().nextInt(2) == 0) {
                    here.kill();
                } else {
                    client.close();
                }
            }
        }

        private void serverDropsAll() throws Exception {
            startServers(2);
            DmsgClient client = client(host(), key);
            open.add(client);
            for (int i = 0; i < 12; i++) {
                client.awaitReady(sim.clock().in(Duration.ofMinutes(1)));
                sim.sleep(Duration.ofMillis(sim.dice().nextInt(10_000)));
                List<Wire> all = sim.faults().wiresTo(8080);
                all.forEach(Wire::reset);
                assertEquals(Optional.empty(), client.clash());
            }
            sim.until("it is reachable again", Duration.ofMinutes(2), () -> reaches(client));
        }

        private void slowDiscovery() throws Exception {
            DmsgServer server = server(host(), key);
            open.add(server);
            sim.until(
                    "it is registered",
                    Duration.ofMinutes(1),
                    () -> server.health().published());
            startServers(1);
            DmsgClient client = client(host(), SecretKey.generate(sim.random()));
            open.add(client);
            client.awaitReady(sim.clock().in(Duration.ofMinutes(1)));
            for (int i = 0; i < 10; i++) {
                sim.sleep(Duration.ofMillis(sim.dice().nextInt(60_000)));
                sim.faults().wiresTo(9090).forEach(wire -> {
                    if (sim.dice().nextInt(2) == 0) {
                        wire.reset();
                    }
                });
                sim.faults().between(Duration.ofMillis(5 + sim.dice().nextInt(4_000)), Duration.ofMillis(3), 1_000_000);
            }
            assertEquals(Optional.empty(), server.clash());
            assertEquals(Optional.empty(), client.clash());
        }
    }
}
