package skywire.testkit;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the text format of Prometheus as strictly as its documentation has it. */
public final class Prometheus {
    private static final Pattern COMMENT = Pattern.compile("# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)");
    private static final Pattern LABEL = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\n]|\\\\[\\\\\"n])*\"");
    private static final Pattern SAMPLE = Pattern.compile(
            "([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{" + LABEL + "(?:," + LABEL + ")*\\})? ([0-9.eE+-]+|NaN|[+-]Inf)");

    private Prometheus() {}

    /** The values of a page, by name and labels as they stand there; an error says which line is wrong. */
    public static Map<String, Double> parse(String page) {
        Map<String, Double> values = new LinkedHashMap<>();
        Set<String> described = new HashSet<>();
        String current = "";
        if (!page.endsWith("\n")) {
            throw new AssertionError("the last line has no end");
        }
        for (String line : page.split("\n")) {
            Matcher comment = COMMENT.matcher(line);
            Matcher sample = SAMPLE.matcher(line);
            if (comment.matches()) {
                current = comment.group(2);
                if (!described.add(comment.group(1) + current)) {
                    throw new AssertionError("twice: " + line);
                }
                if (comment.group(1).equals("TYPE") && !comment.group(3).matches("counter|gauge")) {
                    throw new AssertionError("no such type: " + line);
                }
            } else if (!sample.matches()) {
                throw new AssertionError("not the format: " + line);
            } else if (!sample.group(1).equals(current) || !described.contains("TYPE" + current)) {
                throw new AssertionError("not below its own description: " + line);
            } else {
                String labels = sample.group(2) == null ? "" : sample.group(2);
                Double before = values.put(current + labels, Double.valueOf(sample.group(3)));
                if (before != null) {
                    throw new AssertionError("twice: " + line);
                }
            }
        }
        return values;
    }
}
