package skywire.route;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import skywire.key.PublicKey;
import skywire.packet.Rule;

/** A rule in the table, with who installed it, the transport it is bound to and when it was last used. Thread-safe. */
public final class RuleEntry {
    private final Rule rule;
    private final PublicKey owner;
    private final RouteEnd end; // null for the rules of relays
    private volatile List<RuleEntry> siblings = List.of(); // set once, under the table's lock; itself among them
    private volatile UUID arrivesBy; // set once, under the table's lock; null until the first packet
    private volatile long activeAt; // Clock.nanoTime of the last use
    private volatile boolean removed; // written under the table's lock
    private final AtomicInteger turns = new AtomicInteger();

    RuleEntry(Rule rule, PublicKey owner, UUID arrivesBy, RouteEnd end, long now) {
        this.rule = rule;
        this.owner = owner;
        this.end = end;
        this.arrivesBy = arrivesBy;
        this.activeAt = now;
    }

    /** The rule, its keep-alive within the table's bounds. */
    public Rule rule() {
        return rule;
    }

    /** The route id it is found by. */
    public long id() {
        return rule.keyRouteId();
    }

    /** Who installed it: a setup node, or this visor itself. */
    public PublicKey owner() {
        return owner;
    }

    /** The end of the route this rule belongs to; empty for the rules of relays. */
    public Optional<RouteEnd> end() {
        return Optional.ofNullable(end);
    }

    /** Whether packets of this rule leave by that transport. */
    public boolean leavesBy(UUID transport) {
        return switch (rule) {
            case Rule.Consume c -> false;
            case Rule.Forward f -> f.nextTransport().equals(transport);
            case Rule.Intermediary i -> i.nextTransport().equals(transport);
        };
    }

    /** Whether its packets are known to arrive by this transport. */
    public boolean arrivesBy(UUID transport) {
        return transport.equals(arrivesBy);
    }

    /** The transport its packets arrive by, as text for people; empty while none has come. */
    public String arrivesByText() {
        UUID bound = arrivesBy;
        return bound == null ? "" : bound.toString();
    }

    /** How long it has not been used; {@code now} is the {@code nanoTime} of the table's clock. */
    public Duration idle(long now) {
        return Duration.ofNanos(Math.max(0, idleNanos(now)));
    }

    /** Whether it has been taken out of the table. */
    public boolean isRemoved() {
        return removed;
    }

    /** The rules of a relay that were installed together, one for each direction of the route; empty for other rules. */
    List<RuleEntry> siblings() {
        return siblings;
    }

    void joinWith(List<RuleEntry> all) {
        siblings = all;
    }

    boolean isBound() {
        return arrivesBy != null;
    }

    void bind(UUID transport) {
        arrivesBy = transport;
    }

    void remove() {
        removed = true;
    }

    void touch(long now) {
        activeAt = now;
    }

    /** Notes that a packet goes back by the transport it came by; how many have done so. */
    int turn() {
        return turns.incrementAndGet();
    }

    long idleNanos(long now) {
        return now - activeAt;
    }

    boolean isExpired(long now) {
        return idleNanos(now) > rule.keepAlive().toNanos();
    }

    @Override
    public String toString() {
        return rule.toString();
    }
}
