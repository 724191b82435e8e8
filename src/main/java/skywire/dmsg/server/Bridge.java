package skywire.dmsg.server;

import java.time.Duration;
import java.util.function.Consumer;
import skywire.platform.Clock;
import skywire.yamux.Relay;
import skywire.yamux.YamuxStream;

/** A stream of one client joined to one of another, and how long nothing has moved in it. */
final class Bridge {
    private final Clock clock;
    private final Relay relay;
    private final boolean forwarded;
    private long bytes; // sweeper only; at its last look
    private long restedSince; // sweeper only; nanoTime

    /** Of two streams; {@code forwarded} if one of them leads to another server. */
    Bridge(Clock clock, YamuxStream a, YamuxStream b, boolean forwarded, Consumer<Bridge> onEnd) {
        this.clock = clock;
        this.forwarded = forwarded;
        this.relay = new Relay(a, b, () -> onEnd.accept(this));
        this.restedSince = clock.nanoTime();
    }

    void start() {
        relay.start();
    }

    boolean isForwarded() {
        return forwarded;
    }

    long bytes() {
        return relay.bytes();
    }

    /** Ends it if it has rested for that long. */
    void endIfIdle(Duration limit) {
        long now = clock.nanoTime();
        if (relay.bytes() != bytes) {
            bytes = relay.bytes();
            restedSince = now;
        } else if (now - restedSince >= limit.toNanos()) {
            relay.end();
        }
    }

    void end() {
        relay.end();
    }
}
