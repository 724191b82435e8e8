package skywire.route.setup;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import skywire.key.PublicKey;
import skywire.limit.LogLimit;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Platform;
import skywire.route.EdgeRules;
import skywire.rpc.RpcFault;
import skywire.rpc.RpcMethod;

/**
 * What a setup node does: gets route ids from the visors of a route, gives the relays and the far end their rules, and
 * answers with the rules of the visor that asked (setup §5). Whatever was reserved or installed is taken back if
 * something later fails. Thread-safe; each request runs on its caller's thread and a few of its own.
 */
public final class RouteBuilder implements Closeable {
    /** For all of a request but the taking back. */
    public static final Duration REQUEST_LIMIT = Duration.ofSeconds(25);

    /** For reaching one visor. */
    public static final Duration DIAL_LIMIT = Duration.ofSeconds(10);

    /** For one call to one visor. */
    public static final Duration CALL_LIMIT = Duration.ofSeconds(10);

    /** For taking everything back. */
    public static final Duration UNDO_LIMIT = Duration.ofSeconds(5);

    private static final System.Logger LOG = System.getLogger(RouteBuilder.class.getName());

    private final Platform platform;
    private final GatewayPool pool;
    private final LongAdder built = new LongAdder();
    private final LongAdder failed = new LongAdder();

    private RouteBuilder(Platform platform, GatewayPool pool) {
        this.platform = platform;
        this.pool = pool;
    }

    /** A builder that reaches visors through this dialer. */
    public static RouteBuilder open(Platform platform, Dialer dialer) throws IOException {
        return new RouteBuilder(platform, GatewayPool.open(platform, dialer));
    }

    /** The method a setup node serves; {@code caller} is who asks. */
    public RpcMethod dialRouteGroup(PublicKey caller, boolean anySource) {
        return new RpcMethod("SetupRPCGateway.DialRouteGroup", SetupCodec.EDGE_RULES, (argument, deadline) -> {
            RouteRequest request = SetupCodec.request(argument);
            if (!anySource && !request.descriptor().srcKey().equals(caller)) {
                throw RpcFault.failure(RpcFault.CREATE_ROUTES, "the route does not begin at its caller");
            }
            Built route = build(request, deadline);
            return new RpcMethod.Answer(SetupCodec.edgeRules(route.rules()), route::takeBack);
        });
    }

    /**
     * A route that was set up.
     *
     * @param rules those of the source, which installs them itself
     * @param ids given for it, by visor
     */
    public record Built(EdgeRules rules, Map<PublicKey, List<Long>> ids, RouteBuilder by) {
        /** Takes everything back, within {@link #UNDO_LIMIT}: its source will not use it. */
        public void takeBack() {
            try (var undo = new Undo()) {
                undo.add(() -> VisorCalls.takeBack(by.platform, by.pool, ids));
            }
        }
    }

    /**
     * Sets a route up.
     *
     * @throws IOException naming the visor that failed; nothing is left at visors that could be reached
     */
    public Built build(RouteRequest request, Deadline deadline) throws IOException {
        request.check();
        Deadline limit = deadline.orEarlier(platform.clock(), REQUEST_LIMIT);
        try (var visors = new VisorCalls(platform, pool, request.visors(), limit);
                var undo = new Undo()) {
            visors.connect();
            undo.add(visors::takeBack);
            Map<PublicKey, List<Long>> ids = visors.reserve(RulePlan.idsNeeded(request));
            RulePlan plan = RulePlan.of(request, ids);
            visors.installRelays(plan.relays());
            visors.installResponder(request.descriptor().dstKey(), plan.responder());
            undo.keep();
            built.increment();
            LOG.log(System.Logger.Level.DEBUG, () -> "route set up: " + request.descriptor());
            return new Built(plan.initiator(), ids, this);
        } catch (IOException e) {
            failed.increment();
            LOG.log(System.Logger.Level.DEBUG, () -> "route not set up: " + LogLimit.clean(Failure.text(e)));
            throw e;
        }
    }

    /** Routes set up so far. */
    public long built() {
        return built.sum();
    }

    /** Requests that failed. */
    public long failed() {
        return failed.sum();
    }

    /** Closes the connections kept for later; requests under way go on until they fail or are done. */
    @Override
    public void close() {
        pool.close();
    }
}
