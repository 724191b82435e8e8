package skywire.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jline.reader.EOFError;
import org.jline.reader.Parser;
import org.jline.reader.impl.DefaultParser;

/** Lines from a pipe or a file: no prompt, no history; what follows {@code #} at the beginning of a line is left out. */
final class ShellScript implements Shell.Input {
    private final BufferedReader lines;
    private final Console console;
    private final DefaultParser parser = new DefaultParser();

    ShellScript(Console console) {
        this.lines = new BufferedReader(new InputStreamReader(console.in(), StandardCharsets.UTF_8));
        this.console = console;
        parser.setEofOnUnclosedQuote(true);
    }

    @Override
    public int width() {
        return console.width();
    }

    @Override
    public Optional<List<String>> next() throws IOException {
        String line = lines.readLine();
        if (line == null) {
            return Optional.empty();
        }
        String text = line.strip();
        if (text.isEmpty() || text.startsWith("#")) {
            return Optional.of(List.of());
        }
        try {
            return Optional.of(parser.parse(text, text.length(), Parser.ParseContext.ACCEPT_LINE).words().stream()
                    .filter(word -> !word.isEmpty())
                    .toList());
        } catch (EOFError e) {
            console.error("a quote is not closed: " + text, null);
            return Optional.of(List.of());
        }
    }
}
