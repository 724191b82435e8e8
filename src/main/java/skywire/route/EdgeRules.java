package skywire.route;

import skywire.packet.RouteDescriptor;
import skywire.packet.Rule;
import skywire.platform.Failure;

/**
 * The two rules a visor at the end of a route gets from a setup node (setup §3).
 *
 * @param descriptor as this end sees the group: source is the far end, destination this visor
 * @param forward what is sent takes this rule; its descriptor is the inverted one
 * @param consume what arrives takes this rule
 */
public record EdgeRules(RouteDescriptor descriptor, Rule.Forward forward, Rule.Consume consume) {
    /**
     * Builds the bundle of rules of any kind.
     *
     * @throws Failure of kind {@code MALFORMED} if they are not a forward and a consume rule of this group
     */
    public static EdgeRules of(RouteDescriptor descriptor, Rule forward, Rule consume) throws Failure {
        if (!(forward instanceof Rule.Forward out) || !(consume instanceof Rule.Consume in)) {
            throw Failure.malformed("edge rules are not a forward and a consume rule");
        }
        var rules = new EdgeRules(descriptor, out, in);
        rules.check();
        return rules;
    }

    private void check() throws Failure {
        if (!consume.descriptor().equals(descriptor) || !forward.descriptor().equals(descriptor.inverted())) {
            throw Failure.malformed("edge rules of another route group");
        }
        if (forward.keyRouteId() == consume.keyRouteId()) {
            throw Failure.malformed("edge rules share one route id");
        }
    }
}
