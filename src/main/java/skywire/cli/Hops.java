package skywire.cli;

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
        var line = new StringBuilder();
        for (Fields hop : hops) {
            if (line.isEmpty()) {
                line.append(Units.brief(hop.text("from", "?"), full));
            }
            line.append(" → ").append(Units.brief(hop.text("to", "?"), full));
        }
        return line.isEmpty() ? null : line.toString();
    }
}
