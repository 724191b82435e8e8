package skywire.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import skywire.key.SecretKey;
import skywire.testkit.Await;
import skywire.testkit.CliProcess;

/** Secret keys leave a running network by none of the ways by which it tells of itself (threats §8). */
@Timeout(120)
class SecretLeakIT {
    private static final String PASSCODE = "hunter2-hunter2";

    @TempDir
    Path home;

    /** What was told, by where it was told. */
    private final Map<String, String> told = new LinkedHashMap<>();

    private String run(String... command) {
        var cli = new Cli(home);
        cli.environment.put("SKYWIRE_CONTROL", home.resolve("net/control.sock").toString());
        cli.run(command);
        told.put(String.join(" ", command), cli.out() + cli.err());
        return cli.out() + cli.err();
    }

    private List<String> secrets() throws Exception {
        List<String> secrets = new ArrayList<>();
        try (Stream<Path> files = Files.list(home.resolve("net/keys"))) {
            for (Path file : files.toList()) {
                secrets.add(Files.readString(file).strip().toLowerCase(Locale.ROOT));
            }
        }
        return secrets;
    }

    /** By the JDK's own tool, as an operator would. */
    private String jcmd(CliProcess process, String... words) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
        command.add(Long.toString(process.pid()));
        command.addAll(List.of(words));
        Path out = home.resolve("jcmd.out");
        Process jcmd = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        assertEquals(0, jcmd.waitFor(), Files.readString(out));
        return Files.readString(out);
    }

    @Test
    void noSecretIsTold() throws Exception {
        HttpServer web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        web.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 5);
            exchange.getResponseBody().write(new byte[5]);
            exchange.close();
        });
        web.start();
        String url = "http://127.0.0.1:" + web.getAddress().getPort() + "/x";
        String dir = home.resolve("net").toString();
        try (CliProcess network = CliProcess.start(
                home,
                "local",
                "--dir",
                dir,
                "--port",
                "0",
                "--socks",
                "127.0.0.1:0",
                "--http",
                "127.0.0.1:0",
                "--visors",
                "4",
                "--log-level",
                "trace")) {
            Await.until(
                    "the network is ready",
                    () -> run("visor", "health").contains("GREEN")
                            && run("proxy", "status").contains("127.0.0.1"));
            Path got = home.resolve("x");
            String fetched = run("local", "--dir", dir, "--fetch", url, "-o", got.toString());
            assertTrue(Files.exists(got), fetched);
            String exit = run("proxy", "list").replaceAll("(?s).*?(0[23][0-9a-f]{64}).*", "$1");
            run("proxy", "start", "--pk", exit, "--name", "other", "--addr", "127.0.0.1:0", "--passcode", PASSCODE);
            for (String what : List.of("info", "state", "health", "ls")) {
                run("visor", what, "--json");
            }
            for (String what : List.of("tp", "route", "rg")) {
                run(what, "ls", "--json");
            }
            run("proxy", "status", "--json");
            Path dump = home.resolve("threads.json");
            jcmd(network, "Thread.dump_to_file", "-format=json", dump.toString());
            told.put("thread dump", Files.readString(dump));
            told.put("command line", jcmd(network, "VM.command_line"));
            network.terminate();
            network.exitCode();
            told.put("output", network.out());
            told.put("log", network.err());
        } finally {
            web.stop(0);
        }
        wrongConfiguration();

        List<String> secrets = new ArrayList<>(secrets());
        assertTrue(secrets.size() >= 4 && secrets.stream().allMatch(s -> s.matches("[0-9a-f]{64}")), "no secrets");
        secrets.add(PASSCODE);
        told.forEach((where, text) -> {
            for (String secret : secrets) {
                assertFalse(text.toLowerCase(Locale.ROOT).contains(secret), () -> "a secret in: " + where);
            }
        });
        assertTrue(told.get("visor state --json").contains("local_pk"), () -> told.get("visor state --json"));
        assertTrue(told.get("thread dump").contains("skywire.dmsg."), "not a dump of the network");
        assertTrue(told.get("log").contains("DEBUG"), "not a log of all there is");
    }

    /** A secret that does not fit its public key, as the error that says so. */
    private void wrongConfiguration() throws Exception {
        String secret = secrets().getFirst();
        String other = SecretKey.fromSeed(new byte[] {1}).publicKey().hex();
        Path file = home.resolve("wrong.json");
        Files.writeString(file, "{\"sk\": \"" + secret + "\", \"pk\": \"" + other + "\", \"dmsg\": {}}");
        Files.setPosixFilePermissions(file, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
        try (CliProcess visor = CliProcess.start(home, "visor", "-c", file.toString(), "--log-level", "trace")) {
            assertNotEquals(0, visor.exitCode());
            told.put("error", visor.out() + visor.err());
        }
    }
}
