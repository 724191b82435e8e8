package skywire.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import skywire.config.Config;
import skywire.directory.FixedDirectory;
import skywire.directory.HttpDmsgDirectory;
import skywire.dmsg.DmsgAddress;
import skywire.dmsg.DmsgCtrl;
import skywire.dmsg.DmsgStream;
import skywire.dmsg.server.DmsgServer;
import skywire.dmsg.server.DmsgServerConfig;
import skywire.entry.DmsgEntry;
import skywire.entry.ServerInfo;
import skywire.http.Dialer;
import skywire.http.HttpClient;
import skywire.http.HttpUrl;
import skywire.key.SecretKey;
import skywire.platform.HostPort;
import skywire.service.discovery.DmsgDiscovery;
import skywire.service.transports.TransportDiscovery;
import skywire.visor.VisorConfig;

/** Visors that know nothing but dmsg servers and keys, and cannot reach the services in any other way. */
class BootScenariosTest {
    enum Fault {
        /** All is up. */
        NONE,
        /** No server is reachable for a while after the start. */
        NO_SERVER_AT_FIRST,
        /** Servers run, but the discovery does not for a while. */
        NO_DISCOVERY_AT_FIRST,
        /** One of the servers known beforehand is dead for good. */
        A_DEAD_SEED,
        /** The servers end and come back. */
        ALL_SERVERS_RESTART
    }

    static Simulation.Report play(long seed, Fault fault) {
        return Simulation.run(seed, sim -> new Scenario(sim, fault).play());
    }

    @ParameterizedTest
    @EnumSource
    void healsOverDmsgAlone(Fault fault) {
        Scenarios.playSeeds(Scenarios.name("boot", fault), 4);
    }

    private static final class Scenario {
        private final Simulation sim;
        private final Fault fault;
        private final SimHost services;
        private final SecretKey discoveryKey;
        private final SecretKey transportsKey;
        private final List<SimHost> serverHosts = new ArrayList<>();
        private final List<SecretKey> serverKeys = new ArrayList<>();
        private final List<DmsgServer> servers = new ArrayList<>();
        private final List<SimVisor> visors = new ArrayList<>();
        private DmsgDiscovery discovery;
        private TransportDiscovery transports;

        Scenario(Simulation sim, Fault fault) {
            this.sim = sim;
            this.fault = fault;
            this.services = sim.host("10.0.2.1");
            this.discoveryKey = SecretKey.generate(sim.random());
            this.transportsKey = SecretKey.generate(sim.random());
        }

        void play() throws Exception {
            sim.faults().between(Duration.ofMillis(5), Duration.ofMillis(3), 1_000_000);
            for (int i = 0; i < 2; i++) {
                serverHosts.add(sim.host("10.0.1." + (i + 1)));
                serverKeys.add(SecretKey.generate(sim.random()));
                var visor = new SimVisor(sim.host("10.0.0." + (i + 1)), SecretKey.generate(sim.random()));
                sim.faults().partition(visor.host, services); // nothing but dmsg leads there
                visors.add(visor);
            }
            if (fault != Fault.NO_DISCOVERY_AT_FIRST) {
                startServices();
            }
            if (fault == Fault.A_DEAD_SEED) {
                startServer(0);
            } else if (fault != Fault.NO_SERVER_AT_FIRST) {
                startServers();
            }
            for (SimVisor visor : visors) {
                start(visor);
            }
            hardTimes();
            sim.until(
                    "both are ready",
                    Duration.ofSeconds(90),
                    () -> visors.stream().allMatch(v -> v.node().dmsg().isReady()));
            sim.until("they reach each other", Duration.ofSeconds(90), this::reach);
            sim.until("their transport is registered", Duration.ofSeconds(120), () -> transports.size() == 1);
            if (fault == Fault.ALL_SERVERS_RESTART) {
                servers.forEach(DmsgServer::close);
                servers.clear();
                sim.sleep(Duration.ofSeconds(sim.dice().nextInt(200)));
                startServers();
                sim.until("they reach each other again", Duration.ofSeconds(150), this::reach);
            }
            end();
        }

