package skywire.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine;
import skywire.platform.Platform;

/**
 * Runs commands one after another, line by line: the same command tree as the command line, and {@code help} and {@code
 * exit}. No failure of a command ends it; Ctrl-C interrupts the running command, a second one leaves it behind. Used by
 * one thread, except {@link #interrupt}.
 */
final class Shell {
    private static final List<Commands> LASTING =
            List.of(Commands.DMSG_DISCOVERY, Commands.TRANSPORT_DISCOVERY, Commands.ROUTE_FINDER, Commands.SETUP_NODE);

    private final Console console;
    private final Tree tree;
    private final AtomicReference<Running> running = new AtomicReference<>();

    /** Makes the commands, anew for each line; the place for commands that only this shell has. */
    @FunctionalInterface
    interface Tree {
        /** A new tree whose commands talk to this console. */
        CommandLine create(Console console);
    }

    /** Where the lines come from. */
    interface Input {
        /** Words of the next line; empty at the end. A line that cannot be understood is told there and skipped. */
        Optional<List<String>> next() throws IOException;

        /** Columns there are for what is printed, now. */
        int width();
    }

    /** A command that runs, and the way to stop waiting for it. */
    private record Running(Thread thread, CountDownLatch over, AtomicBoolean interrupted) {}

    /**
     * A shell that reads nothing yet.
     *
     * @param console where results go; its environment says which program the commands talk to
     */
    Shell(Console console, Tree tree) {
        this.console = console;
        this.tree = tree;
    }

    /** The tree of the command line, without the shell itself; help and completion leave out what only lasts. */
    static CommandLine usualTree(Console console) {
        CommandLine line = Main.commandLine(console, "");
        line.getCommandSpec().removeSubcommand(Commands.SHELL.title());
        for (Commands lasting : LASTING) {
            line.getSubcommands()
                    .get(lasting.title())
                    .getCommandSpec()
                    .usageMessage()
                    .hidden(true);
        }
        return line;
    }

    /** A new tree, to look at. */
    CommandLine tree() {
        return tree.create(console);
    }

    Console console() {
        return console;
    }

    /** Runs until the input ends, or {@code exit}; returns the exit code of the last command. */
    int run(Input input) throws IOException {
        int code = Exit.OK;
        while (true) {
            Optional<List<String>> line = input.next();
            if (line.isEmpty()) {
                return code;
            }
            List<String> words = plain(line.get());
            if (words.isEmpty()) {
                continue;
            }
            if (words.getFirst().equals("exit") || words.getFirst().equals("quit")) {
                return code; // whatever follows
            }
            code = execute(words, console.withWidth(input.width()));
            console.out().flush();
            console.err().flush();
        }
    }

    /** Without what is only needed outside: hints say {@code skywire tp ls}. And {@code help x} is {@code x --help}. */
    private static List<String> plain(List<String> typed) {
        List<String> words = new ArrayList<>(typed);
        if (!words.isEmpty() && words.getFirst().matches("(.*/)?skywire")) {
            words.removeFirst();
        }
        if (!words.isEmpty() && words.getFirst().equals("help")) {
            words.removeFirst();
            words.add("--help");
        }
        return words;
    }

    private int execute(List<String> words, Console to) {
        var over = new CountDownLatch(1);
        var code = new AtomicReference<>(Exit.INTERRUPTED);
        Thread thread = Platform.system().start("shell/" + words.getFirst(), () -> {
            running.set(new Running(Thread.currentThread(), over, new AtomicBoolean()));
            try {
                code.set(tree.create(to).execute(words.toArray(new String[0])));
            } catch (RuntimeException | Error e) {
                code.set(Exit.FAILED);
                console.error("bug: " + e, "please report it with these lines");
                e.printStackTrace(console.err());
            } finally {
                over.countDown();
            }
        });
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            thread.interrupt();
        } finally {
            running.set(null);
        }
        return code.get();
    }

    /**
     * Interrupts the running command; the second time stops waiting for it. Called by whoever hears Ctrl-C.
     *
     * @return whether a command runs
     */
    boolean interrupt() {
        Running now = running.get();
        if (now == null) {
            return false;
        }
        now.thread().interrupt();
        if (now.interrupted().getAndSet(true)) {
            console.note("left behind; it may go on in the background");
            now.over().countDown();
        }
        return true;
    }
}
