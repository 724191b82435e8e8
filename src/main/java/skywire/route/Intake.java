package skywire.route;

import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import skywire.limit.LogLimit;
import skywire.packet.Close;
import skywire.packet.KeepAlive;
import skywire.packet.Packet;
import skywire.packet.Rule;
import skywire.platform.Clock;
import skywire.platform.Failure;
import skywire.transport.NextHop;
import skywire.transport.PacketSink;

/**
 * Looks up the rule of each packet that arrives and does what it says (routing §5). Runs on the readers of the
 * transports, one packet of each at a time. Thread-safe.
 */
public final class Intake implements PacketSink {
    private static final System.Logger LOG = System.getLogger(Intake.class.getName());

    private final RuleTable table;
    private final Forwarder forwarder;
    private final Parking parking;
    private final LogLimit peerLog;
    private final LongAdder refused = new LongAdder();

    /** Serves the rules of that table from now on. */
    public Intake(Clock clock, RuleTable table, Forwarder forwarder) {
        this.table = table;
        this.forwarder = forwarder;
        this.parking = new Parking(clock);
        this.peerLog = new LogLimit(clock, LOG);
        table.onInstalled(entry -> replay(entry.id()));
    }

    @Override
    public void packet(NextHop from, Packet packet) {
        if (!parking.join(from, packet)) {
            handle(from, packet);
        }
    }

    private void handle(NextHop from, Packet packet) {
        RuleEntry entry;
        try {
            entry = table.arriving(packet.routeId(), from.id());
        } catch (Failure e) {
            if (e.kind() == Failure.Kind.NOT_FOUND && table.isReserved(packet.routeId())) {
                parking.park(from, packet);
                if (table.get(packet.routeId()).isPresent()) {
                    replay(packet.routeId()); // installed meanwhile
                }
            } else if (e.kind() == Failure.Kind.NOT_FOUND
                    && table.get(packet.routeId()).isPresent()) {
                handle(from, packet); // installed between the two looks; an id is never reserved again after that
            } else {
                refused.increment();
                peerLog.log(
                        System.Logger.Level.DEBUG,
                        packet + " from " + from.remoteKey().brief() + ": " + e.getMessage());
            }
            return;
        }
        follow(entry, packet);
    }

    private void follow(RuleEntry entry, Packet packet) {
        switch (entry.rule()) {
            case Rule.Intermediary relay -> {
                forwarder.forward(entry, relay, packet);
                if (packet instanceof Close) {
                    table.remove(entry);
                }
            }
            case Rule.Consume consume -> {
                table.touch(entry);
                entry.end().filter(end -> !(packet instanceof KeepAlive)).ifPresent(end -> end.packet(packet));
                if (packet instanceof Close) {
                    table.remove(entry);
                }
            }
            case Rule.Forward forward -> throw new IllegalStateException("a rule for sending takes no packets");
        }
    }

    private void replay(long id) {
        if (!parking.begin(id)) {
            return;
        }
        Optional<Parking.Parked> next = parking.next(id);
        while (next.isPresent()) {
            handle(next.get().from(), next.get().packet());
            next = parking.next(id);
        }
    }

    @Override
    public void stalled(NextHop hop) {
        forwarder.breakRelays(hop, "takes no packets");
    }

    @Override
    public void ended(NextHop hop, Failure why) {
        forwarder.breakRoutes(hop, why.getMessage());
    }

    /** Takes out expired rules and parked packets; to be called every few seconds. */
    public void collect() {
        parking.collect();
        for (RuleEntry entry : table.collect()) {
            entry.end()
                    .ifPresent(end ->
                            end.gone(new Failure(Failure.Kind.TIMEOUT, "the route's keep-alive time has passed")));
        }
    }

    /** Packets that had no valid rule, or came by a transport that is not their rule's. */
    public long refusedPackets() {
        return refused.sum();
    }
}
