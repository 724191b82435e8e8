package skywire.route.mux;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** A data packet that was numbered: what is in it, and where its copies are. Guarded by the user of {@link Sender}. */
public final class Segment {
    private final long sequence;
    private final byte[] payload;
    private final int length;
    private final AtomicBoolean claimed = new AtomicBoolean();
    private volatile boolean ready; // the payload is as it goes on the wire
    final List<Flight> flights = new ArrayList<>(1);
    boolean arrived;
    boolean queued; // waits to be sent again

    /** One copy on its way by one leg. */
    static final class Flight {
        final Segment segment;
        final Leg leg;
        final long order; // counts the flights of the leg
        final long sentAt;
        final long delivered; // what the leg had delivered when this was sent
        final long deliveredAt; // and when
        final long firstSentAt; // when the first packet of the present measurement was sent
        final boolean limited;
        boolean out = true; // neither arrived nor given up

        Flight(Segment segment, Leg leg, long now) {
            this.segment = segment;
            this.leg = leg;
            this.order = leg.sent++;
            this.sentAt = now;
            this.delivered = leg.delivered;
            this.deliveredAt = leg.deliveredAt;
            this.firstSentAt = leg.firstSentAt;
            this.limited = leg.limitedUntil > leg.delivered;
        }

        int size() {
            return segment.payload.length;
        }
    }

    Segment(long sequence, byte[] payload, int length) {
        this.sequence = sequence;
        this.payload = payload;
        this.length = length;
    }

    /** Its number. */
    public long sequence() {
        return sequence;
    }

    /** Payload of the packet; the data begins after 4 bytes for the number, and there may be room for a seal behind it. */
    public byte[] payload() {
        return payload;
    }

    /** Bytes of data. */
    public int length() {
        return length;
    }

    /** Whether {@link #payload} is complete. */
    public boolean isReady() {
        return ready;
    }

    /** Whether the caller is the one who completes it. */
    public boolean claim() {
        return claimed.compareAndSet(false, true);
    }

    /** Says that it is; nobody changes it afterwards. */
    public void ready() {
        ready = true;
    }

    boolean isOut() {
        for (Flight flight : flights) {
            if (flight.out) {
                return true;
            }
        }
        return false;
    }

    Flight last() {
        return flights.getLast();
    }
}
