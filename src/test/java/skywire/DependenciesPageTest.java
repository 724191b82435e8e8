package skywire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/dependencies.md gives a reason for each library, and names none that is not there. */
class DependenciesPageTest {
    @Test
    void everyLibraryHasItsReason() throws IOException {
        String pom = Files.readString(Path.of("pom.xml"));
        String own = pom.substring(pom.indexOf("</dependencyManagement>"), pom.indexOf("<build>"));
        assertEquals(
                found("<artifactId>([^<]+)</artifactId>", own),
                found("(?m)^\\| ([a-z][a-z0-9-]+) \\|", Files.readString(Path.of("docs/dependencies.md"))));
    }

    private static TreeSet<String> found(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(match -> match.group(1))
                .filter(name -> !name.equals("library"))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
