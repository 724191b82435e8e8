package skywire.cli;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import picocli.CommandLine.Option;
import skywire.config.Config;
import skywire.config.ConfigException;
import skywire.config.ConfigFile;
import skywire.control.ControlPath;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.platform.Platform;

/** What all lasting programs share: options, configuration, log, and an end by Ctrl-C or by being told. */
final class Program {
    private static final long CLOSE_MILLIS = 2000;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description =
                    "Its configuration (see: skywire config gen; default: as the example, in the built-in deployment).")
    Path file;

    @Option(
            names = "--log-level",
            paramLabel = "LEVEL",
            description = "error, warn, info, debug or trace (default: as the configuration says, else info).")
    String logLevel;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    /** Puts a program together and starts it. */
    @FunctionalInterface
    interface Starter {
        /** Starts it; what is returned ends it. */
        Closeable start(Start start) throws IOException;
    }

    /**
     * What a program gets for its start.
     *
     * @param config its configuration; ask it for everything it may say, as the rest is warned about afterwards
     * @param folder where it keeps its state, made by now
     * @param halt ends the program when run, e.g. by a control method
     */
    record Start(Platform platform, Console console, Config config, Path folder, Runnable halt) {
        /** The program's key: from the configuration, else from {@code node.key} in its folder, made if need be. */
        SecretKey key(String secret, String pub) throws ConfigException {
            var stated = config.secretKey(secret, pub);
            return stated.isPresent() ? stated.get() : keyFile(pub);
        }

        /** The key in {@code node.key} in the program's folder, made if need be; {@code pk} must belong to it. */
        SecretKey keyFile() throws ConfigException {
            return keyFile("pk");
        }

        /** Whoever states a public key wants that identity: it is never replaced by another one. */
        private SecretKey keyFile(String pub) throws ConfigException {
            Path file = folder.resolve("node.key");
            Optional<PublicKey> stated = config.publicKey(pub);
            if (stated.isPresent() && !Files.exists(file)) {
                String what = "\"" + pub + "\" is set, but the secret key is neither here nor in " + file;
                throw new ConfigException(
                        config.error(pub, what).getMessage(),
                        "put it there; or remove \"" + pub + "\", and a new key is made");
            }
            SecretKey key = ConfigFile.key(file, platform);
            if (stated.isPresent() && !stated.get().equals(key.publicKey())) {
                throw config.error(
                        pub,
                        "\"" + pub + "\" does not belong to the key in " + file + " (it is "
                                + key.publicKey().brief() + "…)");
            }
            return key;
        }
    }

    /**
     * Runs a program until Ctrl-C, or until it is told to halt.
     *
     * @param name what it is called; the default name of its folder
     */
    int run(Console console, String name, Starter starter) throws IOException {
        Config config = file == null
                ? Config.parse(
                        "built-in configuration",
                        ConfigCommand.Gen.usual(name, console.environment()).text())
                : ConfigFile.read(file);
        if (file != null) {
            ConfigKind.checkOwner(name, config);
        }
        Logs.start(level(config, logLevel));
        Path folder = folder(console, config, name);
        var halted = new CountDownLatch(1);
        Closeable program = starter.start(new Start(Platform.system(), console, config, folder, halted::countDown));
        config.warnings().forEach(console::warning);
        if (program instanceof Draining draining) {
            return SignalledEnd.await(draining, halted);
        }
        awaitEnd(program, halted);
        return Exit.OK;
    }

    /** The level of the log; {@code chosen} comes first unless it is null. */
    static Level level(Config config, String chosen) throws ConfigException {
        String configured = config.string("log_level", "info");
        String name = chosen == null ? configured : chosen;
        return Logs.level(name)
                .orElseThrow(() ->
                        new ConfigException("\"" + name + "\" is not a log level (error, warn, info, debug, trace)"));
    }

    private static Path folder(Console console, Config config, String name) throws ConfigException {
        String stated = config.string("local_path", "");
        Path usual = ControlPath.state(console.environment(), name.equals("visor") ? "skywire" : "skywire/" + name);
        Path folder = stated.isEmpty() ? usual : Path.of(stated);
        ConfigFile.folder(folder);
        return folder;
    }

    /** Waits for the end, from within or by a signal, and closes the program; that takes 2 s at most. */
    static void awaitEnd(Closeable program, CountDownLatch halted) throws IOException {
        closeOnSignal(program);
        try {
            halted.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        closeInTime(program);
    }

    /** Has the program closed when the process is ended by a signal; at once if that has come. */
    static void closeOnSignal(Closeable program) {
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> closeInTime(program), "end"));
        } catch (IllegalStateException e) { // too late for a hook
            closeInTime(program);
        }
    }

    /** Closes the program, but waits no longer than 2 s for that. */
    static void closeInTime(Closeable program) {
        Thread closer = Thread.ofVirtual().name("end").start(() -> {
            try {
                program.close();
            } catch (IOException e) {
                System.getLogger(Program.class.getName()).log(System.Logger.Level.DEBUG, "while closing", e);
            }
        });
        try {
            closer.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
