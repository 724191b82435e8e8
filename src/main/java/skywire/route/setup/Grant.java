package skywire.route.setup;

import skywire.key.PublicKey;
import skywire.route.EdgeRules;

/**
 * A route that was set up.
 *
 * @param setupNode who did it; the route ids at this visor are reserved for it
 * @param rules what this visor has to install
 */
public record Grant(PublicKey setupNode, EdgeRules rules) {}
