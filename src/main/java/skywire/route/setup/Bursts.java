package skywire.route.setup;

import java.time.Duration;
import skywire.platform.Clock;
import skywire.platform.Deadline;

/**
 * When missing legs may be dialled. That happens in bursts: each has one deadline and a number of tries; if legs are
 * still missing when it ends, the next one waits, longer each time. Guarded by its user.
 */
final class Bursts {
    /** For all set-ups of a burst. */
    static final Duration BUDGET = Duration.ofSeconds(60);

    /** Tries of a burst beyond the legs that are missing. */
    static final int MORE_TRIES = 6;

    /** Time between two bursts, at first; doubled with each that brings nothing. */
    static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    /** The longest time between two bursts. */
    static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final Clock clock;
    private Deadline limit; // null between bursts
    private int tries; // left in the burst
    private boolean stuck; // the last plan fell short; only the end of a set-up under way can change that
    private Duration pause = FIRST_PAUSE;
    private long notBefore; // nanoTime

    Bursts(Clock clock) {
        this.clock = clock;
        this.notBefore = clock.nanoTime();
    }

    /** Something has changed, so that there may be other ways now. */
    void tryAgain() {
        stuck = false;
        notBefore = clock.nanoTime();
    }

    /** Something went well, or is new: pauses are short again. */
    void encourage() {
        pause = FIRST_PAUSE;
    }

    /** A set-up failed; what it claimed is free, so that a plan may come out differently now. */
    void failed() {
        stuck = false;
    }

    /** A set-up failed in a way that another path would not change. */
    void giveUp() {
        tries = 0;
    }

    /** Nothing is missing. */
    void complete() {
        limit = null;
    }

    /**
     * How many may be tried now.
     *
     * @param missing legs that are missing
     * @param most how many of them may be tried at once
     * @param idle whether no set-up is under way
     */
    int allow(int missing, int most, boolean idle) {
        if (clock.nanoTime() - notBefore < 0) {
            return 0;
        }
        if (limit == null) {
            limit = clock.in(BUDGET);
            tries = missing + MORE_TRIES;
        }
        if (!stuck && tries > 0 && !limit.passed()) {
            return Math.min(most, tries);
        }
        if (idle) {
            end();
        }
        return 0;
    }

    private void end() {
        limit = null;
        stuck = false;
        notBefore = clock.nanoTime() + pause.toNanos();
        Duration doubled = pause.multipliedBy(2);
        pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    }

    /**
     * Some are tried.
     *
     * @param fellShort whether these are fewer than were allowed
     * @return by when they have to be there
     */
    Deadline begin(int number, boolean fellShort) {
        tries -= number;
        stuck = fellShort;
        return limit;
    }

    /** Nanoseconds until something may be tried; not positive if it may already. */
    long nanosLeft() {
        return notBefore - clock.nanoTime();
    }
}
