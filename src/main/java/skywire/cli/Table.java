package skywire.cli;

import java.util.ArrayList;
import java.util.List;

/** Rows in columns as wide as they need to be; columns whose title begins with {@code >} are flush right. */
final class Table {
    private final String[] titles;
    private final List<String[]> rows = new ArrayList<>();
    private final List<List<String>> below = new ArrayList<>(); // lines under each row

    Table(String... titles) {
        this.titles = titles;
    }

    /** Adds a row; null is shown as {@code –}. */
    void row(String... cells) {
        String[] row = new String[titles.length];
        for (int i = 0; i < row.length; i++) {
            row[i] = i < cells.length && cells[i] != null ? cells[i] : "–";
        }
        rows.add(row);
        below.add(new ArrayList<>());
    }

    /** Adds a line under the last row. It is as long as it is: for what must not be cut. */
    void below(String line) {
        below.getLast().add(line);
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    /** The lines, titles first; none of the table itself wider than {@code width}. */
    List<String> lines(int width) {
        int[] widths = new int[titles.length];
        for (int i = 0; i < titles.length; i++) {
            widths[i] = length(title(i));
            for (String[] row : rows) {
                widths[i] = Math.max(widths[i], length(row[i]));
            }
        }
        List<String> lines = new ArrayList<>();
        String[] head = new String[titles.length];
        for (int i = 0; i < head.length; i++) {
            head[i] = title(i);
        }
        lines.add(line(head, widths, width));
        for (int i = 0; i < rows.size(); i++) {
            lines.add(line(rows.get(i), widths, width));
            lines.addAll(below.get(i));
        }
        return lines;
    }

    void print(Console console) {
        List<String> lines = lines(console.width());
        console.line(console.paint("1", lines.getFirst()));
        lines.subList(1, lines.size()).forEach(console::line);
    }

    private String title(int i) {
        return titles[i].startsWith(">") ? titles[i].substring(1) : titles[i];
    }

    private String line(String[] cells, int[] widths, int width) {
        var line = new StringBuilder();
        for (int i = 0; i < cells.length; i++) {
            String gap = " ".repeat(widths[i] - length(cells[i]));
            line.append(i == 0 ? "" : "  ");
            line.append(titles[i].startsWith(">") ? gap + cells[i] : cells[i] + gap);
        }
        String text = line.toString().stripTrailing();
        return length(text) <= width ? text : text.substring(0, text.offsetByCodePoints(0, width - 1)) + "…";
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
