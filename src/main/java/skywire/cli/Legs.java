package skywire.cli;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** The legs of a route, as people read them: how many, what each carries, which way each goes. */
final class Legs {
    private static final String PRIMARY = "★";

    private Legs() {}

    /** The legs of a group or a proxy; empty for a plain route. */
    static List<Fields> of(Fields route) {
        return Fields.list(route.json(), "legs");
    }

    /** How many were asked for. */
    static int requested(Fields route) {
        return route.json().get("leg_count") instanceof JsonObject count
                ? (int) new Fields(count).number("requested", 1)
                : 1;
    }

    /** Whether there are fewer than there were to be, and more may come: not where the other end knows of no legs. */
    static boolean areToCome(Fields route) {
        if (!(route.json().get("leg_count") instanceof JsonObject object) || !route.flag("mux_enabled")) {
            return false;
        }
        var count = new Fields(object);
        return count.number("actual", 0) < count.number("requested", 0)
                || count.number("standby", 0) < count.number("spares", 0);
    }

    /** {@code 3 of 4 legs, 1 standby (no disjoint path left)}; null where one leg was asked for. */
    static String count(Fields route) {
        if (!(route.json().get("leg_count") instanceof JsonObject object)) {
            return null;
        }
        var count = new Fields(object);
        long requested = (long) count.number("requested", 0);
        long spares = (long) count.number("spares", 0);
        String text = count.text("actual", "?") + " of " + requested + (requested == 1 ? " leg" : " legs");
        long standby = (long) count.number("standby", 0);
        if (standby > spares) { // one that was parked is back, and has been replaced meanwhile
            text += ", " + standby + " standby";
        } else if (spares > 0) {
            text += ", " + standby + " of " + spares + " standby";
        }
        return text + (count.has("reason") ? " (" + count.text("reason") + ")" : "");
    }

    /** The count in lines that fit, indented; none where one leg was asked for. */
    static List<String> countLines(Fields route, Console console, int indent) {
        String text = count(route);
        return text == null
                ? List.of()
                : Wrap.lines(text, console.width() - indent).stream()
                        .map(line -> " ".repeat(indent) + line)
                        .toList();
    }

    /** A table of what each leg carries. */
    static List<String> counters(List<Fields> legs, boolean full, Console console, int indent) {
        double all = legs.stream().mapToDouble(Legs::carried).sum();
        var table = new Table("leg", "first hop", ">hops", ">rtt", ">sent", ">received", ">share", "state");
        for (Fields leg : legs) {
            table.row(
                    number(leg, legs),
                    firstHop(leg, full) + " → " + Units.brief(leg.text("remote_pk", "?"), full),
                    hops(leg),
                    leg.millis("route_latency_ms"),
                    leg.bytes("sent_bytes"),
                    leg.bytes("recv_bytes"),
                    all == 0 ? null : Math.round(100 * carried(leg) / all) + " %",
                    leg.text("state", "?"));
        }
        return lines(table, legs, console, indent);
    }

    /** A table of the ways they go, without this node and the first transport where there is little room. */
    static List<String> ways(List<Fields> legs, boolean full, Console console, int indent) {
        var table = new Table("leg", "first hop", "way", ">rtt", "state");
        var brief = new Table("leg", "first hop", ">hops", ">rtt", "state");
        for (Fields leg : legs) {
            List<Fields> hops = Fields.list(leg.json(), "hops");
            String way = hops.isEmpty() ? "→ " + Units.brief(leg.text("remote_pk", "?"), full) : Hops.line(hops, full);
            String rtt = leg.millis("route_latency_ms");
            String state = leg.text("state", "?");
            table.row(number(leg, legs), firstHop(leg, full), way, rtt, state);
            brief.row(number(leg, legs), firstHop(leg, full), hops(leg), rtt, state);
            Hops.lines(hops, full, console.width(), indent + 4).forEach(brief::below);
        }
        boolean fits =
                table.lines(Console.UNLIMITED).stream().allMatch(line -> length(line) + indent <= console.width());
        return fits ? lines(table, legs, console, indent) : lines(brief, legs, console, indent);
    }

