package skywire.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import skywire.key.SecretKey;
import skywire.platform.HostPort;
import skywire.platform.Listener;
import skywire.platform.Platform;
import skywire.testkit.Await;
import skywire.testkit.CliProcess;

/** A visor, as a process, that knows a dmsg server and keys only, and starts before anything else. */
@Timeout(180)
class BootIT {
    private static final Platform PLATFORM = Platform.system();

    @TempDir
    Path home;

    private record Node(Path config, String key) {}

    private Node config(String program, String... settings) throws Exception {
        Path file = home.resolve(program + ".json");
        var words = new ArrayList<>(List.of("config", "gen", program, "-o", file.toString()));
        for (String setting : settings) {
            words.addAll(List.of("--set", setting));
        }
        var cli = new Cli(home);
        assertEquals(Exit.OK, cli.run(words.toArray(String[]::new)), cli.err());
        String secret = Files.readString(file).replaceAll("(?s).*\"sk\": \"([0-9a-f]*)\".*", "$1");
        return new Node(file, SecretKey.parse(secret).publicKey().hex());
    }

    private CliProcess start(String program, Node node) throws Exception {
        return CliProcess.start(home, program, "-c", node.config().toString());
    }

    private static HostPort freePort() throws Exception {
        try (Listener listener = PLATFORM.network().listen(HostPort.parse("127.0.0.1:0"))) {
            return listener.local();
        }
    }

    private String health() {
        var cli = new Cli(home);
        int code = cli.run("visor", "health");
        return code == Exit.OK || code == Exit.FAILED ? cli.out() : "";
    }

    @Test
    void saysThatNoServerIsReachableAndHealsWhenOneComes() throws Exception {
        HostPort server = freePort();
        HostPort http = freePort();
        Node relay = config("dmsg-server", "listening_address=" + server, "health_endpoint_address=");
        String servers = "[{\"static\": \"" + relay.key() + "\", \"server\": {\"address\": \"" + server + "\"}}]";
        Node discovery = config(
                "dmsg-discovery",
                "listening_address=" + http,
                "test_mode=true",
                "store=memory",
                "dmsg.servers=" + servers);
        String text = Files.readString(relay.config());
        String deployment = "\"dmsg\": {\"discovery_dmsg\": \"dmsg://" + discovery.key() + ":80\"}";
        Files.writeString(relay.config(), text.replace("\"dmsg\": null", deployment));
        Node transports = config(
                "transport-discovery",
                "listening_address=127.0.0.1:0",
                "store=memory",
                "dmsg.discovery=http://" + http);
        Node visor = config(
                "visor",
                "dmsg.discovery=",
                "dmsg.discovery_dmsg=dmsg://" + discovery.key() + ":80",
                "dmsg.servers=" + servers,
                "transport.discovery=dmsg://" + transports.key(),
                "routing.route_finder=");
        try (CliProcess running = start("visor", visor)) {
            long before = PLATFORM.clock().nanoTime();
            running.awaitText(" is up, stcp ");
            Await.until("it says what is wrong", () -> health().contains("no session with any server: "));
            Duration took = Duration.ofNanos(PLATFORM.clock().nanoTime() - before);
            assertTrue(took.compareTo(Duration.ofSeconds(15)) < 0, "took " + took);
            assertTrue(health().startsWith("RED"), health());
            try (CliProcess one = start("dmsg-discovery", discovery)) {
                one.awaitText(" is ready, ");
                try (CliProcess two = start("dmsg-server", relay);
                        CliProcess three = start("transport-discovery", transports)) {
                    two.awaitText(" is ready, ");
                    three.awaitText(" is ready, ");
                    Await.until("it heals", () -> health().contains("dmsg        1 session"));
                    assertEquals(
                            "",
                            running.err()
                                    .lines()
                                    .filter(l -> l.contains("ERROR"))
                                    .findFirst()
                                    .orElse(""));
                }
            }
        }
    }
}
