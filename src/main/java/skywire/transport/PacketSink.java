package skywire.transport;

import skywire.packet.Packet;
import skywire.platform.Failure;

/** Takes what transports bring. Thread-safe. */
public interface PacketSink {
    /**
     * A packet for a route has come. Called by the transport's reader, one packet at a time: while it waits, nothing
     * more is read from that transport (and only from that).
     */
    void packet(NextHop from, Packet packet);

    /** The neighbour takes nothing any more; packets for it were dropped. It may recover. Must not wait. */
    void stalled(NextHop hop);

    /** The transport has ended; called once for each that was handed out. Must not wait. */
    void ended(NextHop hop, Failure why);
}
