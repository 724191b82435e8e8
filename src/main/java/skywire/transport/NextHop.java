package skywire.transport;

import java.io.IOException;
import java.util.UUID;
import skywire.key.PublicKey;
import skywire.packet.Packet;
import skywire.platform.Deadline;

/** A neighbour, as those see it who only want packets to get there. Thread-safe. */
public interface NextHop {
    /** Id of the transport. */
    UUID id();

    /** The neighbour's key. */
    PublicKey remoteKey();

    /**
     * Queues a packet of our own; waits while the packet's route or the whole queue is full.
     *
     * @throws skywire.platform.Failure of kind {@code TIMEOUT} if there was no room by the deadline: nothing was queued
     */
    void write(Packet packet, Deadline deadline) throws IOException;

    /**
     * Queues a packet for somebody else. Waits while there is no room, but not longer than {@link Transport#PATIENCE}. If
     * the neighbour has taken nothing in that time it counts as stalled, and packets are dropped until it has drained.
     *
     * @return false if the packet was dropped: its route is broken then
     */
    boolean relay(Packet packet) throws IOException;

    /** Queues a small packet behind those of its route, never waiting; false if there is no room even for that. */
    boolean offer(Packet packet);

    /** As {@link #offer}, but ahead of what waits of its route: for what is of use only if it is quick. */
    default boolean express(Packet packet) {
        return offer(packet);
    }
}
