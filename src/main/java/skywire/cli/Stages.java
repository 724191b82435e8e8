package skywire.cli;

import java.util.Locale;
import skywire.control.Progress;
import skywire.limit.LogLimit;

/** Prints the stages of a long call, one line each: {@code setting up route    2 of 6: ok}. */
record Stages(Console console) implements Progress {
    @Override
    public void stage(String stage, String text) {
        console.note(String.format(Locale.ROOT, "%-19s %s", LogLimit.clean(stage), LogLimit.clean(text)));
    }
}
