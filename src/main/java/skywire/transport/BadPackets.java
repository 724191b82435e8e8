package skywire.transport;

import skywire.bytes.MalformedException;
import skywire.key.PublicKey;
import skywire.limit.LogLimit;
import skywire.limit.RateLimit;
import skywire.platform.Clock;
import skywire.platform.Failure;

/** Counts what a neighbour sends that breaks the protocol; some of it is borne, too much is not. Thread-safe. */
final class BadPackets {
    private static final System.Logger LOG = System.getLogger(BadPackets.class.getName());
    private static final double PER_SECOND = 10;
    private static final double AT_ONCE = 100;

    private final PublicKey from;
    private final LogLimit log;
    private final RateLimit rate;

    BadPackets(Clock clock, PublicKey from) {
        this.from = from;
        this.log = new LogLimit(clock, LOG);
        this.rate = new RateLimit(clock, PER_SECOND, AT_ONCE);
    }

    /**
     * Notes one that was dropped.
     *
     * @throws Failure of kind {@code MALFORMED} if there have been too many
     */
    void count(MalformedException why) throws Failure {
        log.log(System.Logger.Level.DEBUG, "bad packet from " + from.brief() + ": " + why.getMessage());
        if (!rate.take()) {
            throw Failure.malformed("too many bad packets");
        }
    }
}
