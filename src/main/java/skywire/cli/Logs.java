package skywire.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Log lines on the error stream: time, level, thread (it says what the line is about), text. */
public final class Logs {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

    /** Kept, since JUL forgets settings of loggers nobody holds. */
    private static final Logger OURS = Logger.getLogger("skywire");

    private static boolean started; // by the main thread, before other threads log

    private Logs() {}

    /** For short commands that use the network: only what is wrong is shown, unless a program has said otherwise. */
    static void quiet() {
        if (!started) {
            start(Level.SEVERE);
        }
    }

    /** The level of that name, as configurations write it. */
    static Optional<Level> level(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "error", "fatal", "panic" -> Optional.of(Level.SEVERE);
            case "warn", "warning" -> Optional.of(Level.WARNING);
            case "info" -> Optional.of(Level.INFO);
            case "debug" -> Optional.of(Level.FINE);
            case "trace" -> Optional.of(Level.FINER);
            default -> Optional.empty();
        };
    }

    /** From now on lines of this level and above are shown. */
    public static void start(Level level) {
        started = true;
        Logger root = Logger.getLogger("");
        for (Handler handler : root.getHandlers()) {
            root.removeHandler(handler);
        }
        var handler = new ConsoleHandler();
        handler.setLevel(Level.ALL);
        handler.setFormatter(new Line());
        root.addHandler(handler);
        root.setLevel(Level.WARNING);
        OURS.setLevel(level);
    }

    /** One record, one line; a stack trace only where the text says it is a bug. */
    private static final class Line extends Formatter {
        @Override
        public String format(LogRecord record) {
            var out = new StringWriter();
            out.append(TIME.format(record.getInstant())).append(' ');
            out.append(String.format("%-5s", name(record.getLevel()))).append(' ');
            out.append(Thread.currentThread().getName())
                    .append(' ')
                    .append(formatMessage(record))
                    .append('\n');
            Throwable thrown = record.getThrown();
            if (thrown != null && record.getLevel().intValue() >= Level.SEVERE.intValue()) {
                thrown.printStackTrace(new PrintWriter(out, true));
            } else if (thrown != null) {
                out.getBuffer().setLength(out.getBuffer().length() - 1);
                out.append(": ").append(thrown.toString()).append('\n');
            }
            return out.toString();
        }

        private static String name(Level level) {
            if (level.intValue() >= Level.SEVERE.intValue()) {
                return "ERROR";
            } else if (level.intValue() >= Level.WARNING.intValue()) {
                return "WARN";
            } else if (level.intValue() >= Level.INFO.intValue()) {
                return "INFO";
            }
            return level.intValue() >= Level.FINE.intValue() ? "DEBUG" : "TRACE";
        }
    }
}
