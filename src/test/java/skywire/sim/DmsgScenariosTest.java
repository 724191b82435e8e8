package skywire.sim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import skywire.directory.FixedDirectory;
import skywire.dmsg.DmsgAddress;
import skywire.dmsg.DmsgClient;
import skywire.dmsg.DmsgConfig;
import skywire.dmsg.DmsgListener;
import skywire.dmsg.DmsgStream;
import skywire.dmsg.server.DmsgServer;
import skywire.dmsg.server.DmsgServerConfig;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.HostPort;
import skywire.platform.Link;
import skywire.platform.Scope;

/** dmsg servers and clients under faults: what arrives is what was sent, and everybody is reachable again soon. */
class DmsgScenariosTest {
    enum Fault {
        NONE,
        RESET_SESSION,
        HALF_OPEN_SESSION,
        STALL_SESSION,
        RESET_ALL,
        KILL_SERVER,
        UNPLUG_SERVER,
        SERVER_RESTART,
        SERVER_DRAIN,
        PARTITION_CLIENT
    }

    static Simulation.Report play(long seed, Fault fault) {
        return Simulation.run(seed, sim -> new Scenario(sim, fault).play());
    }

    @ParameterizedTest
    @EnumSource
    void everybodyIsReachableAgain(Fault fault) {
        Scenarios.playSeeds(Scenarios.name("dmsg", fault), 4);
    }

    @Test
    void replays() throws Exception {
        long hash = play(2, Fault.KILL_SERVER).hash();
        assertEquals(hash, play(2, Fault.KILL_SERVER).hash());
        assertEquals(hash, Replay.inAnotherProcess("dmsg-kill-server", 2));
    }

    private static final class Server {
        final SimHost host;
        final SecretKey key;
        final HostPort address;
        DmsgServer server;

        Server(SimHost host, SecretKey key) {
            this.host = host;
            this.key = key;
            this.address = new HostPort(host.address(), 8080);
        }

        void start(FixedDirectory directory) throws IOException {
            server = DmsgServer.start(host, DmsgServerConfig.of(key, address, address.toString()), directory);
        }
    }

    /** A client that echoes on port 80. */
    private static final class Client {
        final SimHost host;
        final SecretKey key;
        final Scope scope;
        DmsgClient dmsg;

        Client(SimHost host, SecretKey key) {
            this.host = host;
            this.key = key;
            this.scope = new Scope(host, "client/" + host);
        }

        PublicKey publicKey() {
            return key.publicKey();
        }

        void start(FixedDirectory directory) throws IOException {
            DmsgConfig config = DmsgConfig.of(key).withUpdateInterval(Duration.ofSeconds(20));
            dmsg = scope.own(DmsgClient.start(host, config, directory));
            DmsgListener listener = dmsg.listen(80);
            scope.fork("accept", () -> {
                while (true) {
                    DmsgStream stream = listener.accept();
                    scope.forkChild("echo", () -> echo(stream));
                }
            });
        }

        private void echo(Link stream) throws IOException {
            try (stream) {
                byte[] buffer = new byte[5_000];
                Deadline limit = host.clock().in(Duration.ofMinutes(10));
                for (int n; (n = stream.read(buffer, 0, buffer.length, limit)) > 0; ) {
                    stream.write(buffer, 0, n, limit);
                }
            }
        }
    }

    private static final class Scenario {
        private static final int CLIENTS = 3;

        private final Simulation sim;
        private final Fault fault;
        private final FixedDirectory directory = new FixedDirectory();
        private final List<Server> servers = new ArrayList<>();
        private final List<Client> clients = new ArrayList<>();

        Scenario(Simulation sim, Fault fault) {
            this.sim = sim;
            this.fault = fault;
        }

        private Deadline in(int seconds) {
            return sim.clock().in(Duration.ofSeconds(seconds));
        }

        void play() throws Exception {
            sim.faults().between(Duration.ofMillis(5), Duration.ofMillis(3), 1_000_000);
            for (int i = 0; i < 2; i++) {
                servers.add(new Server(sim.host("10.0.1." + (i + 1)), SecretKey.generate(sim.random())));
            }
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(new Client(sim.host("10.0.0." + (i + 1)), SecretKey.generate(sim.random())));
            }
            for (Server s : servers) {
                s.start(directory);
            }
            for (Client c : clients) {
                c.start(directory);
            }
            for (Client c : clients) {
                c.dmsg.awaitReady(in(60));
            }
            List<Simulation.Joinable> talks = talkAllToAll();
            sim.sleep(Duration.ofMillis(sim.dice().nextInt(300)));
            strike();
            for (Simulation.Joinable talk : talks) {
                talk.join();
            }
            sim.until("everybody reaches everybody", Duration.ofSeconds(150), this::isWhole);
            sim.until(
                    "ports come back",
                    Duration.ofMinutes(2),
                    () -> clients.stream().allMatch(c -> c.dmsg.portsInUse() == idlePorts()));
            end();
        }

