package skywire.cli;

import com.google.gson.JsonObject;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import skywire.config.ConfigException;
import skywire.config.ConfigFile;
import skywire.control.ControlClient;
import skywire.control.ControlException;
import skywire.control.ControlPath;
import skywire.control.ControlServer;
import skywire.control.Progress;
import skywire.local.LocalControl;
import skywire.local.LocalNetwork;
import skywire.local.LocalSettings;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.HostPort;
import skywire.platform.Platform;

/** A whole network on this machine, with a proxy through it. */
@Command(
        name = "local",
        description = {
            "Run a whole network on this machine, with a proxy through it: the deployment that is built in.",
            "Its exit also reaches 127.0.0.0/8, so that servers on this machine can be tried; no other exit does that."
        })
final class LocalCommand implements Callable<Integer> {
    private static final String NAME = "skywire-local";
    private static final int USUAL_HOPS = 3;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Where keys and the control socket are kept (default: the state folder skywire-local).")
    Path dir;

    @Option(
            names = "--visors",
            paramLabel = "N",
            defaultValue = "8",
            description = "How many visors (default: ${DEFAULT-VALUE}).")
    int visors;

    @Option(
            names = "--hops",
            paramLabel = "N",
            description = "Hops of the route to the exit (default: 3, or as many as there can be).")
    Integer hops;

