package skywire.route;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import skywire.key.PublicKey;
import skywire.packet.RouteDescriptor;
import skywire.packet.RouteId;
import skywire.packet.Rule;
import skywire.platform.Failure;

/**
 * What a setup node may do here: reserve ids, install rules under them, take its own rules back (setup §3). The caller
 * has already been found trusted. Thread-safe.
 *
 * <p>A rule is checked before it is believed: kind, ids, a transport that exists, ends that are ours. Requests are
 * whole: if one rule of a request is refused, none of it is installed.
 */
public final class RuleInstaller {
    private final PublicKey self;
    private final RuleTable table;
    private final Predicate<UUID> transports;
    private final EdgeSink edges;
    private final Consumer<RuleEntry> gone;

    /** Who takes the rules of a route that ends here. */
    @FunctionalInterface
    public interface EdgeSink {
        /**
         * Installs the rules and begins with the route group, without waiting for its far end.
         *
         * @throws Failure if the group cannot be taken; no rule is left behind then
         */
        void introduce(PublicKey owner, EdgeRules rules) throws Failure;
    }

    /**
     * @param self this visor
     * @param transports whether there is a live transport of that id
     * @param edges takes bundles for routes that end here
     * @param gone is told of each rule taken back
     */
    public RuleInstaller(
            PublicKey self, RuleTable table, Predicate<UUID> transports, EdgeSink edges, Consumer<RuleEntry> gone) {
        this.self = self;
        this.table = table;
        this.transports = transports;
        this.edges = edges;
        this.gone = gone;
    }

    /** Reserves ids, see {@link RuleTable#reserve}. */
    public List<Long> reserve(PublicKey owner, int n) throws Failure {
        return table.reserve(owner, n);
    }

    /**
     * Installs the rules of a relay, all those of one route.
     *
     * @throws Failure of kind {@code MALFORMED}, {@code NOT_FOUND} (transport) or {@code REFUSED} (route id)
     */
    public void addIntermediary(PublicKey owner, List<Rule> rules) throws Failure {
        if (rules.size() > RuleTable.MOST_PER_REQUEST) {
            throw new Failure(Failure.Kind.LIMIT, "at most " + RuleTable.MOST_PER_REQUEST + " rules at once");
        }
        var relay = new ArrayList<Rule.Intermediary>();
        for (Rule rule : rules) {
            relay.add(checked(rule));
        }
        List<RuleEntry> entries = table.installRelay(owner, relay);
        try {
            for (Rule.Intermediary rule : relay) {
                checkTransport(rule.nextTransport()); // one that ended meanwhile may not have seen these rules
            }
        } catch (Failure e) {
            entries.forEach(table::remove);
            throw e;
        }
    }

    private Rule.Intermediary checked(Rule rule) throws Failure {
        if (!(rule instanceof Rule.Intermediary relay)) {
            throw Failure.malformed("not an intermediary rule");
        }
        checkIds(relay.keyRouteId(), relay.nextRouteId());
        checkTransport(relay.nextTransport());
        return relay;
    }

    /** Takes the rules of a route that ends here, and hands them to the route groups. */
    public void addEdge(PublicKey owner, EdgeRules rules) throws Failure {
        RouteDescriptor descriptor = rules.descriptor();
        if (!descriptor.dstKey().equals(self)) {
            throw Failure.malformed("edge rules of another visor");
        }
        if (descriptor.srcKey().isNull()) {
            throw Failure.malformed("edge rules without a source");
        }
        checkIds(rules.consume().keyRouteId(), rules.forward().keyRouteId());
        checkIds(rules.forward().nextRouteId(), rules.forward().nextRouteId());
        checkTransport(rules.forward().nextTransport());
        edges.introduce(owner, rules);
    }

    /** Takes back what this owner reserved or installed; other ids are ignored. */
    public void delete(PublicKey owner, List<Long> ids) {
        table.delete(owner, ids).forEach(gone);
    }

    private static void checkIds(long first, long second) throws Failure {
        if (first == RouteId.NONE || second == RouteId.NONE) {
            throw Failure.malformed("route id 0 in a rule");
        }
    }

    private void checkTransport(UUID transport) throws Failure {
        if (!transports.test(transport)) {
            throw new Failure(Failure.Kind.NOT_FOUND, "unknown transport " + transport);
        }
    }
}
