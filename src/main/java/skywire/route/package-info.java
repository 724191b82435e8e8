/**
 * Moves packets by rules, and nothing else: what a visor keeps per route id, and what it does with a packet that
 * arrives.
 *
 * <p>Read {@link skywire.route.RuleTable} first, then {@link skywire.route.Intake} (what arrives) and {@link
 * skywire.route.Forwarder} (what leaves). {@link skywire.route.RuleInstaller} is the part that setup nodes may use.
 */
package skywire.route;
