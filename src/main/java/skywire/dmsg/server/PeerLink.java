package skywire.dmsg.server;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import skywire.dmsg.DmsgSession;
import skywire.key.PublicKey;
import skywire.platform.Clock;
import skywire.platform.Deadline;

/** One link to another server, and what is known of it. Thread-safe. */
final class PeerLink {
    /** A peer that let a request wait is asked last for this long. */
    private static final Duration SLOW = Duration.ofMinutes(1);

    private final Clock clock;
    private final Onward onward;
    private final Supplier<Optional<Duration>> roundTrip;
    private final long since;
    private final AtomicLong forwarded = new AtomicLong();
    private volatile PeerState state = PeerState.ASKING;
    private volatile Deadline slowUntil; // null: it never was

    PeerLink(Clock clock, Onward onward, Supplier<Optional<Duration>> roundTrip) {
        this.clock = clock;
        this.onward = onward;
        this.roundTrip = roundTrip;
        this.since = clock.nanoTime();
    }

    PublicKey key() {
        return onward.key();
    }

    Onward onward() {
        return onward;
    }

    /** Whether it is this session that it goes over. */
    boolean is(DmsgSession session) {
        return onward instanceof Onward.Dialled(DmsgSession ours) && ours == session;
    }

    PeerState state() {
        return state;
    }

    void state(PeerState now) {
        state = now;
    }

    /** It let a request wait. */
    void wasSlow() {
        slowUntil = clock.in(SLOW);
    }

    boolean isSlow() {
        Deadline until = slowUntil;
        return until != null && !until.passed();
    }

    /** Round trip for sorting; what is not measured comes last. */
    Duration distance() {
        return roundTrip.get().orElse(Duration.ofHours(1));
    }

    void countForwarded() {
        forwarded.incrementAndGet();
    }

    PeerView view(boolean outbound, boolean inbound) {
        Duration up = Duration.ofNanos(clock.nanoTime() - since);
        return new PeerView(key(), onward.remote(), outbound, inbound, state, roundTrip.get(), forwarded.get(), up);
    }
}
