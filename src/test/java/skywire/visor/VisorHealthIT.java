package skywire.visor;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import skywire.config.Config;
import skywire.key.SecretKey;
import skywire.platform.HostPort;
import skywire.platform.Platform;
import skywire.testkit.Await;

/** What a visor says of itself where something is missing. */
@Timeout(60)
class VisorHealthIT {
    private static final Platform PLATFORM = Platform.system();

    @TempDir
    Path folder;

    private Visor visor(String seed) throws Exception {
        String text = """
                {"dmsg": {"discovery": "http://127.0.0.1:1"}, "transport": {"discovery": "http://127.0.0.1:2"},
                 "skywire-tcp": {"listening_address": "127.0.0.1:0"}}
                """;
        SecretKey key = SecretKey.fromSeed(seed.getBytes());
        return Visor.start(PLATFORM, VisorConfig.read(Config.parse("c.json", text), () -> key, folder.resolve(seed)));
    }

    private static String told(Visor visor, String check) {
        for (JsonElement one : VisorHealth.of(visor).getAsJsonArray("checks")) {
            if (one.getAsJsonObject().get("name").getAsString().equals(check)) {
                return one.getAsJsonObject().get("text").getAsString();
            }
        }
        return "";
    }

    @Test
    void aTransportThatIsNotRegisteredIsToldOf() throws Exception {
        try (Visor one = visor("one");
                Visor two = visor("two")) {
            one.know(two.key(), HostPort.parse(two.stcpAddress()));
            one.connect(two.key(), Optional.of("stcp"), PLATFORM.clock().in(Duration.ofSeconds(10)));
            String wanted = "1 of 1 not registered: the transport discovery http://127.0.0.1:2 does not answer";
            Await.until(
                    "the line",
                    () -> told(one, "transports").equals(wanted)
                            || told(two, "transports").equals(wanted));
            assertTrue(told(one, "dmsg").startsWith("no session with any server: "), told(one, "dmsg"));
        }
    }
}
