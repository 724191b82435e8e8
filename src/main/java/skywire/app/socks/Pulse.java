package skywire.app.socks;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import skywire.platform.Clock;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.yamux.YamuxSession;

/**
 * Finds out whether the exit of one session is alive: by asking it, and by what moves. Nobody tells when a relay of
 * another make dies, so silence has to be enough; but over a slow route an answer may be a long way behind data. For one
 * thread.
 */
final class Pulse {
    /** An exit that is silent for so long makes us look for a break on the way to it. */
    private static final Duration SUSPECT = Duration.ofSeconds(5);

    /** An exit that is silent for so long is given up. */
    static final Duration ANSWER = Duration.ofSeconds(10);

    /** The same while much of what we sent may still be on its way, counted from when the last of it went out. */
    static final Duration UPLOAD_ANSWER = Duration.ofSeconds(60);

    /** A slow route takes bytes of this number in a time that does not matter. */
    private static final long LITTLE = 8 * 1024;

    private final Clock clock;
    private final YamuxSession session;
    private final CountedLink link;
    private long written; // of the link when it was last looked at
    private Deadline upload; // when an exit is given up that is silent during an upload; null while it is not silent
    private Duration rtt; // null while unknown

    Pulse(Clock clock, YamuxSession session, CountedLink link) {
        this.clock = clock;
        this.session = session;
        this.link = link;
    }

    /** Time to the exit and back, when last measured. */
    Optional<Duration> rtt() {
        return Optional.ofNullable(rtt);
    }

    /**
     * Asks, for {@link #ANSWER} and the search for a break at most.
     *
     * @return why the exit is to be given up; empty if it is alive, or may be
     */
    Optional<String> trouble(Optional<ExitLink> way) throws IOException {
        long heard = link.heard();
        if (answers(SUSPECT, heard)) {
            upload = null;
            return Optional.empty();
        }
        Optional<String> found = way.isPresent() ? way.get().findBreak() : Optional.empty();
        if (found.isPresent()) {
            return found;
        }
        if (answers(ANSWER.minus(SUSPECT), heard)) {
            upload = null;
            return Optional.empty();
        }
        return mayBeBehindAnUpload()
                ? Optional.empty()
                : Optional.of("the exit has not answered for " + ANSWER.toSeconds() + " s");
    }

    private boolean mayBeBehindAnUpload() {
        if (upload == null || link.written() != written) {
            written = link.written();
            upload = clock.in(UPLOAD_ANSWER.minus(ANSWER));
        }
        return link.writtenSinceHeard() > LITTLE && !upload.passed();
    }

    /** Whether the exit answers in time, or anything else comes; a session that has ended is not our matter here. */
    private boolean answers(Duration limit, long heard) {
        try {
            rtt = session.ping(clock.in(limit));
            return true;
        } catch (IOException e) {
            return Failure.kindOf(e) != Failure.Kind.TIMEOUT || link.heard() != heard;
        }
    }
}
