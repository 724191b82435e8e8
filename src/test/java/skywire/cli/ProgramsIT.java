package skywire.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import skywire.directory.EntryPublisher;
import skywire.directory.HttpDmsgDirectory;
import skywire.entry.DmsgEntry;
import skywire.http.Dialer;
import skywire.http.HttpClient;
import skywire.http.HttpRequest;
import skywire.http.HttpUrl;
import skywire.key.SecretKey;
import skywire.platform.Deadline;
import skywire.platform.HostPort;
import skywire.platform.Link;
import skywire.platform.Listener;
import skywire.platform.Platform;
import skywire.testkit.Await;
import skywire.testkit.CliProcess;

/** The lasting programs as processes: they start, say so, end in time, and keep what they were told. */
@Timeout(180)
class ProgramsIT {
    private static final Platform PLATFORM = Platform.system();
    /** Less than closing may take at most: nothing is waited for in vain. */
    private static final Duration END = Duration.ofMillis(1500);

    @TempDir
    Path home;

    private Path config(String program, String... settings) {
        Path file = home.resolve(program + ".json");
        var words = new java.util.ArrayList<>(List.of("config", "gen", program, "-o", file.toString()));
        for (String setting : settings) {
            words.add("--set");
            words.add(setting);
        }
        var cli = new Cli(home);
        assertEquals(Exit.OK, cli.run(words.toArray(String[]::new)), cli.err());
        return file;
    }

    private static Deadline soon() {
        return PLATFORM.clock().in(Duration.ofSeconds(20));
    }

    /** The address in the line that says it is ready. */
    private static String address(CliProcess program) throws Exception {
        program.awaitText(" is ready, listens on ");
        return program.out().replaceAll("(?s).*listens on ([0-9.:]+)\\s.*", "$1");
    }

    private static HttpClient http(String address) {
        return new HttpClient(PLATFORM, Dialer.tcp(PLATFORM.network()), HttpUrl.parse("http://" + address));
    }

    private static void endsInTime(CliProcess program) throws Exception {
        long before = PLATFORM.clock().nanoTime();
        program.terminate();
        program.exitCode();
        Duration took = Duration.ofNanos(PLATFORM.clock().nanoTime() - before);
        assertTrue(took.compareTo(END) < 0, "took " + took);
        assertFalse(program.err().contains("bug"), program.err());
        assertFalse(program.err().contains("\tat "), program.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"dmsg-discovery", "dmsg-server", "transport-discovery", "route-finder"})
    void startsAndEnds(String program) throws Exception {
        List<String> settings = new java.util.ArrayList<>(List.of("listening_address=127.0.0.1:0"));
        if (program.equals("dmsg-server")) {
            settings.add("health_endpoint_address=127.0.0.1:0");
        }
        Path file = config(program, settings.toArray(String[]::new));
        try (CliProcess running = CliProcess.start(home, program, "-c", file.toString())) {
            address(running);
            assertEquals(1, running.out().lines().count(), running.out());
            Path socket = home.resolve(".local/state/skywire/" + program + "/control.sock");
            var cli = new Cli(home);
            assertEquals(Exit.OK, cli.run("visor", "info", "--control", socket.toString()), cli.err());
            assertTrue(cli.out().contains("program      " + program), cli.out());
            endsInTime(running);
            assertFalse(running.err().contains("unknown key"), running.err());
            assertFalse(Files.exists(socket), "it takes its socket away");
        }
    }

    /** A new program is enough: it has a configuration, and makes its key. */
    @Test
    void runsWithoutAConfiguration() throws Exception {
        for (int port : new int[] {8081, 8082}) {
            org.junit.jupiter.api.Assumptions.assumeTrue(isFree(port), "port " + port + " is in use here");
        }
        try (CliProcess running = CliProcess.start(home, "dmsg-server")) {
            assertEquals("127.0.0.1:8081", address(running));
            assertTrue(Files.exists(home.resolve(".local/state/skywire/dmsg-server/node.key")));
            endsInTime(running);
        }
    }

    private static boolean isFree(int port) {
        try (Listener listener = PLATFORM.network().listen(new HostPort("127.0.0.1", port))) {
            return listener.local().port() == port;
        } catch (java.io.IOException e) {
            return false;
        }
    }

    @Test
    void haltsWhenTold() throws Exception {
        Path file = config("setup-node", "dmsg.discovery=http://127.0.0.1:1");
        try (CliProcess running = CliProcess.start(home, "setup-node", "-c", file.toString())) {
            running.awaitText(" is ready, serves dmsg port 36 of ");
            String socket =
                    home.resolve(".local/state/skywire/setup-node/control.sock").toString();
            var cli = new Cli(home);
            Await.until("the trouble is known", () -> {
                cli.run("visor", "health", "--control", socket);
                return cli.out().contains("no dmsg server is connected")
                        && cli.out().contains("127.0.0.1:1");
            });
            assertEquals(Exit.OK, cli.run("visor", "halt", "--control", socket), cli.err());
            assertEquals(Exit.OK, running.exitCode());
        }
    }

