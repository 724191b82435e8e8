package skywire.cli;

import java.util.List;
import java.util.Locale;
import skywire.control.Progress;
import skywire.platform.Clock;

/** The start of a local network: a line per stage, with the time since the beginning at its right end. */
final class LocalStages implements Progress {
    private static final int MOST = 86;
    private static final int NAME = 20; // sign, name and blanks before the text
    private static final int TIME = 8; // blank and time behind it
    private static final int LEAST = 20;

    private final Console console;
    private final Clock clock;
    private final long began;

    LocalStages(Console console, Clock clock) {
        this.console = console;
        this.clock = clock;
        this.began = clock.nanoTime();
    }

    /** The first line: what begins, and where it keeps its state. */
    static void title(Console console, String state) {
        Wrap.lines("skywire local · a private network on this machine · state " + state, console.proseWidth())
                .forEach(console::note);
    }

    @Override
    public void stage(String stage, String text) {
        double seconds = (clock.nanoTime() - began) / 1e9;
        int room = Math.max(LEAST, Math.min(console.width(), MOST) - NAME - TIME);
        List<String> lines = Wrap.lines(text, room);
        String form = "  %-1s %-15s %-" + room + "s";
        console.note(String.format(Locale.ROOT, form + " %5.1f s", "✓", stage, lines.getFirst(), seconds));
        for (String more : lines.subList(1, lines.size())) {
            console.note(" ".repeat(NAME) + more);
        }
    }
}
