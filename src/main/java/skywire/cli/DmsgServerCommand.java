package skywire.cli;

import java.io.IOException;
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
import skywire.control.ControlException;
import skywire.directory.KeyClash;
import skywire.dmsg.server.DmsgServer;
import skywire.dmsg.server.DmsgServerConfig;
import skywire.dmsg.server.KeyCheck;
import skywire.dmsg.server.Registration;
import skywire.dmsg.server.ServerHealth;
import skywire.dmsg.server.StatusPages;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.HostPort;
import skywire.platform.Listener;
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
    @Spec
    CommandSpec spec;

    @Mixin
    Program program;

    @Option(
            names = "--max-sessions",
            paramLabel = "N",
            description = "Clients at a time, whatever the configuration says.")
    Integer maxSessions;

    @Option(names = "--force", description = "Start even if another server answers with the same key.")
    boolean force;

    @Override
    public Integer call() throws IOException {
        if (maxSessions != null && (maxSessions < 1 || maxSessions > DmsgServerSettings.MOST_SESSIONS)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--max-sessions " + maxSessions + ": from 1 to " + DmsgServerSettings.MOST_SESSIONS,
                    spec.findOption("--max-sessions"),
                    maxSessions.toString());
        }
        return new ServiceProgram(program, "dmsg-server").run(ControlCommand.console(spec), this::start);
    }

    /** All that its configuration says. */
    record Settings(
            List<Registration> registrations,
            Optional<HostPort> statusAt,
            List<String> statusHosts,
            DmsgServerConfig config) {
        static Settings read(Program.Start start) throws ConfigException {
            Config config = start.config();
            return new Settings(
                    DmsgServerSettings.registrations(config, start.console().environment()),
                    config.address("health_endpoint_address"),
                    config.strings("health_endpoint_hosts"),
                    DmsgServerSettings.read(start));
        }
    }

    private ServiceProgram.Running start(Program.Start start) throws IOException {
        Settings settings = Settings.read(start);
        List<Registration> registrations = settings.registrations();
        Optional<HostPort> statusAt = settings.statusAt();
        DmsgServerConfig config = settings.config();
        if (maxSessions != null) {
            config = config.withMaxSessions(maxSessions);
        }
        if (!force) {
            checkKey(start.platform(), config, registrations);
        }
        Optional<Listener> status = listen(start.platform(), statusAt);
        DmsgServer server;
        try {
            server = DmsgServer.start(start.platform(), config, registrations);
        } catch (IOException e) {
            status.ifPresent(Listener::close);
            throw e;
        }
        Supplier<Optional<String>> trouble = () -> trouble(server);
        var running = new Running(server);
        if (status.isPresent()) {
            running.open(start.platform(), status.get(), statusAt.get().host(), settings.statusHosts(), trouble);
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

    /** Before it listens: two servers with one key split their clients between them. */
    private static void checkKey(Platform platform, DmsgServerConfig config, List<Registration> registrations)
            throws IOException {
        Optional<String> other = KeyCheck.otherServer(platform, config, registrations);
        if (other.isPresent()) {
            throw new ControlException(
                    Failure.Kind.REFUSED,
                    "another server answers with the same key at " + other.get(),
                    "stop that one, give this one a new key (skywire keys rotate -c FILE), or start it anyway:  --force");
        }
    }

    /** Before the server, which others would hear of although it cannot start. */
    private static Optional<Listener> listen(Platform platform, Optional<HostPort> at) throws ConfigException {
        if (at.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(platform.network().listen(at.get()));
        } catch (IOException e) {
            throw new ConfigException(
                    "\"health_endpoint_address\": " + Failure.text(e), "choose another, or \"\" for no such pages");
        }
    }

    private static Optional<String> trouble(DmsgServer server) {
        Optional<KeyClash> clash = server.clash();
        if (clash.isPresent()) {
            return Optional.of(clash.get().text() + "; " + KeyClash.REMEDY);
        }
        ServerHealth health = server.health();
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

        void open(
                Platform platform,
                Listener listener,
                String host,
                List<String> names,
                Supplier<Optional<String>> trouble)
                throws IOException {
            try {
                pages = StatusPages.serve(platform, server, listener, host, names, trouble);
            } catch (IOException e) {
                server.close();
                throw e;
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
}
