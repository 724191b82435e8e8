package skywire.cli;

import java.util.ArrayList;
import java.util.List;

/** Running text in lines that fit. */
final class Wrap {
    private Wrap() {}

    /** The text broken at blanks into lines of at most that width; a longer word has a line of its own, and is whole. */
    static List<String> lines(String text, int width) {
        List<String> lines = new ArrayList<>();
        var line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (!line.isEmpty() && length(line) + 1 + length(word) > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }

    private static int length(CharSequence text) {
        return Character.codePointCount(text, 0, text.length());
    }
}
