package skywire.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import skywire.directory.FixedDirectory;
import skywire.dmsg.server.DmsgServer;
import skywire.dmsg.server.DmsgServerConfig;
import skywire.key.SecretKey;
import skywire.platform.HostPort;
import skywire.platform.Platform;

/** A dmsg server without a directory. */
final class ServerNode implements Node.Role {
    private final DmsgServer server;

    ServerNode() throws IOException {
        Platform platform = Platform.system();
        var config = DmsgServerConfig.of(SecretKey.generate(platform.random()), new HostPort("127.0.0.1", 0), "")
                .withMaxSessions(20_000)
                .withRefresh(Duration.ofHours(1));
        server = DmsgServer.start(platform, config, new FixedDirectory());
    }

    @Override
    public String answer(String question, List<String> words) {
        return switch (question) {
            case "address" -> server.key() + " " + server.address();
            case "sessions" -> String.valueOf(server.health().sessions());
            default -> "error no question " + question;
        };
    }
}
