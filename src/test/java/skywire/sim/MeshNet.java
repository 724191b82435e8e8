package skywire.sim;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import skywire.directory.DmsgDirectory;
import skywire.directory.HttpDmsgDirectory;
import skywire.dmsg.DmsgAddress;
import skywire.dmsg.DmsgClient;
import skywire.dmsg.DmsgConfig;
import skywire.dmsg.DmsgListener;
import skywire.dmsg.DmsgStream;
import skywire.dmsg.server.DmsgServer;
import skywire.dmsg.server.DmsgServerConfig;
import skywire.dmsg.server.MeshConfig;
import skywire.dmsg.server.Registration;
import skywire.entry.DmsgEntry;
import skywire.entry.ServerInfo;
import skywire.http.Dialer;
import skywire.http.HttpClient;
import skywire.http.HttpUrl;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.platform.Deadline;
import skywire.platform.HostPort;
import skywire.platform.Link;
import skywire.platform.Scope;
import skywire.service.discovery.DmsgDiscovery;

/** A discovery and dmsg servers that know it only over dmsg. */
final class MeshNet {
    final Simulation sim;
    final SimHost discoveryHost;
    final SecretKey discoveryKey;
    final List<Server> servers = new ArrayList<>();
    DmsgDiscovery discovery;

    /** A server, running or not. */
    final class Server {
        final SimHost host;
        final SecretKey key;
        final HostPort at;
        MeshConfig mesh = MeshConfig.NONE;
        DmsgServer server;

        Server(int number) {
            this.host = sim.host("10.0.1." + number);
            this.key = SecretKey.generate(sim.random());
            this.at = new HostPort(host.address(), 8080);
        }

        PublicKey publicKey() {
            return key.publicKey();
        }

        DmsgEntry seed() {
            return DmsgEntry.server(publicKey(), ServerInfo.of(at.toString(), 1, ""));
        }

        /** Starts it as a server of the deployment; it knows these servers. */
        void start(List<DmsgEntry> known) throws IOException {
            run(List.of(new Registration("test", discoveryKey.publicKey(), known, "")));
        }

        /** Starts it without any deployment: it only has the peers of its configuration. */
        void startAlone() throws IOException {
            run(List.of());
        }

        private void run(List<Registration> where) throws IOException {
            server = DmsgServer.start(
                    host, DmsgServerConfig.of(key, at, at.toString()).withMesh(mesh), where);
        }

        boolean isRegistered() {
            return server != null && server.health().published();
        }
    }

    /** A client that echoes on port 80. */
    final class Client {
        final SimHost host;
        final SecretKey key;
        final Scope scope;
        DmsgClient dmsg;

        Client(int number) {
            this.host = sim.host("10.0.2." + number);
            this.key = SecretKey.generate(sim.random());
            this.scope = new Scope(host, "client/" + number);
        }

        /** Starts it with one session at a time; {@code only} restricts it to that server, which may be unlisted. */
        Client start(Server only) throws IOException {
            var directory = new OnlyServer(http(host), only.seed());
            dmsg = scope.own(DmsgClient.start(host, DmsgConfig.of(key).withSessions(1), directory));
            DmsgListener listener = dmsg.listen(80);
            scope.fork("accept", () -> {
                while (true) {
                    DmsgStream stream = listener.accept();
                    scope.forkChild("echo", () -> echo(stream));
                }
            });
            return this;
        }

        private void echo(Link stream) throws IOException {
            try (stream) {
                byte[] buffer = new byte[5_000];
                for (int n; (n = stream.read(buffer, 0, buffer.length, in(600))) > 0; ) {
                    stream.write(buffer, 0, n, in(600));
                }
            }
        }

        /** Opens a stream there, and has bytes come back. */
        void reach(Client other) throws IOException {
            try (DmsgStream stream = dmsg.dial(new DmsgAddress(other.key.publicKey(), 80), in(20))) {
                byte[] sent = {1, 2, 3, 4, 5, 6, 7, 8};
                stream.write(sent, in(10));
                byte[] got = new byte[sent.length];
                stream.readFully(got, 0, got.length, in(10));
                if (!java.util.Arrays.equals(sent, got)) {
                    throw new AssertionError("other bytes came back");
                }
            }
        }
    }

    /** The discovery, except that there is only one server to connect to. */
    private record OnlyServer(DmsgDirectory discovery, DmsgEntry server) implements DmsgDirectory {
        @Override
        public java.util.Optional<DmsgEntry> entry(PublicKey key, Deadline deadline) throws IOException {
            return discovery.entry(key, deadline);
        }

        @Override
        public void publish(DmsgEntry entry, Deadline deadline) throws IOException {
            discovery.publish(entry, deadline);
        }

        @Override
        public void delete(DmsgEntry entry, Deadline deadline) throws IOException {
            discovery.delete(entry, deadline);
        }

        @Override
        public List<DmsgEntry> availableServers(Deadline deadline) {
            return List.of(server);
        }

        @Override
        public List<DmsgEntry> allServers(Deadline deadline) {
            return List.of(server);
        }
    }

    MeshNet(Simulation sim) {
        this.sim = sim;
        this.discoveryHost = sim.host("10.0.0.1");
        this.discoveryKey = SecretKey.generate(sim.random());
        sim.faults().between(Duration.ofMillis(5), Duration.ofMillis(3), 10_000_000);
    }

    Deadline in(int seconds) {
        return sim.clock().in(Duration.ofSeconds(seconds));
    }

    Server server() {
        var server = new Server(servers.size() + 1);
        servers.add(server);
        return server;
    }

    List<DmsgEntry> seeds() {
        return servers.stream().map(Server::seed).toList();
    }

    void startDiscovery(List<DmsgEntry> known) throws IOException {
        discovery = DmsgDiscovery.start(
                discoveryHost,
                DmsgDiscovery.Config.at(new HostPort(discoveryHost.address(), 9090))
                        .forTests());
        discovery.serveDmsg(discoveryKey, known);
    }

    DmsgDirectory http(SimHost host) {
        var url = HttpUrl.parse("http://" + discoveryHost.address() + ":9090");
        return new HttpDmsgDirectory(new HttpClient(host, Dialer.tcp(host.network()), url), host.clock());
    }

    /** A configuration with these peers. */
    static MeshConfig peers(Server... peers) {
        var table = new java.util.LinkedHashMap<PublicKey, HostPort>();
        for (Server peer : peers) {
            table.put(peer.publicKey(), peer.at);
        }
        return new MeshConfig(table, false, MeshConfig.Accept.NOBODY, java.util.Set.of());
    }

    void close() {
        for (Server server : servers) {
            if (server.server != null) {
                server.server.close();
            }
        }
        if (discovery != null) {
            discovery.close();
        }
    }
}
