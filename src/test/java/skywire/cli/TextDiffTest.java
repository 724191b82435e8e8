package skywire.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** A diff that `patch` would take. */
class TextDiffTest {
    private static String text(List<?> lines) {
        var text = new StringBuilder();
        lines.forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }

    @Test
    void showsThreeLinesAround() {
        assertEquals(
                List.of("--- f", "+++ f", "@@ -2,7 +2,7 @@", " 2", " 3", " 4", "-5", "+x", " 6", " 7", " 8"),
                TextDiff.of("f", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nx\n6\n7\n8\n9\n"));
        assertEquals(List.of("--- f", "+++ f", "@@ -0,0 +1,1 @@", "+x"), TextDiff.of("f", "", "x\n"));
        assertEquals(List.of(), TextDiff.of("f", "a\n", "a\n"));
    }

    @Property(tries = 500)
    void theNewTextIsTheOldOneWithTheDiffApplied(
            @ForAll @Size(max = 30) List<@IntRange(max = 5) Integer> old,
            @ForAll @Size(max = 30) List<@IntRange(max = 5) Integer> now) {
        assertEquals(text(now), text(apply(text(old), TextDiff.of("f", text(old), text(now)))));
    }

    /** Two texts too different for the table are told as a whole. */
    @Test
    void largeTextsToo() {
        List<String> old = new ArrayList<>();
        List<String> now = new ArrayList<>();
        for (int i = 0; i < 2500; i++) {
            old.add("a" + i);
            now.add("b" + i);
        }
        assertEquals(text(now), text(apply(text(old), TextDiff.of("f", text(old), text(now)))));
    }

    private static List<String> apply(String old, List<String> diff) {
        List<String> lines = old.isEmpty() ? List.of() : List.of(old.split("\n"));
        List<String> out = new ArrayList<>();
        int at = 0;
        for (String line : diff.isEmpty() ? diff : diff.subList(2, diff.size())) {
            if (line.startsWith("@@ ")) {
                String[] numbers =
                        line.replaceAll("@@ -(\\d+),(\\d+) .*", "$1 $2").split(" ");
                int begin = Integer.parseInt(numbers[0]) - (numbers[1].equals("0") ? 0 : 1);
                out.addAll(lines.subList(at, begin));
                at = begin;
            } else if (line.startsWith("+")) {
                out.add(line.substring(1));
            } else {
                assertEquals(lines.get(at++), line.substring(1));
                if (line.startsWith(" ")) {
                    out.add(line.substring(1));
                }
            }
        }
        out.addAll(lines.subList(at, lines.size()));
        return out;
    }
}