    private static double carried(Fields leg) {
        return leg.number("sent_bytes", 0) + leg.number("recv_bytes", 0);
    }

    private static String number(Fields leg, List<Fields> legs) {
        String number = String.valueOf((long) leg.number("index", 0) + 1);
        int digits = String.valueOf(legs.size()).length();
        return (leg.flag("primary") ? PRIMARY : " ") + " " + " ".repeat(Math.max(0, digits - number.length())) + number;
    }

    private static String firstHop(Fields leg, boolean full) {
        return leg.text("tp_type", "?") + " " + Units.brief(leg.text("transport_id", "?"), full);
    }

    private static String hops(Fields leg) {
        int hops = Fields.list(leg.json(), "hops").size();
        return hops == 0 ? null : String.valueOf(hops);
    }

    /** The table indented, each leg with its state in a colour and the reason behind it, or below where it is long. */
    private static List<String> lines(Table table, List<Fields> legs, Console console, int indent) {
        List<String> lines = new ArrayList<>();
        String margin = " ".repeat(indent);
        int room = console.width() - indent;
        int row = -1;
        for (String line : table.lines(room)) {
            Fields leg = row >= 0 && row < legs.size() ? legs.get(row) : null;
            if (leg != null && !isRow(line, leg, legs)) {
                lines.add(line); // the way, below its leg and indented already
                continue;
            }
            row++;
            lines.add(leg == null ? margin + line : margin + painted(line, leg, console, room));
            if (leg != null && leg.has("reason") && !fits(line, leg, room)) {
                Wrap.lines(leg.text("reason"), room - 4).forEach(text -> lines.add(margin + "    " + text));
            }
        }
        return lines;
    }

    private static boolean isRow(String line, Fields leg, List<Fields> legs) {
        return line.startsWith(number(leg, legs));
    }

    private static boolean fits(String line, Fields leg, int room) {
        return length(line) + 2 + length(leg.text("reason", "")) <= room;
    }

    private static String painted(String line, Fields leg, Console console, int room) {
        String state = leg.text("state", "?");
        String reason = leg.has("reason") && fits(line, leg, room) ? ": " + leg.text("reason") : "";
        return line.endsWith(state)
                ? line.substring(0, line.length() - state.length()) + console.paint(colour(leg), state) + reason
                : line;
    }

    /** Green is sent on, blue waits to take over, red is gone, yellow is anything in between or parked. */
    private static String colour(Fields leg) {
        return switch (leg.text("state", "?")) {
            case "active" -> "32";
            case "standby" -> leg.has("reason") ? "33" : "36";
            case "dead" -> "31";
            default -> "33";
        };
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    /** The legs as a tree, a branch per leg, with something before this node and behind the last one of each. */
    static void tree(Console console, List<Fields> legs, String first, String last) {
        Fields.list(legs.getFirst().json(), "hops").stream()
                .findFirst()
                .ifPresent(hop -> console.line("  " + first + Units.brief(hop.text("from", "?"), false)));
        for (int i = 0; i < legs.size(); i++) {
            branch(console, legs.get(i), i == legs.size() - 1, last);
        }
    }

    private static void branch(Console console, Fields leg, boolean isLast, String last) {
        List<Fields> hops = Fields.list(leg.json(), "hops");
        String state = leg.text("state", "?");
        for (int i = 0; i < hops.size(); i++) {
            Fields hop = hops.get(i);
            String rtt = hop.millis("latency_ms");
            String trunk =
                    i == 0 ? (isLast ? " └─ " : " ├─ ") : (isLast ? "    " : " │  ") + "    ".repeat(i - 1) + " └─ ";
            console.line("  " + trunk + hop.text("tp_type", "?") + (rtt == null ? "" : "  " + rtt) + " ─ "
                    + Units.brief(hop.text("to", "?"), false)
                    + (i == hops.size() - 1 ? last : "")
                    + (i == 0 && leg.flag("primary") ? "  " + PRIMARY : "")
                    + (i > 0 || state.equals("active") ? "" : "  " + console.paint(colour(leg), state)));
        }
    }
}
