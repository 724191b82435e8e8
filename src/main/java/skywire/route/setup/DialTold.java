package skywire.route.setup;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import skywire.control.Progress;
import skywire.directory.Path;
import skywire.key.PublicKey;
import skywire.limit.LogLimit;
import skywire.platform.Clock;
import skywire.platform.Failure;

/** What people are told of a dial while it is under way. One thread. */
final class DialTold {
    private static final System.Logger LOG = System.getLogger(RouteDialer.class.getName());

    private final Clock clock;
    private final PublicKey remote;
    private final Progress progress;
    private int attempt;
    private long began;

    DialTold(Clock clock, PublicKey remote, Progress progress) {
        this.clock = clock;
        this.remote = remote;
        this.progress = progress;
    }

    void candidates(int number) throws IOException {
        progress.stage("finding routes", number == 1 ? "1 candidate" : number + " candidates");
    }

    void noOther() throws IOException {
        progress.stage("finding routes", "no other");
    }

    /** The next attempt begins now. */
    void begins() {
        attempt++;
        began = clock.nanoTime();
    }

    void success(Path path) throws IOException {
        int length = path.length();
        tell("ok, " + length + (length == 1 ? " hop, " : " hops, ") + millis() + " ms");
    }

    /** @param left the relays that are left out from now on */
    void failure(IOException why, List<PublicKey> left) throws IOException {
        String text = LogLimit.clean(Failure.text(why));
        LOG.log(System.Logger.Level.DEBUG, () -> "path to " + remote.brief() + " does not work: " + text);
        String who = left.stream().map(PublicKey::brief).collect(Collectors.joining(", "));
        boolean silent = Failure.kindOf(why) == Failure.Kind.TIMEOUT || text.contains("timed out");
        String what = silent ? "did not answer in " + (millis() + 500) / 1000 + " s" : "failed (" + text + ")";
        switch (left.size()) {
            case 0 -> tell(what + ", leaving its transport out");
            case 1 -> tell(who + " " + what + ", leaving it out");
            default -> tell("the path over " + who + " " + what + ", leaving them out");
        }
    }

    /** @param never why there will be no further legs; empty if there will */
    void legs(int more, String never) throws IOException {
        progress.stage("adding legs", never.isEmpty() ? more + " more, in the background" : "none: " + never);
    }

    private void tell(String text) throws IOException {
        progress.stage("setting up route", attempt + " of " + RouteDialer.MOST_ATTEMPTS + ": " + text);
    }

    private long millis() {
        return (clock.nanoTime() - began) / 1_000_000;
    }
}
