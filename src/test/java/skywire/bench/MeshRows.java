package skywire.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import skywire.directory.DmsgDirectory;
import skywire.directory.FixedDirectory;
import skywire.dmsg.DmsgAddress;
import skywire.dmsg.DmsgClient;
import skywire.dmsg.DmsgConfig;
import skywire.dmsg.DmsgListener;
import skywire.dmsg.DmsgStream;
import skywire.dmsg.server.DmsgServer;
import skywire.dmsg.server.DmsgServerConfig;
import skywire.dmsg.server.MeshConfig;
import skywire.dmsg.server.PeerState;
import skywire.dmsg.server.Registration;
import skywire.entry.DmsgEntry;
import skywire.entry.ServerInfo;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.platform.Deadline;
import skywire.platform.HostPort;
import skywire.platform.Platform;
import skywire.platform.Scope;
import skywire.service.discovery.DmsgDiscovery;

/** dmsg servers on their own network, all in this process: registering over dmsg, and what one server more costs. */
final class MeshRows {
    private static final Platform WORLD = Platform.system();
    private static final HostPort ANY = new HostPort("127.0.0.1", 0);
    private static final int REGISTRATIONS = 30;
    private static final int ROUNDS = 5;
    private static final int ECHOES = 1500;
    private static final int DIALS = 100;
    private static final byte[] MESSAGE = new byte[64];

    private MeshRows() {}

    static void run(Report report) throws IOException {
        try (var scope = new Scope(WORLD, "bench")) {
            registration(report, scope);
            hop(report, scope);
        }
    }

    private static Deadline soon() {
        return WORLD.clock().in(Duration.ofSeconds(30));
    }

    private static SecretKey key() {
        return SecretKey.generate(WORLD.random());
    }

    private static DmsgEntry entry(DmsgServer server) {
        return DmsgEntry.server(server.key(), ServerInfo.of(server.address().toString(), 1, ""));
    }

    private interface Condition {
        boolean holds();
    }

    private static void await(Condition condition) throws IOException {
        Deadline limit = soon();
        while (!condition.holds()) {
            limit.check("the mesh");
            WORLD.clock().sleep(Duration.ofMillis(1));
        }
    }

    /** From the start of a server with a fresh key, which knows one other server, until it knows that it is registered. */
    private static void registration(Report report, Scope scope) throws IOException {
        SecretKey discoveryKey = key();
        DmsgServer relay =
                scope.own(DmsgServer.start(WORLD, DmsgServerConfig.of(key(), ANY, ""), new FixedDirectory()));
        DmsgDiscovery discovery = scope.own(
                DmsgDiscovery.start(WORLD, DmsgDiscovery.Config.at(ANY).forTests()));
        discovery.serveDmsg(discoveryKey, List.of(entry(relay)));
        await(() -> discovery.dmsgSessions() > 0);
        var where = List.of(new Registration("bench", discoveryKey.publicKey(), List.of(entry(relay)), ""));
        var millis = new Stats();
        for (int i = -5; i < REGISTRATIONS; i++) {
            long before = WORLD.clock().nanoTime();
            try (DmsgServer server = DmsgServer.start(WORLD, DmsgServerConfig.of(key(), ANY, ""), where)) {
                await(() -> server.health().published());
                if (i >= 0) { // the first ones only warm up
                    millis.add((WORLD.clock().nanoTime() - before) / 1e6);
                }
            }
        }
        report.add(new Row("dmsg server, registered over dmsg, p50", millis.median(), "ms", Bar.atMost(1000), "fixed"));
        report.add("dmsg server, registered over dmsg, p99", millis.quantile(0.99), "ms");
    }

