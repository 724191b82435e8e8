package skywire.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import skywire.json.Json;

/** What a target has found out, as {@code target/report/<target>.json}: a list of {@code {name, value, unit, bar, ok}}. */
public final class ReportFile {
    private final Path file;
    private final List<String> rows = new ArrayList<>();
    private boolean good = true;

    /** The report of that target. */
    public ReportFile(String target) {
        file = Path.of("target", "report", target + ".json");
    }

    /** A figure without a bar. */
    public void add(String name, double value, String unit) {
        row(name, value, unit, "null", true);
    }

    /** A figure that must not be above its bar. */
    public void atMost(String name, double value, String unit, double bar) {
        row(name, value, unit, "\"<= " + number(bar) + "\"", value <= bar);
    }

    /** A figure that must not be below its bar. */
    public void atLeast(String name, double value, String unit, double bar) {
        row(name, value, unit, "\">= " + number(bar) + "\"", value >= bar);
    }

    private void row(String name, double value, String unit, String bar, boolean ok) {
        good &= ok;
        rows.add("{\"name\":" + Json.quote(name) + ",\"value\":" + number(value) + ",\"unit\":" + Json.quote(unit)
                + ",\"bar\":" + bar + ",\"ok\":" + ok + "}");
    }

    private static String number(double value) {
        return value == Math.rint(value) ? String.valueOf((long) value) : String.format(Locale.ROOT, "%.4g", value);
    }

    /** Writes it; whether all bars hold. */
    public boolean write() throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "[\n" + String.join(",\n", rows) + "\n]\n");
        return good;
    }
}
