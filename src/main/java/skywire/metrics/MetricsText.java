package skywire.metrics;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Writes a page in the text format of Prometheus, version 0.0.4: for each metric its help, its type and its values, the
 * metrics in the order in which they are added. Not thread-safe; made anew for each page.
 */
public final class MetricsText {
    /** The content type of such a page. */
    public static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private static final String NAME = "[a-z][a-z0-9_]*";

    private final StringBuilder page = new StringBuilder();
    private final Set<String> names = new HashSet<>();

    /** Adds a number that goes up and down. */
    public MetricsText gauge(String name, String help, double value) {
        begin(name, help, "gauge");
        boolean whole = value == Math.rint(value) && Math.abs(value) < 1e15;
        return sample(name, whole ? Long.toString((long) value) : Double.toString(value));
    }

    /** Adds a number that only grows while the program runs; its name ends in {@code _total}. */
    public MetricsText counter(String name, String help, long value) {
        beginCounter(name, help);
        return sample(name, Long.toString(value));
    }

    /** Adds numbers that only grow, one for each value of a label; it may have none yet. */
    public MetricsText counters(String name, String help, String label, Map<String, Long> values) {
        beginCounter(name, help);
        check(label);
        values.forEach(
                (value, count) -> sample(name + "{" + label + "=\"" + escape(value) + "\"}", Long.toString(count)));
        return this;
    }

    private void beginCounter(String name, String help) {
        if (!name.endsWith("_total")) {
            throw new IllegalArgumentException("the name of a counter ends in _total: " + name);
        }
        begin(name, help, "counter");
    }

    private void begin(String name, String help, String type) {
        check(name);
        if (!names.add(name)) {
            throw new IllegalArgumentException("twice: " + name);
        }
        String line = help.replace("\\", "\\\\").replace("\n", "\\n");
        page.append("# HELP ").append(name).append(' ').append(line).append('\n');
        page.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    private static void check(String name) {
        if (!name.matches(NAME)) {
            throw new IllegalArgumentException("no name for a metric or label: " + name);
        }
    }

    private static String escape(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    private MetricsText sample(String what, String value) {
        page.append(what).append(' ').append(value).append('\n');
        return this;
    }

    /** The page so far. */
    @Override
    public String toString() {
        return page.toString();
    }
}
