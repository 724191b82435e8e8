package skywire.bench;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The rows so far. A row is printed as soon as it is known, and all of them are written as JSON at the end. */
final class Report {
    private final List<Row> rows = new ArrayList<>();
    private final long began = System.nanoTime();
    private boolean complete = true;

    /** How this machine compares with the one of the recorded figures; set by the calibration. */
    double processorFactor = 1;

    Report() {
        print("%-52s %12s  %-9s %-14s %-4s %s%n", "figure", "value", "unit", "bar", "", "compared with");
    }

    void begin(String section) {
        print("%n-- %s (%d s)%n", section, (System.nanoTime() - began) / 1_000_000_000L);
    }

    void add(Row row) {
        rows.add(row);
        print(
                "%-52s %12s  %-9s %-14s %-4s %s%n",
                row.name(),
                row.text(),
                row.unit(),
                row.bar() == null ? "" : row.bar().toString(),
                row.bar() == null ? "" : row.ok() ? "ok" : "MISS",
                row.basis());
    }

    /** A figure without a bar. */
    void add(String name, double value, String unit) {
        add(new Row(name, value, unit, null, ""));
    }

    /** A figure that must be at least {@code times} the recorded one, scaled by {@code factor}. */
    void atLeast(String name, double value, String unit, double times, double recorded, double factor) {
        add(new Row(name, value, unit, Bar.atLeast(times * recorded * factor), basis(recorded, unit, factor)));
    }

    /** A figure that must be at most {@code times} the recorded one; {@code factor} above 1 is a faster machine. */
    void atMost(String name, double value, String unit, double times, double recorded, double factor) {
        add(new Row(name, value, unit, Bar.atMost(times * recorded / factor), basis(recorded, unit, factor)));
    }

    private static String basis(double recorded, String unit, double factor) {
        return String.format(Locale.ROOT, "recorded %.4g %s, machine x%.2f", recorded, unit, factor);
    }

    void failed(String section, Throwable e) {
        complete = false;
        print("%-52s failed: %s%n", section, e);
        e.printStackTrace();
    }

    /** What cannot be measured here, and why. */
    void skipped(String name, String why) {
        print("%-52s skipped: %s%n", name, why);
    }

    boolean complete() {
        return complete;
    }

    void write(Path file) throws IOException {
        var all = new JsonArray();
        for (Row row : rows) {
            var json = new JsonObject();
            json.addProperty("name", row.name());
            json.addProperty("value", row.value());
            json.addProperty("unit", row.unit());
            json.addProperty("bar", row.bar() == null ? null : row.bar().toString());
            json.addProperty("ok", row.ok());
            json.addProperty("basis", row.basis());
            all.add(json);
        }
        Files.createDirectories(file.getParent());
        Files.writeString(
                file,
                new GsonBuilder().setPrettyPrinting().serializeNulls().create().toJson(all) + "\n");
        long missed = rows.stream().filter(row -> !row.ok()).count();
        long barred = rows.stream().filter(row -> row.bar() != null).count();
        print(
                "%n%d figures, %d of %d bars met, %d s; written to %s%n",
                rows.size(), barred - missed, barred, (System.nanoTime() - began) / 1_000_000_000L, file);
    }

    private static void print(String format, Object... values) {
        System.out.printf(Locale.ROOT, format, values);
        System.out.flush();
    }
}
