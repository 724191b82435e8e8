package skywire.cli;

import java.util.ArrayList;
import java.util.List;

/** A path drawn as a tree. */
final class Hops {
    private Hops() {}

    /** One line per node, each further in than the one before it; {@code full} shows ids of transports too. */
    static void print(Console console, List<Fields> hops, boolean full) {
        print(console, hops, full, "", "");
    }

    /** As {@link #print(Console, List, boolean)}, with something before the first node and behind the last. */
    static void print(Console console, List<Fields> hops, boolean full, String first, String last) {
        if (hops.isEmpty()) {
            return;
        }
        console.line("  " + first + Units.brief(hops.getFirst().text("from", "?"), full));
        for (int i = 0; i < hops.size(); i++) {
            Fields hop = hops.get(i);
            String rtt = hop.millis("rtt_ms");
            console.line("  " + "    ".repeat(i) + " └─ " + hop.text("type", "?") + (rtt == null ? "" : "  " + rtt)
                    + " ─ " + Units.brief(hop.text("to", "?"), full)
                    + (full && hop.has("transport") ? "  by " + hop.text("transport") : "")
                    + (i == hops.size() - 1 ? last : ""));
        }
    }

    /** One line: {@code 0212be0f → 02a413fe → 02c4d01e}. */
    static String line(List<Fields> hops, boolean full) {
        return hops.isEmpty() ? null : String.join("", steps(hops, full));
    }

    /** The same in as many lines as it takes in that width, broken before arrows and indented by so many blanks. */
    static List<String> lines(List<Fields> hops, boolean full, int width, int indent) {
        List<String> lines = new ArrayList<>();
        var line = new StringBuilder(" ".repeat(indent));
        for (String step : steps(hops, full)) {
            if (line.length() > indent && line.length() + step.length() > width) {
                lines.add(line.toString());
                line = new StringBuilder(" ".repeat(indent + 1));
            }
            line.append(step);
        }
        if (!hops.isEmpty()) {
            lines.add(line.toString());
        }
        return lines;
    }

    /** The first visor, then each with its arrow. */
    private static List<String> steps(List<Fields> hops, boolean full) {
        List<String> steps = new ArrayList<>();
        for (Fields hop : hops) {
            if (steps.isEmpty()) {
                steps.add(Units.brief(hop.text("from", "?"), full));
            }
            steps.add(" → " + Units.brief(hop.text("to", "?"), full));
        }
        return steps;
    }
}
