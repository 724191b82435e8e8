package skywire.cli;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.Writer;
import java.util.Map;

/** Writes text for a terminal or a file that is not of UTF-8: our signs as ASCII of the same width, what else there is as {@code ?}. */
final class Signs extends FilterWriter {
    private static final String OURS = "✓✗→–·★…└├─│█░×";
    private static final String ASCII = "+x>--*~`+-|#.x";

    Signs(Writer out) {
        super(out);
    }

    /** Whether the user's locale, if one is stated, has our signs. */
    static boolean areShown(Map<String, String> environment) {
        for (String variable : new String[] {"LC_ALL", "LC_CTYPE", "LANG"}) {
            String locale = environment.getOrDefault(variable, "");
            if (!locale.isEmpty()) {
                return locale.matches("(?i).*utf-?8.*");
            }
        }
        return true;
    }

    /** The text with everything that is not ASCII escaped as in JSON. */
    static String escaped(String json) {
        var plain = new StringBuilder();
        json.chars().forEach(c -> {
            if (c < 128) {
                plain.append((char) c);
            } else {
                plain.append(String.format("\\u%04x", c));
            }
        });
        return plain.toString();
    }

    private static char plain(char c) {
        int at = OURS.indexOf(c);
        return c < 128 ? c : at < 0 ? '?' : ASCII.charAt(at);
    }

    @Override
    public void write(int c) throws IOException {
        super.write(plain((char) c));
    }

    @Override
    public void write(char[] text, int off, int len) throws IOException {
        write(new String(text, off, len), 0, len);
    }

    @Override
    public void write(String text, int off, int len) throws IOException {
        char[] plain = new char[len];
        for (int i = 0; i < len; i++) {
            plain[i] = plain(text.charAt(off + i));
        }
        out.write(plain, 0, len);
    }
}