        /** Port 80, and the port on which clients answer pings. */
        private int idlePorts() {
            return clients.getFirst().dmsg.portsInUse() == 1 ? 1 : 2;
        }

        private List<Simulation.Joinable> talkAllToAll() {
            List<Simulation.Joinable> talks = new ArrayList<>();
            for (Client from : clients) {
                for (Client to : clients) {
                    if (from != to) {
                        talks.add(sim.go("talk " + from.host + " " + to.host, () -> talk(from, to)));
                    }
                }
            }
            return talks;
        }

        private void talk(Client from, Client to) throws Exception {
            byte[] sent = new byte[sim.random().nextInt(300_000)];
            sim.random().nextBytes(sent);
            byte[] got = new byte[sent.length];
            int have = 0;
            boolean open = false;
            try (DmsgStream stream = from.dmsg.dial(new DmsgAddress(to.publicKey(), 80), in(30))) {
                open = true;
                assertEquals(to.publicKey(), stream.remoteKey());
                sim.go("send", () -> send(stream, sent));
                while (have < got.length) {
                    int n = stream.read(got, have, got.length - have, in(100));
                    if (n < 0) {
                        break;
                    }
                    have += n;
                }
            } catch (Failure e) {
                assertTrue(fault != Fault.NONE, () -> "failed without a fault: " + e);
                assertTrue(
                        e.kind() != Failure.Kind.MALFORMED && e.kind() != Failure.Kind.UNTRUSTED,
                        () -> "wrong kind " + e);
                sim.note(from.host + " → " + to.host + ": " + e.getMessage());
            }
            assertArrayEquals(Arrays.copyOf(sent, have), Arrays.copyOf(got, have));
            boolean mayBreak = fault != Fault.NONE && !(fault == Fault.SERVER_DRAIN && open);
            assertTrue(have == got.length || mayBreak);
        }

        private void send(DmsgStream stream, byte[] sent) {
            try {
                stream.write(sent, in(100));
            } catch (IOException e) {
                sim.note("sending: " + e.getMessage());
            }
        }

        private boolean isWhole() {
            for (Client from : clients) {
                for (Client to : clients) {
                    if (from != to && !reaches(from, to)) {
                        return false;
                    }
                }
            }
            return true;
        }

        private boolean reaches(Client from, Client to) {
            try (DmsgStream stream = from.dmsg.dial(new DmsgAddress(to.publicKey(), 80), in(20))) {
                stream.write(new byte[] {42}, in(5));
                byte[] answer = new byte[1];
                stream.readFully(answer, 0, 1, in(5));
                return answer[0] == 42;
            } catch (IOException e) {
                sim.note("not yet: " + from.host + " → " + to.host + ": " + e.getMessage());
                return false;
            }
        }

        private void strike() throws Exception {
            List<Wire> sessions = sim.faults().wiresTo(8080);
            Wire one = sessions.get(sim.dice().nextInt(sessions.size()));
            Server server = servers.get(sim.dice().nextInt(servers.size()));
            switch (fault) {
                case NONE -> sim.note("no fault");
                case RESET_SESSION -> one.reset();
                case HALF_OPEN_SESSION -> one.halfOpen();
                case STALL_SESSION -> {
                    one.stallForward();
                    sim.sleep(Duration.ofSeconds(5));
                    one.resume();
                }
                case RESET_ALL -> sessions.forEach(Wire::reset);
                case KILL_SERVER -> server.host.kill();
                case UNPLUG_SERVER -> server.host.unplug();
                case SERVER_RESTART -> {
                    server.server.close();
                    sim.sleep(Duration.ofSeconds(3));
                    server.start(directory);
                }
                case SERVER_DRAIN -> {
                    assertTrue(server.server.drain(in(10)));
                    server.server.close();
                    sim.sleep(Duration.ofSeconds(3));
                    server.start(directory);
                }
                case PARTITION_CLIENT -> {
                    SimHost lonely = clients.getFirst().host;
                    servers.forEach(s -> sim.faults().partition(lonely, s.host));
                    sim.sleep(Duration.ofSeconds(90));
                    sim.faults().heal();
                }
            }
        }

        private void end() {
            for (Client c : clients) {
                c.scope.close();
                assertEquals(List.of(), c.dmsg.sessions());
            }
            for (Server s : servers) {
                if (!s.host.isDead()) {
                    s.server.close();
                }
            }
        }
    }
}
