package skywire.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import skywire.config.Config;
import skywire.config.ConfigException;
import skywire.control.ControlException;
import skywire.directory.DmsgDirectory;
import skywire.directory.KeyClash;
import skywire.dmsg.server.DmsgServer;
import skywire.dmsg.server.DmsgServerConfig;
import skywire.dmsg.server.KeyCheck;
import skywire.dmsg.server.ServerHealth;
import skywire.platform.Failure;
import skywire.platform.HostPort;
import skywire.platform.Platform;

/** {@code dmsg-server}. */
@Command(
        name = "dmsg-server",
        description = "Run a dmsg server: it relays streams between clients that keep a session with it.")
final class DmsgServerCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Mixin
    Program program;

    @Option(names = "--force", description = "Start even if another server answers with the same key.")
    boolean force;

    @Override
    public Integer call() throws IOException {
        return new ServiceProgram(program, "dmsg-server").run(ControlCommand.console(spec), this::start);
    }

    private ServiceProgram.Running start(Program.Start start) throws IOException {
        DmsgDirectory directory = ServiceConfig.discovery(start.platform(), start.config());
        DmsgServerConfig config = read(start);
        if (!force) {
            checkKey(start.platform(), config, directory);
        }
        DmsgServer server = DmsgServer.start(start.platform(), config, directory);
        return new ServiceProgram.Running(
                server.key(),
                "listens on " + server.address(),
                () -> trouble(server),
                info -> {
                    ServerHealth health = server.health();
                    info.addProperty("address", server.address().toString());
                    info.addProperty("sessions", health.sessions());
                    info.addProperty("streams", health.streams());
                    info.addProperty("relayed_bytes", health.bytesRelayed());
                },
                server);
    }

    /** Before it listens: two servers with one key split their clients between them. */
    private static void checkKey(Platform platform, DmsgServerConfig config, DmsgDirectory directory)
            throws IOException {
        String own = config.publicAddress().isEmpty() ? config.listen().toString() : config.publicAddress();
        Optional<String> other =
                KeyCheck.otherServer(platform, directory, config.key().publicKey(), own);
        if (other.isPresent()) {
            throw new ControlException(
                    Failure.Kind.REFUSED,
                    "another server answers with the same key at " + other.get(),
                    "stop that one, give this one a new key (skywire keys rotate -c FILE), or start it anyway:  --force");
        }
    }

    private static Optional<String> trouble(DmsgServer server) {
        Optional<KeyClash> clash = server.clash();
        if (clash.isPresent()) {
            return Optional.of(clash.get().text() + "; " + KeyClash.REMEDY);
        }
        return server.health().published()
                ? Optional.empty()
                : Optional.of("the discovery does not know of this server yet, so clients do not find it");
    }

    private static DmsgServerConfig read(Program.Start start) throws ConfigException {
        Config config = start.config();
        HostPort listen = config.has("local_address")
                ? config.address("local_address", ":8081")
                : config.address("listening_address", ":8081");
        String published =
                config.address("public_address").map(HostPort::toString).orElse("");
        String type = config.string("server_type", "");
        int sessions = config.integer("max_sessions", 2048, 1, 1_000_000);
        int perAddress = config.integer("max_sessions_per_address", 0, 0, 1_000_000);
        Duration refresh = atLeastASecond(config, "update_interval", Duration.ofMinutes(1));
        Duration idle = atLeastASecond(config, "stream_idle", Duration.ofMinutes(5));
        return DmsgServerConfig.of(ServiceConfig.key(start), listen, published)
                .withServerType(type)
                .withMaxSessions(sessions)
                .withMaxSessionsPerAddress(perAddress)
                .withRefresh(refresh)
                .withIdle(idle);
    }

    private static Duration atLeastASecond(Config config, String name, Duration usual) throws ConfigException {
        Duration time = config.duration(name, usual);
        if (time.compareTo(Duration.ofSeconds(1)) < 0) {
            throw config.error(name, "\"" + name + "\" must be at least 1s");
        }
        return time;
    }
}
