package skywire.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The text of a file, its name, and where in it things are. Immutable. */
record Source(String name, String text) {
    /** The text with comments and byte order mark replaced by blanks, so that offsets, lines and columns stay the same. */
    String withoutComments() {
        var out = new StringBuilder(text);
        if (text.startsWith("\ufeff")) {
            out.setCharAt(0, ' ');
        }
        for (int i = 0; i < out.length(); i++) {
            char c = out.charAt(i);
            if (c == '"') {
                i = endOfString(i);
            } else if (c == '/' && i + 1 < out.length() && out.charAt(i + 1) == '/') {
                i = blank(out, i, endOfLine(i));
            } else if (c == '/' && i + 1 < out.length() && out.charAt(i + 1) == '*') {
                int end = text.indexOf("*/", i + 2);
                i = blank(out, i, end < 0 ? out.length() : end + 2);
            }
        }
        return out.toString();
    }

    int endOfString(int start) {
        for (int i = start + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '"' || c == '\n') {
                return i;
            }
        }
        return text.length();
    }

    private int endOfLine(int start) {
        int end = text.indexOf('\n', start);
        return end < 0 ? text.length() : end;
    }

    private static int blank(StringBuilder out, int from, int to) {
        for (int i = from; i < to; i++) {
            if (out.charAt(i) != '\n') {
                out.setCharAt(i, ' ');
            }
        }
        return to - 1;
    }

    /** {@code name:line:column}, both counted from 1. */
    String place(int offset) {
        int end = Math.min(offset, text.length());
        int line = 1;
        int lineStart = 0;
        for (int i = 0; i < end; i++) {
            if (text.charAt(i) == '\n') {
                line++;
                lineStart = i + 1;
            }
        }
        return name + ":" + line + ":" + (end - lineStart + 1);
    }

    /** The offset of a line and column, both counted from 1. */
    int offset(int line, int column) {
        int start = 0;
        for (int i = 1; i < line; i++) {
            int end = text.indexOf('\n', start);
            if (end < 0) {
                return text.length();
            }
            start = end + 1;
        }
        return Math.min(start + column - 1, text.length());
    }

    /** The known name that was probably meant. */
    static Optional<String> nearest(String typed, Collection<String> known) {
        String best = null;
        int bestDistance = Math.max(2, typed.length() / 3) + 1;
        for (String candidate : known) {
            int distance = distance(typed, candidate);
            if (distance < bestDistance) {
                bestDistance = distance;
                best = candidate;
            }
        }
        return Optional.ofNullable(best);
    }

    /** Levenshtein distance, row by row. */
    private static int distance(String a, String b) {
        List<Integer> row = new ArrayList<>();
        for (int j = 0; j <= b.length(); j++) {
            row.add(j);
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row.set(0, i);
            for (int j = 1; j <= b.length(); j++) {
                int same = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row.get(j);
                row.set(j, Math.min(same, 1 + Math.min(row.get(j), row.get(j - 1))));
            }
        }
        return row.get(b.length());
    }
}