    @Test
    void aSecondOneOfTheSameFolderIsRefused() throws Exception {
        Path file = config("route-finder", "listening_address=127.0.0.1:0");
        try (CliProcess first = CliProcess.start(home, "route-finder", "-c", file.toString())) {
            address(first);
            try (CliProcess second = CliProcess.start(home, "route-finder", "-c", file.toString())) {
                assertEquals(Exit.FAILED, second.exitCode());
                assertTrue(second.err().startsWith("error: a program runs in "), second.err());
            }
            assertEquals(
                    200,
                    http(address(first))
                            .send(HttpRequest.get("/health"), 10_000, soon())
                            .status());
        }
    }

    /** Killed without warning, in the middle of its work, the discovery knows afterwards what it had confirmed. */
    @Test
    void whatWasConfirmedSurvivesAKill() throws Exception {
        Path file = config("dmsg-discovery", "listening_address=127.0.0.1:0");
        String[] start = {"dmsg-discovery", "-c", file.toString()};
        List<SecretKey> confirmed = new java.util.ArrayList<>();
        try (CliProcess discovery = CliProcess.start(home, start)) {
            var directory = new HttpDmsgDirectory(http(address(discovery)), PLATFORM.clock());
            for (int i = 0; i < 40; i++) {
                SecretKey key = SecretKey.generate(PLATFORM.random());
                publish(directory, key);
                confirmed.add(key);
            }
            Thread writer = PLATFORM.start("test/writer", () -> {
                try {
                    while (true) {
                        publish(directory, SecretKey.generate(PLATFORM.random()));
                    }
                } catch (Exception e) {
                    return; // the discovery is gone
                }
            });
            discovery.kill();
            writer.join();
        }
        try (CliProcess again = CliProcess.start(home, start)) {
            var directory = new HttpDmsgDirectory(http(address(again)), PLATFORM.clock());
            for (SecretKey key : confirmed) {
                assertTrue(directory.entry(key.publicKey(), soon()).isPresent());
            }
            endsInTime(again);
        }
    }

    private static void publish(HttpDmsgDirectory directory, SecretKey key) throws Exception {
        new EntryPublisher(PLATFORM, directory, key)
                .publish(DmsgEntry.client(key.publicKey(), List.of(), DmsgEntry.VISOR), soon());
    }

    /** A small file system of its own that runs full: told once, served from memory, written when there is room. */
    @Test
    void aFullDiskIsToldAndMended() throws Exception {
        Path disk = Files.createDirectory(home.resolve("disk"));
        Path file = config("dmsg-discovery", "listening_address=127.0.0.1:0", "local_path=" + disk);
        List<String> starter = List.of(
                "unshare",
                "-rm",
                "sh",
                "-c",
                "mount -t tmpfs -o size=400k none \"$0\" && head -c 250k /dev/zero >\"$0/filler\" && exec \"$@\"",
                disk.toString());
        org.junit.jupiter.api.Assumptions.assumeTrue(canMount(disk), "no private mounts here");
        try (CliProcess discovery = CliProcess.startUnder(starter, home, "dmsg-discovery", "-c", file.toString())) {
            HttpClient http = http(address(discovery));
            var directory = new HttpDmsgDirectory(http, PLATFORM.clock());
            SecretKey last;
            do {
                last = SecretKey.generate(PLATFORM.random());
                publish(directory, last);
            } while (!discovery.err().contains("cannot be written"));
            assertTrue(directory.entry(last.publicKey(), soon()).isPresent(), "served from memory");
            assertTrue(health(http).contains("\"trouble\":\"the store cannot be written at present\""), health(http));
            assertEquals(
                    1,
                    discovery
                            .err()
                            .lines()
                            .filter(l -> l.contains("cannot be written"))
                            .count());
            assertFalse(discovery.err().contains("\tat "), discovery.err());
            Files.delete(Path.of("/proc/" + discovery.pid() + "/root" + disk + "/filler"));
            discovery.awaitText("is written again");
            assertFalse(health(http).contains("trouble"), health(http));
        }
    }

    /** Strangers that take all descriptors: it waits for better times instead of listening no more. */
    @Test
    void goesOnAfterALackOfDescriptors() throws Exception {
        Path file = config("transport-discovery", "listening_address=127.0.0.1:0", "dmsg.discovery=", "store=memory");
        List<String> starter = List.of("sh", "-c", "ulimit -n 120 && exec \"$@\"", "sh");
        try (CliProcess discovery =
                CliProcess.startUnder(starter, home, "transport-discovery", "-c", file.toString())) {
            String address = address(discovery);
            List<Link> strangers = new java.util.ArrayList<>();
            for (int i = 0; i < 150; i++) {
                strangers.add(PLATFORM.network().dial(skywire.platform.HostPort.parse(address), soon()));
            }
            discovery.awaitText("cannot accept connections on " + address + " for the moment: ");
            strangers.forEach(Link::close);
            assertEquals(
                    200,
                    http(address)
                            .send(HttpRequest.get("/health"), 10_000, soon())
                            .status());
            endsInTime(discovery);
        }
    }

    private static String health(HttpClient http) throws Exception {
        return http.send(HttpRequest.get("/health"), 10_000, soon()).text();
    }

    private static boolean canMount(Path on) throws Exception {
        return new ProcessBuilder("unshare", "-rm", "mount", "-t", "tmpfs", "none", on.toString())
                        .start()
                        .waitFor()
                == 0;
    }
}
