package skywire.route.setup;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import skywire.key.PublicKey;
import skywire.packet.Hop;
import skywire.packet.RouteDescriptor;
import skywire.packet.Rule;
import skywire.platform.Failure;
import skywire.route.EdgeRules;

/**
 * Which rules go where, for a request and the route ids its visors gave (setup §5). Pure.
 *
 * @param relays the rules of each visor in between
 * @param initiator what the source installs itself
 * @param responder what the destination is given
 */
record RulePlan(Map<PublicKey, List<Rule.Intermediary>> relays, EdgeRules initiator, EdgeRules responder) {
    /** How many ids each visor must give: one per path that begins there, one per hop that ends there. */
    static Map<PublicKey, Integer> idsNeeded(RouteRequest request) {
        Map<PublicKey, Integer> needed = new LinkedHashMap<>();
        for (List<Hop> path : List.of(request.forward(), request.reverse())) {
            needed.merge(path.getFirst().from(), 1, Integer::sum);
            path.forEach(hop -> needed.merge(hop.to(), 1, Integer::sum));
        }
        return needed;
    }

    /** Makes the rules; each visor's ids are used up in their order, forward path first. */
    static RulePlan of(RouteRequest request, Map<PublicKey, List<Long>> ids) throws Failure {
        Map<PublicKey, Iterator<Long>> next = new LinkedHashMap<>();
        ids.forEach((visor, list) -> next.put(visor, list.iterator()));
        Map<PublicKey, List<Rule.Intermediary>> relays = new LinkedHashMap<>();
        RouteDescriptor there = request.descriptor();
        RouteDescriptor back = there.inverted();
        Ends forward = rules(request.forward(), there, request.keepAlive(), next, relays);
        Ends reverse = rules(request.reverse(), back, request.keepAlive(), next, relays);
        return new RulePlan(
                relays,
                EdgeRules.of(back, forward.first(), reverse.last()),
                EdgeRules.of(there, reverse.first(), forward.last()));
    }

    private record Ends(Rule.Forward first, Rule.Consume last) {}

    private static Ends rules(
            List<Hop> path,
            RouteDescriptor descriptor,
            Duration keepAlive,
            Map<PublicKey, Iterator<Long>> ids,
            Map<PublicKey, List<Rule.Intermediary>> relays) {
        long key = ids.get(path.getFirst().from()).next();
        Rule.Forward first = null;
        for (Hop hop : path) {
            long nextKey = ids.get(hop.to()).next();
            if (first == null) {
                first = new Rule.Forward(keepAlive, key, descriptor, nextKey, hop.transport());
            } else {
                relays.computeIfAbsent(hop.from(), visor -> new ArrayList<>())
                        .add(new Rule.Intermediary(keepAlive, key, nextKey, hop.transport()));
            }
            key = nextKey;
        }
        return new Ends(first, new Rule.Consume(keepAlive, key, descriptor));
    }
}
