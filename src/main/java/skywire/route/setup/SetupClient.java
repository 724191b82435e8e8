package skywire.route.setup;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.ReentrantLock;
import skywire.key.PublicKey;
import skywire.link.KeyedLink;
import skywire.packet.Rule;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Platform;
import skywire.route.EdgeRules;
import skywire.rpc.RpcClient;
import skywire.rpc.RpcFault;

/**
 * Asks setup nodes for routes: any of those configured, one that does not answer is left alone for a while. One link per
 * request. Thread-safe.
 */
public final class SetupClient {
    /** For reaching one setup node. */
    public static final Duration DIAL_LIMIT = Duration.ofSeconds(10);

    /** For its answer; it may take some time to take back what failed. */
    public static final Duration ANSWER_LIMIT =
            RouteBuilder.REQUEST_LIMIT.plus(RouteBuilder.UNDO_LIMIT).plusSeconds(5);

    /** How long a node that did not answer is asked last, doubled each time up to {@link #LONGEST_REST}. */
    public static final Duration REST = Duration.ofSeconds(10);

    /** The longest time a node is left alone. */
    public static final Duration LONGEST_REST = Duration.ofMinutes(5);

    private final Platform platform;
    private final Dialer dialer;
    private final List<PublicKey> nodes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<PublicKey, Rest> resting = new LinkedHashMap<>(); // guarded by lock

    private record Rest(int failures, long until) {}

    /** A client of these setup nodes. */
    public SetupClient(Platform platform, Dialer dialer, List<PublicKey> nodes) {
        this.platform = platform;
        this.dialer = dialer;
        this.nodes = List.copyOf(nodes);
    }

    /** Whether a key is that of one of our setup nodes. */
    public boolean trusts(PublicKey key) {
        return nodes.contains(key);
    }

    /**
     * Gets a route.
     *
     * @throws RpcFault if a node answered that it cannot be had, the text often naming the visor that failed
     * @throws Failure of kind {@code UNREACHABLE} if no node answered
     */
    public Grant request(RouteRequest request, Deadline deadline) throws IOException {
        IOException last = null;
        for (PublicKey node : inOrder()) {
            try {
                Grant grant = new Grant(node, ask(node, request, deadline));
                answered(node);
                return grant;
            } catch (RpcFault answer) {
                if (answer.unknownMethod()) {
                    silent(node); // whatever it is, it sets up no routes
                    last = answer;
                    continue;
                }
                answered(node);
                throw new RpcFault("route setup: " + answer.getMessage());
            } catch (IOException e) {
                if (Failure.kindOf(e) == Failure.Kind.CANCELLED || deadline.passed()) {
                    throw e;
                }
                silent(node);
                last = e;
            }
        }
        throw new Failure(
                Failure.Kind.UNREACHABLE,
                "failed to dial to a setup node" + (last == null ? "" : ": " + Failure.text(last)),
                last);
    }

    private EdgeRules ask(PublicKey node, RouteRequest request, Deadline deadline) throws IOException {
        try (KeyedLink link =
                dialer.dial(node, SetupPorts.SETUP_NODE, deadline.orEarlier(platform.clock(), DIAL_LIMIT))) {
            if (!link.remoteKey().equals(node)) {
                throw Failure.untrusted("dialled setup node " + node.brief() + ", reached another");
            }
            EdgeRules rules = SetupCodec.edgeRules(new RpcClient(link)
                    .call(
                            "SetupRPCGateway.DialRouteGroup",
                            SetupCodec.ROUTE_REQUEST,
                            SetupCodec.request(request),
                            deadline.orEarlier(platform.clock(), ANSWER_LIMIT)));
            check(request, rules);
            return rules;
        }
    }

    /** A setup node is trusted with the path, not with more: the rules must be those of the request. */
    private static void check(RouteRequest request, EdgeRules rules) throws Failure {
        Rule.Forward forward = rules.forward();
        if (!rules.descriptor().equals(request.descriptor().inverted())
                || !forward.nextTransport().equals(request.forward().getFirst().transport())
                || forward.nextRouteId() == 0
                || forward.keyRouteId() == 0
                || rules.consume().keyRouteId() == 0) {
            throw Failure.malformed("setup node answered with rules of another route");
        }
    }

    // ---- which node

    private List<PublicKey> inOrder() {
        List<PublicKey> ready = new ArrayList<>();
        List<PublicKey> last = new ArrayList<>();
        long now = platform.clock().nanoTime();
        lock.lock();
        try {
            for (PublicKey node : nodes) {
                Rest rest = resting.get(node);
                (rest == null || now - rest.until() >= 0 ? ready : last).add(node);
            }
        } finally {
            lock.unlock();
        }
        shuffle(ready, platform.random());
        shuffle(last, platform.random());
        ready.addAll(last);
        return ready;
    }

    private static void shuffle(List<PublicKey> list, Random random) {
        java.util.Collections.shuffle(list, random);
    }

    private void silent(PublicKey node) {
        long now = platform.clock().nanoTime();
        lock.lock();
        try {
            int failures = resting.containsKey(node) ? resting.get(node).failures() + 1 : 1;
            long rest = Math.min(LONGEST_REST.toNanos(), REST.toNanos() << Math.min(10, failures - 1));
            resting.put(node, new Rest(failures, now + rest));
        } finally {
            lock.unlock();
        }
    }

    private void answered(PublicKey node) {
        lock.lock();
        try {
            resting.remove(node);
        } finally {
            lock.unlock();
        }
    }
}
