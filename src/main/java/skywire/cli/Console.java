package skywire.cli;

import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * Where a command talks: results to {@code out}, progress and errors to {@code err}.
 *
 * @param terminal whether a person looks at it; colours and redrawing only then
 * @param width columns of the terminal; {@link #UNLIMITED} where there is none, as nothing is to be cut then
 * @param environment variables such as {@code HOME}
 * @param in what is typed or piped in, for the few commands that read it
 * @param bytes where results go that are no text; the same place as {@code out}, which is flushed before it is used
 */
record Console(
        PrintWriter out,
        PrintWriter err,
        boolean terminal,
        int width,
        Map<String, String> environment,
        InputStream in,
        OutputStream bytes) {
    /** The width of a file or a pipe. */
    static final int UNLIMITED = 100_000;

    private static final int USUAL_WIDTH = 100;
    private static final int LEAST_PROSE = 55;
    private static final int MOST_PROSE = 120;

    /** One for commands that only print text. */
    Console(PrintWriter out, PrintWriter err, boolean terminal, int width, Map<String, String> environment) {
        this(out, err, terminal, width, environment, InputStream.nullInputStream(), OutputStream.nullOutputStream());
    }

    /** The process's own. */
    static Console system() {
        java.io.Console console = System.console();
        boolean terminal = console != null && console.isTerminal();
        var results = new ResultStream(new FileOutputStream(FileDescriptor.out));
        boolean signs = Signs.areShown(System.getenv());
        return new Console(
                writer(results, signs),
                writer(new FileOutputStream(FileDescriptor.err), signs),
                terminal,
                columns(System.getenv(), terminal),
                System.getenv(),
                new FileInputStream(FileDescriptor.in),
                results);
    }

    private static PrintWriter writer(OutputStream bytes, boolean signs) {
        var text = new BufferedWriter(new OutputStreamWriter(bytes, StandardCharsets.UTF_8));
        return new PrintWriter(signs ? text : new Signs(text), true);
    }

    /** {@code COLUMNS} counts if it is there: the launcher sets it on a terminal, or somebody wants it so. */
    static int columns(Map<String, String> environment, boolean terminal) {
        String columns = environment.getOrDefault("COLUMNS", "");
        if (columns.matches("[1-9][0-9]{1,3}")) {
            return Integer.parseInt(columns);
        }
        return terminal ? USUAL_WIDTH : UNLIMITED;
    }

    /** Columns for running text, such as help: it is broken where there is no terminal too. */
    int proseWidth() {
        return width == UNLIMITED ? USUAL_WIDTH : Math.clamp(width, LEAST_PROSE, MOST_PROSE);
    }

    /** The same with other variables in the environment. */
    Console with(Map<String, String> variables) {
        return new Console(out, err, terminal, width, Map.copyOf(variables), in, bytes);
    }

    /** The same for another width of the terminal. */
    Console withWidth(int columns) {
        return new Console(out, err, terminal, columns, environment, in, bytes);
    }

    /** Why a part of the results could not be written; to be asked when all of them have been flushed. */
    Optional<String> lost() {
        return bytes instanceof ResultStream results ? results.lost() : Optional.empty();
    }

    /** Whether to use colours: on a terminal, unless {@code NO_COLOR} is set. */
    boolean colour() {
        return terminal && environment.getOrDefault("NO_COLOR", "").isEmpty();
    }

    /** A line of the result. */
    void line(String text) {
        out.println(text);
    }

    /** A line about what goes on. */
    void note(String text) {
        err.println(text);
    }

    /** A failure, and what to do about it (which may be null). */
    void error(String text, String hint) {
        out.flush();
        err.println(paint("31", "error:") + " " + text);
        if (hint != null) {
            err.println("       " + hint);
        }
    }

    /** Something the operator will want to know. */
    void warning(String text) {
        err.println(paint("33", "warning:") + " " + text);
    }

    /** The text in a colour (an ANSI code such as {@code 31}), where there are colours. */
    String paint(String code, String text) {
        return colour() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
