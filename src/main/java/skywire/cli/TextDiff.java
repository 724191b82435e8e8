package skywire.cli;

import java.util.ArrayList;
import java.util.List;

/** What is different between two texts, line by line, as {@code patch} understands it. */
final class TextDiff {
    private static final int CONTEXT = 3;
    private static final int MOST_CELLS = 4_000_000; // of the table; beyond that the middle is replaced as a whole

    private final List<String> old;
    private final List<String> now;
    private final List<Edit> edits = new ArrayList<>();

    /** A line that stays (' '), goes ('-') or comes ('+'), and where it stands in both texts, counted from 0. */
    private record Edit(char kind, String line, int old, int now) {}

    private TextDiff(String old, String now) {
        this.old = lines(old);
        this.now = lines(now);
    }

    /** The lines of a unified diff; none if the texts are equal. */
    static List<String> of(String name, String old, String now) {
        if (old.equals(now)) {
            return List.of();
        }
        var diff = new TextDiff(old, now);
        diff.compare();
        List<String> out = new ArrayList<>(List.of("--- " + name, "+++ " + name));
        diff.hunks(out);
        return out;
    }

    private static List<String> lines(String text) {
        List<String> lines = new ArrayList<>(List.of(text.split("\n", -1)));
        if (lines.getLast().isEmpty()) {
            lines.removeLast();
        }
        return lines;
    }

    private void compare() {
        int head = 0;
        while (head < old.size() && head < now.size() && old.get(head).equals(now.get(head))) {
            head++;
        }
        int tail = 0;
        while (tail < Math.min(old.size(), now.size()) - head
                && old.get(old.size() - 1 - tail).equals(now.get(now.size() - 1 - tail))) {
            tail++;
        }
        for (int i = 0; i < head; i++) {
            edits.add(new Edit(' ', old.get(i), i, i));
        }
        middle(head, old.size() - tail, now.size() - tail);
        for (int i = tail; i > 0; i--) {
            edits.add(new Edit(' ', old.get(old.size() - i), old.size() - i, now.size() - i));
        }
    }

    /** The longest common subsequence by its table. */
    private void middle(int from, int oldEnd, int nowEnd) {
        int rows = oldEnd - from;
        int columns = nowEnd - from;
        boolean isSmall = (long) rows * columns <= MOST_CELLS;
        int[][] common = new int[isSmall ? rows + 1 : 1][isSmall ? columns + 1 : 1];
        for (int i = rows - 1; isSmall && i >= 0; i--) {
            for (int j = columns - 1; j >= 0; j--) {
                common[i][j] = old.get(from + i).equals(now.get(from + j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        int i = 0;
        int j = 0;
        while (i < rows || j < columns) {
            boolean same =
                    isSmall && i < rows && j < columns && old.get(from + i).equals(now.get(from + j));
            if (same) {
                edits.add(new Edit(' ', old.get(from + i), from + i++, from + j++));
            } else if (i < rows && (j == columns || !isSmall || common[i + 1][j] >= common[i][j + 1])) {
                edits.add(new Edit('-', old.get(from + i), from + i++, from + j));
            } else {
                edits.add(new Edit('+', now.get(from + j), from + i, from + j++));
            }
        }
    }

    private void hunks(List<String> out) {
        int at = 0;
        while (at < edits.size()) {
            int first = nextChange(at);
            if (first == edits.size()) {
                return;
            }
            int last = first;
            for (int next = nextChange(first + 1);
                    next < edits.size() && next - last <= 2 * CONTEXT;
                    next = nextChange(next + 1)) {
                last = next;
            }
            at = Math.min(edits.size(), last + 1 + CONTEXT);
            hunk(out, edits.subList(Math.max(0, first - CONTEXT), at));
        }
    }

    private int nextChange(int from) {
        int i = from;
        while (i < edits.size() && edits.get(i).kind == ' ') {
            i++;
        }
        return i;
    }

    private static void hunk(List<String> out, List<Edit> hunk) {
        long gone = hunk.stream().filter(edit -> edit.kind != '+').count();
        long here = hunk.stream().filter(edit -> edit.kind != '-').count();
        Edit first = hunk.getFirst();
        out.add("@@ -" + (gone == 0 ? first.old : first.old + 1) + "," + gone + " +"
                + (here == 0 ? first.now : first.now + 1) + "," + here + " @@");
        hunk.forEach(edit -> out.add(edit.kind + edit.line));
    }
}
