package skywire.route;

import skywire.packet.Packet;
import skywire.platform.Failure;

/** Where a route ends at this visor: a route group. Thread-safe. */
public interface RouteEnd {
    /** Here is a packet for you. May wait for a reader, shortly; packets of one transport come one after another. */
    void packet(Packet packet);

    /** The route works no more: its rules expired or were taken back, or its transport ended. Must not wait. */
    void gone(Failure why);
}
