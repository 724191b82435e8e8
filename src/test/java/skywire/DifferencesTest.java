package skywire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No recording without a test, no difference from one without a reason and a test. */
class DifferencesTest {
    private static final Path VECTORS = Path.of("src/test/resources/vectors");
    private static final Path TESTS = Path.of("src/test/java");

    private static List<Path> files(Path folder, String ending) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(f -> f.toString().endsWith(ending)).sorted().toList();
        }
    }

    /** The source of each test class, by its simple name. */
    private static TreeMap<String, String> sources() throws IOException {
        var sources = new TreeMap<String, String>();
        for (Path file : files(TESTS, ".java")) {
            sources.put(file.getFileName().toString().replace(".java", ""), Files.readString(file));
        }
        return sources;
    }

    @Test
    void everyRecordingIsATest() throws IOException {
        var listed = new TreeMap<String, List<String>>();
        for (String line : Files.readAllLines(VECTORS.resolve("covered.txt"))) {
            if (!line.startsWith("#")) {
                String[] words = line.split(" ");
                listed.put(words[0], Arrays.asList(words).subList(1, words.length));
            }
        }
        var there = new TreeSet<String>();
        for (Path file : files(VECTORS, ".json")) {
            there.add(VECTORS.relativize(file).toString());
        }
        assertEquals(there, new TreeSet<>(listed.keySet()));
        TreeMap<String, String> sources = sources();
        listed.forEach((file, tests) -> {
            assertFalse(tests.isEmpty(), file);
            for (String test : tests) {
                String source = sources.getOrDefault(test, "");
                String services = test.matches("(Route|Transport)VectorsTest") ? sources.get("RecordedExchange") : "";
                assertTrue((source + services).contains("\"" + file + "\""), test + " does not read " + file);
            }
        });
    }

    private static String plain(String cell) {
        return cell.replace("`", "").strip();
    }

    /** Rows of the tables of docs/differences.md, as cells. */
    private static List<String[]> rows() throws IOException {
        var rows = new ArrayList<String[]>();
        for (String line : Files.readAllLines(Path.of("docs/differences.md"))) {
            if (line.matches("\\|.*`\\w+(Test|IT|Properties)\\.\\w+` *\\|")) {
                rows.add(Stream.of(line.substring(1).split("\\|"))
                        .map(DifferencesTest::plain)
                        .toArray(String[]::new));
            }
        }
        return rows;
    }

    @Test
    void everyDifferenceHasACaseAReasonAndATest() throws IOException {
        TreeMap<String, String> sources = sources();
        List<String[]> rows = rows();
        assertTrue(rows.size() >= 19, "rows " + rows.size());
        for (String[] row : rows) {
            String what = String.join(" | ", row);
            if (row[0].endsWith(".json")) {
                assertEquals(6, row.length, what);
                assertTrue(Files.readString(VECTORS.resolve(row[0])).contains(row[1]), "no such case: " + what);
            } else {
                assertEquals(5, row.length, what);
            }
            assertFalse(row[row.length - 2].isBlank(), "no reason: " + what);
            String[] test = row[row.length - 1].split("\\.");
            assertTrue(sources.containsKey(test[0]), "no such class: " + what);
            assertTrue(sources.get(test[0]).contains("void " + test[1] + "("), "no such test: " + what);
        }
    }

    /** Tests that leave a recorded case out must say so in the list. */
    @Test
    void whatTestsLeaveOutIsListed() throws IOException {
        String list = Files.readString(Path.of("docs/differences.md"));
        for (String leftOut : List.of("2026 entry with signed protocol", "health", "all servers", "bad json")) {
            assertTrue(list.contains(leftOut), leftOut);
        }
    }

    @Test
    void whatIsNotServedYetIsNotClaimed() throws IOException {
        String limits = Files.readString(Path.of("docs/limits.md"));
        assertTrue(limits.contains("address resolver"), "docs/limits.md names what is not there");
        assertTrue(files(Path.of("src/main/java"), "AddressResolver.java").isEmpty());
    }
}
