/**
 * Routing packets, rules and descriptors as values.
 *
 * <p>Read {@link skywire.packet.Packet} first, then {@link skywire.packet.Rule}. Route ids are plain {@code long}s in
 * 0..2³²−1 ({@link skywire.packet.RouteId}).
 */
package skywire.packet;