    @Option(
            names = {"--mux", "--routes"},
            paramLabel = "N",
            defaultValue = "1",
            description = "Legs of that route, 1 to 16, which share no visor on the way (default: ${DEFAULT-VALUE}).")
    int mux;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "9090",
            description =
                    "Port of the dmsg discovery; the directories take the next two, the dmsg servers those 1000 above "
                            + "or any others that are free (default: ${DEFAULT-VALUE}).")
    int port;

    @Option(
            names = "--socks",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:1080",
            description = "Where the SOCKS5 proxy listens (default: ${DEFAULT-VALUE}).")
    String socks;

    @Option(
            names = "--http",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:8118",
            description = "Where the HTTP proxy listens (default: ${DEFAULT-VALUE}).")
    String http;

    @Option(
            names = "--fetch",
            paramLabel = "URL",
            converter = UrlConverter.class,
            description =
                    "Download this through the route, by the network that runs in DIR or else a new one, and end.")
    URI fetch;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Where the download goes, - for the output (default: the last part of the URL, here).")
    Path output;

    @Option(names = "--json", description = "Print the result of --fetch as JSON.")
    boolean json;

    @Option(
            names = "--log-level",
            paramLabel = "LEVEL",
            defaultValue = "warn",
            description = "error, warn, info, debug or trace (default: ${DEFAULT-VALUE}).")
    String logLevel;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    @Spec
    CommandSpec spec;

    private final Platform platform = Platform.system();

    @Override
    public Integer call() throws IOException {
        Console console = ControlCommand.console(spec);
        Logs.start(level());
        Path socket = folder(console).resolve(ControlPath.NAME);
        if (fetch == null) {
            if (output != null || json) {
                throw new ParameterException(spec.commandLine(), "--output and --json belong to --fetch");
            }
            run(console, settings(), socket);
            return Exit.OK;
        }
        var download = new Fetch(platform, console, socket, json);
        download.check(fetch, output);
        if (download.isRunning(Optional.ofNullable(hops), asked("--mux") ? Optional.of(mux) : Optional.empty())) {
            return download.run(fetch, output);
        }
        var running = open(console, settings(), socket, () -> {});
        Program.closeOnSignal(running);
        try {
            return download.run(fetch, output);
        } finally {
            Program.closeInTime(running);
        }
    }

    /** Network and control socket, which end together. */
    private record Running(LocalNetwork network, ControlServer control) implements Closeable {
        @Override
        public void close() {
            network.close();
            control.close();
        }
    }

    private void run(Console console, LocalSettings settings, Path socket) throws IOException {
        var halted = new CountDownLatch(1);
        Running running = open(console, settings, socket, halted::countDown);
        show(console, running.network(), socket);
        if (console.terminal()) {
            // A thread of its own: it waits in the kernel for keys, and is left there when the network is halted.
            platform.startOutside("shell", () -> shell(console, socket, halted::countDown));
        }
        Program.awaitEnd(running, halted);
    }

    private static void shell(Console console, Path socket, Runnable halt) {
        Map<String, String> environment = new HashMap<>(console.environment());
        environment.put("SKYWIRE_CONTROL", socket.toAbsolutePath().toString());
        var shell = new Shell(console.with(environment), Shell::usualTree);
        try (ShellTerminal terminal = ShellTerminal.open(shell, ShellCommand.history(console), true)) {
            shell.run(terminal);
        } catch (IOException e) {
            console.warning("no shell on this terminal: " + Failure.text(e) + "; Ctrl-C ends the network");
            return;
        }
        halt.run();
    }

    private Running open(Console console, LocalSettings settings, Path socket, Runnable halt) throws IOException {
        LocalStages.title(console, socket.getParent().toString());
        ControlServer control = control(console, socket);
        try {
            LocalNetwork network = LocalNetwork.start(platform, settings, new LocalStages(console, platform.clock()));
            LocalControl.register(platform, network, control, halt);
            control.stage("");
            return new Running(network, control);
        } catch (Failure e) {
            control.close();
            throw e.kind() == Failure.Kind.REFUSED ? inUse(e) : e;
        } catch (IOException | RuntimeException e) {
            control.close();
            throw e;
        }
    }

    private ControlServer control(Console console, Path socket) throws IOException {
        try {
            return ControlServer.start(platform, socket);
        } catch (ControlException e) {
            throw new ControlException(
                    e.kind(),
                    "a network runs in " + socket.getParent() + " already",
                    "use it (skywire shell" + to(console, socket) + "), stop it (skywire visor halt"
                            + to(console, socket) + "), or choose another folder:  --dir DIR");
        }
    }

    /** What a command needs in order to find that socket; nothing for the usual one. */
    private static String to(Console console, Path socket) {
        boolean isUsual = socket.getParent().equals(ControlPath.state(console.environment(), NAME));
        return isUsual ? "" : " --control '" + socket + "'";
    }

    private static IOException inUse(Failure e) {
        return new ControlException(
                e.kind(), Failure.text(e), "if a port is taken, choose others:  --port, --socks, --http (and --dir)");
    }

    private static void show(Console console, LocalNetwork network, Path socket) throws IOException {
        network.path(); // until the round trips are known
        Deadline limit = Platform.system().clock().in(Duration.ofSeconds(10));
        var status = new ControlClient(Platform.system(), socket)
                .call("proxy.status", new JsonObject(), Progress.NONE, limit);
        for (Fields proxy : Fields.list(status.getAsJsonObject(), "proxies")) {
            console.line("");
            List<Fields> legs = Legs.of(proxy);
            if (legs.isEmpty()) {
                Hops.print(console, Fields.list(proxy.json(), "hops"), false, "you ", "  exit");
            } else {
                Legs.tree(console, legs, "you ", "  exit");
            }
            Legs.countLines(proxy, console, 2).forEach(console::line);
            console.line("");
            console.line(
                    "  SOCKS5  " + proxy.text("socks") + (proxy.has("http") ? "   HTTP  " + proxy.text("http") : ""));
            console.line("  try it: curl --socks5-hostname " + proxy.text("socks") + " https://example.com");
        }
    }

    private LocalSettings settings() throws IOException {
        try {
            return new LocalSettings(
                    visors,
                    hops == null ? Math.min(USUAL_HOPS, LocalSettings.mostHops(visors, mux)) : hops,
                    mux,
                    port,
                    HostPort.parse(socks),
                    Optional.of(HostPort.parse(http)),
                    name -> ConfigFile.key(
                            folder(ControlCommand.console(spec)).resolve("keys").resolve(name + ".key"), platform));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
    }

    private boolean asked(String option) {
        return spec.commandLine().getParseResult().hasMatchedOption(option);
    }

    private Path folder(Console console) throws ConfigException {
        Path folder = dir == null ? ControlPath.state(console.environment(), NAME) : dir;
        ConfigFile.folder(folder);
        return folder;
    }

    private Level level() {
        return Logs.level(logLevel)
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(),
                        "\"" + logLevel + "\" is not a log level (error, warn, info, debug, trace)"));
    }
}
