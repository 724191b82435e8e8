package skywire.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import skywire.config.Config;
import skywire.config.ConfigException;
import skywire.directory.DmsgDirectory;
import skywire.dmsg.server.DmsgServer;
import skywire.dmsg.server.DmsgServerConfig;
import skywire.dmsg.server.ServerHealth;
import skywire.platform.HostPort;

/** {@code dmsg-server}. */
@Command(
        name = "dmsg-server",
        description = "Run a dmsg server: it relays streams between clients that keep a session with it.")
final class DmsgServerCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Mixin
    Program program;

    @Override
    public Integer call() throws IOException {
        return new ServiceProgram(program, "dmsg-server").run(ControlCommand.console(spec), DmsgServerCommand::start);
    }

    private static ServiceProgram.Running start(Program.Start start) throws IOException {
        DmsgDirectory directory = ServiceConfig.discovery(start.platform(), start.config());
        DmsgServerConfig config = read(start);
        DmsgServer server = DmsgServer.start(start.platform(), config, directory);
        return new ServiceProgram.Running(
                server.key(),
                "listens on " + server.address(),
                () -> server.health().published()
                        ? Optional.empty()
                        : Optional.of("the discovery does not know of this server yet, so clients do not find it"),
                info -> {
                    ServerHealth health = server.health();
                    info.addProperty("address", server.address().toString());
                    info.addProperty("sessions", health.sessions());
                    info.addProperty("streams", health.streams());
                    info.addProperty("relayed_bytes", health.bytesRelayed());
                },
                server);
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
        Duration clocks = config.duration("clock_tolerance", Duration.ZERO);
        Duration idle = atLeastASecond(config, "stream_idle", Duration.ofMinutes(5));
        return DmsgServerConfig.of(ServiceConfig.key(start), listen, published)
                .withServerType(type)
                .withMaxSessions(sessions)
                .withMaxSessionsPerAddress(perAddress)
                .withRefresh(refresh)
                .withClockTolerance(clocks)
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
