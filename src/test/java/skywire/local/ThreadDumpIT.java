package skywire.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import skywire.control.Progress;
import skywire.dmsg.DmsgSession;
import skywire.key.SecretKey;
import skywire.platform.Deadline;
import skywire.platform.HostPort;
import skywire.platform.Link;
import skywire.platform.Listener;
import skywire.platform.Platform;
import skywire.testkit.Dump;
import skywire.transport.Transport;
import skywire.visor.Visor;

/** A running node, seen from outside: whatever waits for a peer waits on a virtual thread with a name that says for whom. */
class ThreadDumpIT {
    private static final Platform WORLD = Platform.system();

    private static Deadline soon() {
        return WORLD.clock().in(Duration.ofSeconds(20));
    }

    private static void assertVirtual(List<Dump> threads, String name) {
        List<Dump> found = threads.stream().filter(t -> t.name().equals(name)).toList();
        assertTrue(
                !found.isEmpty(),
                () -> "no thread " + name + " among "
                        + threads.stream()
                                .map(Dump::name)
                                .filter(n -> !n.isEmpty())
                                .sorted()
                                .toList());
        assertTrue(found.stream().allMatch(Dump::virtual), name);
    }

    @Test
    void sessionsStreamsAndTransportsAreOnVirtualThreads() throws Exception {
        var settings = new LocalSettings(
                4,
                3,
                0,
                new HostPort("127.0.0.1", 0),
                Optional.empty(),
                name -> SecretKey.fromSeed(name.getBytes(StandardCharsets.UTF_8)));
        try (LocalNetwork network = LocalNetwork.start(WORLD, settings, Progress.NONE);
                Listener target = WORLD.network().listen(new HostPort("127.0.0.1", 0));
                Link program = WORLD.network().dial(network.proxy().status().socks(), soon())) {
            connect(program, target.local());
            try (Link _ = target.accept()) {
                List<Dump> threads = Dump.threads();
                for (int i = 0; i < settings.visors(); i++) {
                    Visor visor = network.mesh().visor(i).orElseThrow();
                    for (DmsgSession session : visor.dmsg().sessions()) {
                        String name = "dmsg/" + visor.key().brief() + "/"
                                + session.serverKey().brief();
                        assertVirtual(threads, name + "/reader");
                    }
                    for (Transport transport : visor.transports().list()) {
                        String name = "tp/" + transport.type() + "/"
                                + transport.remoteKey().brief();
                        assertVirtual(threads, name + "/reader");
                        assertVirtual(threads, name + "/writer");
                    }
                    assertVirtual(threads, "dmsg-server/" + visor.key().brief() + "/reader");
                }
                String client = network.first().key().brief();
                assertVirtual(threads, "proxy/skysocks-client/yamux/reader"); // over the route group
                assertVirtual(threads, "proxy/skysocks-client/connection"); // what the program opened
                assertVirtual(threads, "skysocks/" + client + "/yamux/reader");
                assertVirtual(threads, "skysocks/" + client + "/stream");
                List<String> platformThreads = threads.stream()
                        .filter(t -> !t.virtual() && t.isOurs())
                        .map(Dump::name)
                        .filter(name -> !name.equals(Thread.currentThread().getName()))
                        .filter(name -> !name.equals("write-watch"))
                        .toList();
                assertEquals(List.of(), platformThreads);
            }
        }
    }

    /** A SOCKS5 connection that stays open. */
    private static void connect(Link program, HostPort to) throws Exception {
        program.write(new byte[] {5, 1, 0}, soon());
        program.readFully(new byte[2], 0, 2, soon());
        program.write(new byte[] {5, 1, 0, 1, 127, 0, 0, 1, (byte) (to.port() >> 8), (byte) to.port()}, soon());
        byte[] reply = new byte[10];
        program.readFully(reply, 0, 10, soon());
        assertEquals(0, reply[1]);
    }
}