    /** Two clients on one server, and two on two servers that forward, in turns. */
    private static void hop(Report report, Scope scope) throws IOException {
        DmsgServer near = scope.own(server(Map.of()));
        DmsgServer far = scope.own(server(Map.of(near.key(), near.address())));
        await(() -> far.peers().stream().anyMatch(peer -> peer.state() == PeerState.ANNOUNCED));
        DmsgClient caller = scope.own(client(near));
        PublicKey direct = echoer(scope, near);
        PublicKey over = echoer(scope, far);
        var echoes = new Stats[] {new Stats(), new Stats()};
        var dials = new Stats[] {new Stats(), new Stats()};
        PublicKey[] who = {direct, over};
        for (int round = -1; round < ROUNDS; round++) {
            for (int i = 0; i < who.length; i++) {
                double dial = dial(caller, who[i]);
                double echo = echo(caller, who[i]);
                if (round >= 0) { // the first one only warms up
                    dials[i].add(dial);
                    echoes[i].add(echo);
                }
            }
        }
        report.add("dmsg mesh, echo of 64 bytes by one server, p50", echoes[0].median(), "us");
        report.add("dmsg mesh, echo of 64 bytes by two servers, p50", echoes[1].median(), "us");
        report.add(new Row(
                "dmsg mesh, extra latency of the second server",
                echoes[1].median() / echoes[0].median(),
                "x",
                Bar.atMost(2.0),
                "same run"));
        report.add("dmsg mesh, dial by one server, p50", dials[0].median(), "ms");
        report.add("dmsg mesh, dial by two servers, p50", dials[1].median(), "ms");
    }

    private static DmsgServer server(Map<PublicKey, HostPort> peers) throws IOException {
        var mesh = new MeshConfig(peers, !peers.isEmpty(), MeshConfig.Accept.ANYBODY, Set.of());
        return DmsgServer.start(
                WORLD, DmsgServerConfig.of(key(), ANY, "").withMesh(mesh).unlisted(), List.of());
    }

    /** A client with a session to this server only, that takes everybody else to be somewhere. */
    private static DmsgClient client(DmsgServer server) throws IOException {
        DmsgClient client = DmsgClient.start(WORLD, DmsgConfig.of(key()).unpublished(), new Somewhere(entry(server)));
        client.awaitReady(soon());
        return client;
    }

    private record Somewhere(DmsgEntry server) implements DmsgDirectory {
        private static final PublicKey NOWHERE =
                SecretKey.fromSeed(new byte[] {1}).publicKey();

        @Override
        public Optional<DmsgEntry> entry(PublicKey key, Deadline deadline) {
            return key.equals(NOWHERE)
                    ? Optional.empty()
                    : Optional.of(key.equals(server.key()) ? server : DmsgEntry.client(key, List.of(NOWHERE), ""));
        }

        @Override
        public void publish(DmsgEntry entry, Deadline deadline) {}

        @Override
        public void delete(DmsgEntry entry, Deadline deadline) {}

        @Override
        public List<DmsgEntry> availableServers(Deadline deadline) {
            return List.of(server);
        }

        @Override
        public List<DmsgEntry> allServers(Deadline deadline) {
            return List.of(server);
        }
    }

    private static PublicKey echoer(Scope scope, DmsgServer server) throws IOException {
        DmsgClient client = scope.own(client(server));
        DmsgListener listener = client.listen(80);
        scope.fork("echo", () -> {
            while (true) {
                DmsgStream stream = listener.accept();
                scope.forkChild("echo", () -> {
                    try (stream) {
                        byte[] buffer = new byte[MESSAGE.length];
                        while (true) {
                            stream.readFully(buffer, 0, buffer.length, soon());
                            stream.write(buffer, 0, buffer.length, soon());
                        }
                    }
                });
            }
        });
        return client.publicKey();
    }

    /** Median of a round's dials, in milliseconds. */
    private static double dial(DmsgClient caller, PublicKey to) throws IOException {
        var millis = new Stats();
        for (int i = 0; i < DIALS; i++) {
            long before = WORLD.clock().nanoTime();
            try (DmsgStream _ = caller.dial(new DmsgAddress(to, 80), soon())) {
                millis.add((WORLD.clock().nanoTime() - before) / 1e6);
            }
        }
        return millis.median();
    }

    /** Median of a round's echoes, in microseconds. */
    private static double echo(DmsgClient caller, PublicKey to) throws IOException {
        var micros = new Stats();
        byte[] buffer = new byte[MESSAGE.length];
        try (DmsgStream stream = caller.dial(new DmsgAddress(to, 80), soon())) {
            for (int i = 0; i < ECHOES; i++) {
                long before = WORLD.clock().nanoTime();
                stream.write(MESSAGE, 0, MESSAGE.length, soon());
                stream.readFully(buffer, 0, buffer.length, soon());
                micros.add((WORLD.clock().nanoTime() - before) / 1e3);
            }
        }
        return micros.median();
    }
}
