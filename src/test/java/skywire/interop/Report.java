package skywire.interop;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import skywire.json.Json;
import skywire.platform.Failure;

/** What was tried and how it went: a line each while it runs, a matrix and a file at the end. One thread. */
final class Report {
    private final List<Row> rows = new ArrayList<>();

    /**
     * One line of the matrix.
     *
     * @param name what was tried
     * @param took time from its beginning to its end
     * @param limit time it may take
     * @param trouble empty if it worked
     * @param ran false if something it needs is not there
     */
    record Row(String name, Duration took, Duration limit, String trouble, boolean ran) {
        boolean ok() {
            return ran && trouble.isEmpty();
        }

        String verdict() {
            return ok() ? "works" : ran ? "FAILS" : "skipped";
        }
    }

    /** Something that works or throws. */
    @FunctionalInterface
    interface Check {
        /** Tries it. */
        void run() throws Exception;
    }

    /** Tries something; what it throws goes into its row. */
    boolean row(String name, Duration limit, Check check) {
        long begin = System.nanoTime();
        String trouble = "";
        try {
            check.run();
        } catch (Exception | AssertionError e) {
            trouble = Failure.text(e);
        }
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        if (trouble.isEmpty() && took.compareTo(limit) > 0) {
            trouble = "took longer than " + limit.toSeconds() + " s";
        }
        return add(new Row(name, took, limit, trouble, true));
    }

    /** Notes what could not be tried, and why. */
    void skip(String name, String why) {
        add(new Row(name, Duration.ZERO, Duration.ZERO, why, false));
    }

    private boolean add(Row row) {
        rows.add(row);
        System.out.println(line(row));
        return row.ok();
    }

    private static String line(Row row) {
        String tail = row.trouble().isEmpty() ? "" : "  " + row.trouble();
        return String.format(
                "%-8s %-64s %6d ms%s", row.verdict(), row.name(), row.took().toMillis(), tail);
    }

    /** Whether everything that ran worked. */
    boolean ok() {
        return rows.stream().allMatch(r -> r.ok() || !r.ran());
    }

    /** Prints what did not work and the totals, and writes all rows to a file. */
    void finish(Path file) throws IOException {
        long works = rows.stream().filter(Row::ok).count();
        long skipped = rows.stream().filter(r -> !r.ran()).count();
        System.out.println();
        rows.stream().filter(r -> !r.ok()).forEach(r -> System.out.println(line(r)));
        System.out.println("interop: " + works + " work, " + (rows.size() - works - skipped) + " fail, " + skipped
                + " skipped; " + file);
        var json = new JsonArray();
        rows.forEach(r -> json.add(json(r)));
        Files.createDirectories(file.getParent());
        Files.writeString(file, Json.write(json) + "\n");
    }

    private static JsonObject json(Row row) {
        var json = new JsonObject();
        json.addProperty("name", row.name());
        json.addProperty("value", row.took().toMillis());
        json.addProperty("unit", "ms");
        json.addProperty("bar", row.limit().toMillis());
        json.addProperty("ok", row.ok());
        if (!row.trouble().isEmpty()) {
            json.addProperty("note", row.trouble());
        }
        return json;
    }
}
