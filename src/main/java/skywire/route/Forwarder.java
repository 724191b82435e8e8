package skywire.route;

import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import skywire.key.PublicKey;
import skywire.limit.RateLimit;
import skywire.packet.Close;
import skywire.packet.ErrorText;
import skywire.packet.Packet;
import skywire.packet.Rule;
import skywire.platform.Clock;
import skywire.platform.Failure;
import skywire.transport.NextHop;

/**
 * Sends packets of others on their way, payloads as they came (routing §5), and tells routes that have broken here.
 * Thread-safe.
 */
public final class Forwarder {
    /**
     * Packets a second, of all routes together, that go back by the transport they came by. Only ping routes have such
     * packets, which lead over a neighbour back to where they begin; and so has a loop of rules, in which a packet goes
     * round and round. A relay cannot tell one from the other, so that the little that pings need is all there is.
     */
    public static final double TURNS_PER_SECOND = 20;

    /** As {@link #TURNS_PER_SECOND}, for a short time. */
    public static final double TURNS_AT_ONCE = 200;

    /** Such packets of one rule in its life, so that a slow loop ends as well. */
    public static final int MOST_TURNS = 2_000;

    private final PublicKey self;
    private final RuleTable table;
    private final Hops hops;
    private final LongAdder forwarded = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final LongAdder turned = new LongAdder();
    private final RateLimit turns;

    /** Forwards for the visor {@code self}. */
    public Forwarder(Clock clock, PublicKey self, RuleTable table, Hops hops) {
        this.turns = new RateLimit(clock, TURNS_PER_SECOND, TURNS_AT_ONCE);
        this.self = self;
        this.table = table;
        this.hops = hops;
    }

    /**
     * Passes a packet on; waits for the neighbour within the limits of {@link NextHop#relay}. If it cannot be passed on,
     * the route is broken: nothing on the way would send it again, and its ends had better know. A loop ends that way.
     */
    void forward(RuleEntry entry, Rule.Intermediary rule, Packet packet) {
        if (entry.arrivesBy(rule.nextTransport()) && (entry.turn() > MOST_TURNS || !turns.take())) {
            turned.increment();
            dropped.increment();
            breakRelay(entry, "visor " + self.hex() + ": too much goes back by the transport it came by");
            return;
        }
        Optional<? extends NextHop> hop = hops.find(rule.nextTransport());
        if (hop.isPresent() && relay(hop.get(), packet.to(rule.nextRouteId()))) {
            forwarded.increment();
            table.touch(entry);
        } else {
            dropped.increment();
            breakRelay(
                    entry,
                    hop.map(h -> text(h, "takes too little"))
                            .orElseGet(
                                    () -> "visor " + self.hex() + ": transport " + rule.nextTransport() + ": ended"));
        }
    }

    private static boolean relay(NextHop hop, Packet packet) {
        try {
            return hop.relay(packet);
        } catch (IOException e) {
            return false; // the transport has ended
        }
    }

    /** A neighbour takes nothing: routes of others over it are broken, since packets of theirs were dropped. */
    void breakRelays(NextHop hop, String why) {
        String text = text(hop, why);
        over(hop.id()).filter(entry -> entry.end().isEmpty()).forEach(entry -> breakRelay(entry, text));
    }

    /**
     * All routes over a transport that has ended are broken: the ends we can still reach get an Error that names this
     * visor, the transport and why, and a Close; the rules go.
     */
    void breakRoutes(NextHop hop, String why) {
        String text = text(hop, why);
        over(hop.id()).forEach(entry -> {
            breakRelay(entry, text);
            entry.end().ifPresent(end -> end.gone(new Failure(Failure.Kind.UNREACHABLE, text)));
        });
    }

    /** This visor ends: the routes that lead through it are told, so that nobody looks for the cause elsewhere. */
    public void leave() {
        String text = "visor " + self.hex() + ": shutting down";
        table.list().stream().filter(entry -> entry.end().isEmpty()).forEach(entry -> breakRelay(entry, text));
    }

    private Stream<RuleEntry> over(UUID transport) {
        return Stream.concat(table.arrivingBy(transport).stream(), table.leavingBy(transport).stream());
    }

    private String text(NextHop hop, String why) {
        return "visor " + self.hex() + ": transport " + hop.id() + " to "
                + hop.remoteKey().hex() + ": " + why;
    }

    /**
     * Takes the rules of the route out and tells both its ends, where there is still a way to them. All rules go first:
     * the answer of one end must not overtake what the other is told.
     */
    private void breakRelay(RuleEntry entry, String text) {
        Stream.concat(Stream.of(entry), entry.siblings().stream())
                .filter(table::remove)
                .toList()
                .forEach(gone -> tell(gone, text));
    }

    private void tell(RuleEntry gone, String text) {
        if (gone.rule() instanceof Rule.Intermediary relay) {
            hops.find(relay.nextTransport()).ifPresent(hop -> {
                hop.offer(ErrorText.of(relay.nextRouteId(), text));
                hop.offer(Close.of(relay.nextRouteId(), Close.REQUESTED));
            });
        }
    }

    /** Packets passed on. */
    public long forwardedPackets() {
        return forwarded.sum();
    }

    /** Packets dropped because they were to go back by the transport they came by, and too many did. */
    public long turnedPackets() {
        return turned.sum();
    }

    /** Packets of others dropped: no such transport, or a stalled neighbour. */
    public long droppedPackets() {
        return dropped.sum();
    }
}
