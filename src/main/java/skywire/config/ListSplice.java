package skywire.config;

import java.util.ArrayList;
import java.util.List;

/** A text in which lists are replaced, from its beginning to its end. */
final class ListSplice {
    private static final String USUAL_UNIT = "  ";

    private final String before;
    private final String newline; // empty if the text is a single line
    private final StringBuilder out = new StringBuilder();
    private final List<Seam> seams = new ArrayList<>();
    private int done; // up to here the text is in out

    /** A list: where it begins, and where the object does whose member it is. */
    record Place(int brace, int list) {}

    /** The end of a list, in the text as it was and as it is. */
    private record Seam(int was, int is) {}

    ListSplice(String before) {
        this.before = before;
        int first = before.indexOf('\n');
        String ending = first > 0 && before.charAt(first - 1) == '\r' ? "\r\n" : "\n";
        this.newline = before.strip().indexOf('\n') < 0 ? "" : ending;
    }

    /** The lists in members of that name, in their order, without those inside of others. */
    static List<Place> places(Value.Fields top, String member) {
        List<Place> places = new ArrayList<>();
        collect(top, member, places);
        return places;
    }

    private static void collect(Value value, String member, List<Place> places) {
        switch (value) {
            case Value.Fields object ->
                object.fields().forEach((name, field) -> {
                    if (name.equals(member) && field.value() instanceof Value.Array list) {
                        places.add(new Place(object.offset(), list.offset()));
                    } else {
                        collect(field.value(), member, places);
                    }
                });
            case Value.Array list -> list.items().forEach(item -> collect(item, member, places));
            case Value.Text t -> {}
            case Value.Number n -> {}
            case Value.Flag f -> {}
            case Value.Null n -> {}
        }
    }

    /** Replaces the next list, which ends before that offset. */
    void replace(Place place, int end, ConfigText.ListWriter writer) {
        out.append(before, done, place.list());
        int line = (int) before.substring(0, place.list())
                        .chars()
                        .filter(c -> c == '\n')
                        .count()
                + 1;
        out.append(writer.write(before.substring(place.list(), end), line, layout(place)));
        seams.add(new Seam(end, out.length()));
        done = end;
    }

    /** Looks only at what stands before the list as it will be, so that it is the same when the list has been replaced. */
    private ConfigText.Layout layout(Place place) {
        String indent = blanks(out.length());
        String outer = blanks(now(place.brace()));
        boolean deeper = indent.length() > outer.length() && indent.startsWith(outer);
        String usual = indent.indexOf('\t') < 0 ? USUAL_UNIT : "\t";
        return new ConfigText.Layout(indent, deeper ? indent.substring(outer.length()) : usual, newline);
    }

    /** Where something outside of all lists is now. */
    private int now(int offset) {
        int now = offset;
        for (Seam seam : seams) {
            if (seam.was <= offset) {
                now = offset - seam.was + seam.is;
            }
        }
        return now;
    }

    /** The blanks at the beginning of the line of that offset. */
    private String blanks(int offset) {
        int begin = out.lastIndexOf("\n", offset - 1) + 1;
        int end = begin;
        while (end < offset && (out.charAt(end) == ' ' || out.charAt(end) == '\t')) {
            end++;
        }
        return out.substring(begin, end);
    }

    /** The whole text. */
    String text() {
        return out + before.substring(done);
    }
}
