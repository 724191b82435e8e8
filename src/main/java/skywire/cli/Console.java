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

/**
 * Where a command talks: results to {@code out}, progress and errors to {@code err}.
 *
 * @param terminal whether a person looks at it; colours and redrawing only then
 * @param width columns of the terminal, or what to assume
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
    private static final int USUAL_WIDTH = 100;

    /** One for commands that only print text. */
    Console(PrintWriter out, PrintWriter err, boolean terminal, int width, Map<String, String> environment) {
        this(out, err, terminal, width, environment, InputStream.nullInputStream(), OutputStream.nullOutputStream());
    }

    /** The process's own. */
    static Console system() {
        java.io.Console console = System.console();
        boolean terminal = console != null && console.isTerminal();
        return new Console(
                writer(FileDescriptor.out),
                writer(FileDescriptor.err),
                terminal,
                columns(),
                System.getenv(),
                new FileInputStream(FileDescriptor.in),
                new FileOutputStream(FileDescriptor.out));
    }

    private static PrintWriter writer(FileDescriptor to) {
        var bytes = new FileOutputStream(to);
        return new PrintWriter(new BufferedWriter(new OutputStreamWriter(bytes, StandardCharsets.UTF_8)), true);
    }

    private static int columns() {
        String columns = System.getenv("COLUMNS");
        return columns != null && columns.matches("[1-9][0-9]{1,3}") ? Integer.parseInt(columns) : USUAL_WIDTH;
    }

    /** The same with other variables in the environment. */
    Console with(Map<String, String> variables) {
        return new Console(out, err, terminal, width, Map.copyOf(variables), in, bytes);
    }

    /** The same for another width of the terminal. */
    Console withWidth(int columns) {
        return new Console(out, err, terminal, columns, environment, in, bytes);
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
