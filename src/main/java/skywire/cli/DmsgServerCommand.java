package skywire.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import skywire.config.Config;
import skywire.config.ConfigException;
import skywire.directory.DmsgDirectory;
import skywire.dmsg.server.DmsgServer;
import skywire.dmsg.server.DmsgServerConfig;
import skywire.dmsg.server.ServerHealth;
import skywire.dmsg.server.StatusPages;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.HostPort;
import skywire.platform.Platform;

/** {@code dmsg-server}. */
@Command(
        name = "dmsg-server",
        description = {
            "Run a dmsg server: it relays streams between clients that keep a session with it. Or ask the running one.",
            "TERM or Ctrl-C gives running streams 10 s and begins nothing new; a second one ends it at once."
        },
        subcommands = {DmsgServerViews.Status.class, DmsgServerViews.Peers.class, DmsgServerViews.Sessions.class})
final class DmsgServerCommand implements Callable<Integer> {
    private static final int MOST_SESSIONS = 1_000_000;

    @Spec
    CommandSpec spec;

    @Mixin
    Program program;

    @Option(
            names = "--max-sessions",
            paramLabel = "N",
            description = "Clients at a time, whatever the configuration says.")
    Integer maxSessions;

    @Override
    public Integer call() throws IOException {
        if (maxSessions != null && (maxSessions < 1 || maxSessions > MOST_SESSIONS)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--max-sessions " + maxSessions + ": from 1 to " + MOST_SESSIONS,
                    spec.findOption("--max-sessions"),
                    maxSessions.toString());
        }
        return new ServiceProgram(program, "dmsg-server").run(ControlCommand.console(spec), this::start);
    }

    private ServiceProgram.Running start(Program.Start start) throws IOException {
        DmsgDirectory directory = ServiceConfig.discovery(start.platform(), start.config());
        Optional<HostPort> statusAt = start.config().address("health_endpoint_address");
        List<String> statusHosts = start.config().strings("health_endpoint_hosts");
        DmsgServerConfig config = read(start);
        if (maxSessions != null) {
            config = config.withMaxSessions(maxSessions);
        }
        DmsgServer server = DmsgServer.start(start.platform(), config, directory);
        Supplier<Optional<String>> trouble = () -> trouble(server.health());
        var running = new Running(server);
        if (statusAt.isPresent()) {
            running.open(start.platform(), statusAt.get(), statusHosts, trouble);
        }
        return new ServiceProgram.Running(
                server.key(),
                "listens on " + server.address(),
                trouble,
                info -> {
                    ServerHealth health = server.health();
                    info.addProperty("address", server.address().toString());
                    info.addProperty("sessions", health.sessions());
                    info.addProperty("streams", health.streams());
                    info.addProperty("relayed_bytes", health.bytesRelayed());
                },
                new DmsgServerControl(server, trouble, running.pages()).methods(),
                running);
    }

    private static Optional<String> trouble(ServerHealth health) {
        if (health.draining()) {
            return Optional.of("it is about to end: nothing new begins, " + health.streams() + " streams may finish");
        }
        return health.published()
                ? Optional.empty()
                : Optional.of("the discovery does not know of this server yet, so clients do not find it");
    }

    /** The server, and its pages if it has them. */
    private static final class Running implements Draining {
        private final DmsgServer server;
        private StatusPages pages; // set before it is known to anybody; null for none

        Running(DmsgServer server) {
            this.server = server;
        }

        void open(Platform platform, HostPort at, List<String> hosts, Supplier<Optional<String>> trouble)
                throws ConfigException {
            try {
                pages = StatusPages.open(platform, server, at, hosts, trouble);
            } catch (IOException e) {
                server.close();
                throw new ConfigException(
                        "\"health_endpoint_address\": " + Failure.text(e), "choose another, or \"\" for no such pages");
            }
        }

        /** Where the pages are; empty if there are none. */
        String pages() {
            return pages == null ? "" : pages.address().toString();
        }

        @Override
        public void drain(Deadline until) throws IOException {
            server.drain(until);
        }

        @Override
        public void close() {
            if (pages != null) {
                pages.close();
            }
            server.close();
        }
    }

    private static DmsgServerConfig read(Program.Start start) throws ConfigException {
        Config config = start.config();
        HostPort listen = config.has("local_address")
                ? config.address("local_address", ":8081")
                : config.address("listening_address", ":8081");
        String published =
                config.address("public_address").map(HostPort::toString).orElse("");
        String type = config.string("server_type", "");
        int sessions = config.integer("max_sessions", 2048, 1, MOST_SESSIONS);
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
