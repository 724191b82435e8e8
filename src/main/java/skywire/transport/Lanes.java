package skywire.transport;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import skywire.limit.Quota;
import skywire.packet.Packet;
import skywire.platform.Clock;

/** The packets of an {@link OutQueue}: a lane per route, served in turn. Not thread-safe: guarded by the queue's lock. */
final class Lanes {
    private static final long EXPRESS = 1L << 32; // beyond any route id

    private final Clock clock;
    private final Quota quota;
    private final Map<Long, Lane> lanes = new LinkedHashMap<>(); // none is empty
    private final ArrayDeque<Lane> turns = new ArrayDeque<>(); // the lanes, next one first
    private int bytes; // cost of all items

    private static final class Lane {
        final long route;
        final ArrayDeque<Item> items = new ArrayDeque<>();
        int bytes;

        Lane(long route) {
            this.route = route;
        }
    }

    private record Item(Packet packet, boolean relayed, long since) {}

    /** Empty ones; what waits in them is part of {@code quota}. */
    Lanes(Clock clock, Quota quota) {
        this.clock = clock;
        this.quota = quota;
    }

    /** Its bytes, and what it costs to keep it: many tiny ones must not fill the memory. */
    static int cost(Packet packet) {
        return packet.size() + 64;
    }

    /** Bytes waiting, with what they cost to keep. */
    int bytes() {
        return bytes;
    }

    /** The same of one route; 0 if nothing of it waits. */
    int bytes(long route) {
        Lane lane = lanes.get(route);
        return lane == null ? 0 : lane.bytes;
    }

    /** Routes of which something waits. */
    int count() {
        return lanes.size();
    }

    /** Adds a packet, of somebody else if it is relayed. */
    void add(Packet packet, boolean relayed) {
        add(packet, relayed, packet.routeId());
    }

    /** Adds a packet that need not stay behind those of its route: it has a lane of its own. */
    void addExpress(Packet packet) {
        add(packet, true, packet.routeId() | EXPRESS);
    }

    private void add(Packet packet, boolean relayed, long key) {
        Lane lane = lanes.get(key);
        if (lane == null) {
            lane = new Lane(key);
            lanes.put(lane.route, lane);
            turns.add(lane);
        }
        lane.items.add(new Item(packet, relayed, clock.nanoTime()));
        hold(lane, cost(packet));
    }

    private void hold(Lane lane, int cost) {
        lane.bytes += cost;
        bytes += cost;
        quota.take(cost);
    }

    /** Size of the packet whose turn it is; there must be one. */
    int firstSize() {
        return turns.element().items.element().packet().size();
    }

    /** Takes out and encodes as many packets as fit, see {@link OutQueue#take}. */
    int take(byte[] batch, int most) {
        int n = 0;
        while (!turns.isEmpty()) {
            Lane lane = turns.peek();
            Packet packet = lane.items.peek().packet();
            if (n > 0 && n + packet.size() > most) {
                break;
            }
            n += packet.encode(batch, n);
            lane.items.remove();
            hold(lane, -cost(packet));
            turns.remove();
            if (lane.items.isEmpty()) {
                lanes.remove(lane.route);
            } else {
                turns.add(lane);
            }
        }
        return n;
    }

    /** Drops the relayed packets that came by then; how many. */
    int dropRelayed(long limit) {
        int before = size();
        for (Iterator<Lane> all = turns.iterator(); all.hasNext(); ) {
            Lane lane = all.next();
            lane.items.removeIf(item -> {
                boolean old = item.relayed() && item.since() - limit <= 0;
                if (old) {
                    hold(lane, -cost(item.packet()));
                }
                return old;
            });
            if (lane.items.isEmpty()) {
                lanes.remove(lane.route);
                all.remove();
            }
        }
        return before - size();
    }

    private int size() {
        return lanes.values().stream().mapToInt(lane -> lane.items.size()).sum();
    }

    /** Drops all. */
    void clear() {
        quota.take(-bytes);
        bytes = 0;
        lanes.clear();
        turns.clear();
    }
}
