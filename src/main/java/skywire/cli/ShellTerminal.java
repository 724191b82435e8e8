package skywire.cli;

import java.io.Closeable;
import java.io.IOError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.InfoCmp;
import org.jline.utils.Signals;
import skywire.config.ConfigException;
import skywire.config.ConfigFile;
import skywire.platform.Failure;

/**
 * A person at a terminal: line editing, completion with Tab, a history that only its owner can read. A terminal that
 * cannot move its cursor gets plain lines.
 */
final class ShellTerminal implements Shell.Input, Closeable {
    private static final String PROMPT = "skywire> ";
    /** How long Tab waits for the node. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final int HISTORY_LINES = 2000;

    private final Terminal terminal;
    private final LineReader reader;
    private final Console console;
    private final boolean interruptLeaves;

    private ShellTerminal(Terminal terminal, LineReader reader, Console console, boolean interruptLeaves) {
        this.terminal = terminal;
        this.reader = reader;
        this.console = console;
        this.interruptLeaves = interruptLeaves;
    }

    /**
     * Takes the terminal of this process over until it is closed.
     *
     * @param history where lines are kept; lines that begin with a space are not
     * @param interruptLeaves whether Ctrl-C with nothing typed ends the input, as Ctrl-D does
     */
    static ShellTerminal open(Shell shell, Path history, boolean interruptLeaves) throws IOException {
        Terminal terminal = TerminalBuilder.builder()
                .name("skywire")
                .system(true)
                .dumb(true)
                .build();
        if (terminal.getType().startsWith(Terminal.TYPE_DUMB)) {
            Signals.register(
                    "INT",
                    () -> { // which the library leaves to us here
                        if (!shell.interrupt()) {
                            shell.console().err().print("\n" + PROMPT);
                            shell.console().err().flush();
                        }
                    });
        }
        return open(terminal, shell, history, interruptLeaves);
    }

    static ShellTerminal open(Terminal terminal, Shell shell, Path history, boolean interruptLeaves) {
        terminal.handle(Terminal.Signal.INT, signal -> shell.interrupt());
        LineReader reader = LineReaderBuilder.builder()
                .terminal(terminal)
                .appName("skywire")
                .parser(parser())
                .completer(new ShellCompleter(shell::tree, new KnownNames(shell.console(), PATIENCE)))
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .option(LineReader.Option.HISTORY_IGNORE_SPACE, true)
                .option(LineReader.Option.HISTORY_IGNORE_DUPS, true)
                .option(LineReader.Option.GROUP, false)
                .variable(LineReader.SECONDARY_PROMPT_PATTERN, "       > ")
                .variable(LineReader.HISTORY_SIZE, HISTORY_LINES)
                .variable(LineReader.HISTORY_FILE_SIZE, HISTORY_LINES)
                .build();
        if (prepare(history)) {
            reader.setVariable(LineReader.HISTORY_FILE, history);
        }
        return new ShellTerminal(terminal, reader, shell.console(), interruptLeaves);
    }

    /** Quotes as in a shell; a line goes on after an open quote or a backslash at its end. */
    private static DefaultParser parser() {
        var parser = new DefaultParser();
        parser.setEofOnUnclosedQuote(true);
        parser.setEofOnEscapedNewLine(true);
        return parser;
    }

    /** Makes the history file, for its owner only; without one the shell works as well. */
    private static boolean prepare(Path history) {
        try {
            ConfigFile.folder(history.toAbsolutePath().getParent());
            var mode = PosixFilePermissions.fromString("rw-------");
            if (Files.exists(history)) {
                Files.setPosixFilePermissions(history, mode);
            } else {
                Files.createFile(history, PosixFilePermissions.asFileAttribute(mode));
            }
            return true;
        } catch (ConfigException e) {
            return false;
        } catch (IOException e) {
            System.getLogger(ShellTerminal.class.getName())
                    .log(System.Logger.Level.DEBUG, "no history: " + Failure.text(e));
            return false;
        }
    }

    @Override
    public int width() {
        return terminal.getWidth() > 0 ? terminal.getWidth() : console.width();
    }

    @Override
    public Optional<List<String>> next() {
        while (true) {
            try {
                String line = reader.readLine(console.paint("1", PROMPT));
                if (!line.strip().equals("clear")) {
                    return Optional.of(words(line));
                }
                terminal.puts(InfoCmp.Capability.clear_screen);
            } catch (UserInterruptException e) {
                if (e.getPartialLine().isBlank()) {
                    if (interruptLeaves) {
                        return Optional.empty();
                    }
                    console.note("Ctrl-D or exit leaves");
                }
            } catch (EndOfFileException | IOError e) {
                return Optional.empty();
            }
        }
    }

    private List<String> words(String line) {
        if (line.isBlank() || line.stripLeading().startsWith("#")) {
            return List.of();
        }
        return reader.getParsedLine().words().stream()
                .filter(word -> !word.isEmpty())
                .toList();
    }

    @Override
    public void close() throws IOException {
        terminal.close();
    }
}
