package skywire.route.mux;

import java.time.Duration;
import java.util.UUID;
import skywire.key.PublicKey;

/**
 * A leg at one moment (mux §1, §4.4).
 *
 * @param id the first transport of its route: what a leg is known by
 * @param neighbour the visor at the other end of that transport
 * @param state how it is
 * @param reason why it is in that state, for people; empty if there is nothing to say
 * @param primary whether it is the primary leg
 * @param roundTrip smoothed time to the other end and back; zero while unknown
 * @param leastRoundTrip the least of the last seconds; zero while unknown
 * @param jitter mean deviation of the round trip
 * @param loss part of the packets that had to be sent again lately, 0 to 1
 * @param window bytes that may be under way at once
 * @param inFlight bytes under way
 * @param rate bytes a second that it was seen to deliver; 0 while unknown
 * @param sentBytes payload bytes sent, with repetitions
 * @param sentPackets data packets sent
 * @param receivedBytes payload bytes received, with repetitions
 * @param receivedPackets data packets received
 * @param retransmits packets it carried that had been sent before
 */
public record LegInfo(
        UUID id,
        PublicKey neighbour,
        LegState state,
        String reason,
        boolean primary,
        Duration roundTrip,
        Duration leastRoundTrip,
        Duration jitter,
        double loss,
        long window,
        long inFlight,
        long rate,
        long sentBytes,
        long sentPackets,
        long receivedBytes,
        long receivedPackets,
        long retransmits) {}