        private void hardTimes() throws Exception {
            switch (fault) {
                case NONE, A_DEAD_SEED, ALL_SERVERS_RESTART -> sim.note("all is up");
                case NO_SERVER_AT_FIRST -> {
                    sim.sleep(Duration.ofMinutes(5));
                    for (SimVisor visor : visors) {
                        assertEquals(0, visor.node().dmsg().sessions().size());
                        assertTrue(visor.node().dmsg().trouble().isPresent(), "it says why");
                    }
                    startServers();
                }
                case NO_DISCOVERY_AT_FIRST -> {
                    sim.sleep(Duration.ofMinutes(5));
                    for (SimVisor visor : visors) {
                        assertEquals(2, visor.node().dmsg().sessions().size(), "servers are known all the same");
                        assertTrue(visor.node().dmsg().trouble().isPresent(), "it says why");
                    }
                    startServices();
                }
            }
        }

        private void startServices() throws IOException {
            var config = DmsgDiscovery.Config.at(new HostPort(services.address(), 9090));
            discovery = DmsgDiscovery.start(services, config.forTests());
            discovery.serveDmsg(discoveryKey, seeds());
            transports = TransportDiscovery.start(
                    services, TransportDiscovery.Config.at(new HostPort(services.address(), 9091)));
            transports.serveDmsg(transportsKey, new FixedDirectory(seeds(), List.of()));
        }

        private void startServers() throws IOException {
            for (int i = 0; i < serverHosts.size(); i++) {
                startServer(i);
            }
        }

        private void startServer(int i) throws IOException {
            SimHost host = serverHosts.get(i);
            var http = new HttpClient(
                    host, Dialer.tcp(host.network()), HttpUrl.parse("http://" + services.address() + ":9090"));
            HostPort at = address(i);
            servers.add(DmsgServer.start(
                    host,
                    DmsgServerConfig.of(serverKeys.get(i), at, at.toString()),
                    new HttpDmsgDirectory(http, host.clock())));
        }

        private HostPort address(int server) {
            return new HostPort(serverHosts.get(server).address(), 8080);
        }

        private List<DmsgEntry> seeds() {
            List<DmsgEntry> seeds = new ArrayList<>();
            for (int i = 0; i < serverHosts.size(); i++) {
                ServerInfo info = ServerInfo.of(address(i).toString(), 1, "");
                seeds.add(DmsgEntry.server(serverKeys.get(i).publicKey(), info));
            }
            return seeds;
        }

        private void start(SimVisor visor) throws Exception {
            SimVisor other = visor == visors.getFirst() ? visors.getLast() : visors.getFirst();
            String keep = visor == visors.getFirst()
                    ? "{\"pk\": \"" + other.publicKey().hex() + "\"}"
                    : "";
            String seeds = String.join(
                    ", ",
                    seeds().stream()
                            .map(e -> "{\"static\": \"" + e.key().hex() + "\", \"server\": {\"address\": \""
                                    + e.server().orElseThrow().address() + "\"}}")
                            .toList());
            String text = """
                    {
                      "dmsg": {"discovery_dmsg": "dmsg://%s:80", "servers": [%s]},
                      "skywire-tcp": {"listening_address": "%s", "pk_table": {"%s": "%s"}},
                      "transport": {"discovery": "dmsg://%s", "log_store": {"type": "memory"}},
                      "persistent_transports": [%s]
                    }
                    """.formatted(
                            discoveryKey.publicKey().hex(),
                            seeds,
                            visor.address,
                            other.publicKey().hex(),
                            other.address,
                            transportsKey.publicKey().hex(),
                            keep);
            visor.start(VisorConfig.read(Config.parse("visor.json", text), () -> visor.key, Path.of("nowhere")));
        }

        private boolean reach() {
            SimVisor from = visors.getFirst();
            SimVisor to = visors.getLast();
            try (DmsgStream stream = from.node()
                    .dmsg()
                    .dial(
                            new DmsgAddress(to.publicKey(), DmsgCtrl.PORT),
                            sim.clock().in(Duration.ofSeconds(20)))) {
                return stream.remoteKey().equals(to.publicKey());
            } catch (IOException e) {
                sim.note("not yet: " + e.getMessage());
                return false;
            }
        }

        private void end() {
            visors.forEach(SimVisor::stop);
            servers.forEach(DmsgServer::close);
            transports.close();
            discovery.close();
        }
    }
}
