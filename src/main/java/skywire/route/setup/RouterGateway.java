package skywire.route.setup;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import skywire.bytes.MalformedException;
import skywire.gob.GobSchema;
import skywire.gob.GobValue;
import skywire.key.PublicKey;
import skywire.link.KeyedListener;
import skywire.platform.Failure;
import skywire.platform.Platform;
import skywire.route.RuleInstaller;
import skywire.rpc.RpcFault;
import skywire.rpc.RpcListener;
import skywire.rpc.RpcMethod;
import skywire.rpc.RpcServer;

/** The router of a visor as setup nodes call it: {@code RPCGateway} on port 136 (setup §3). Thread-safe. */
public final class RouterGateway {
    /** Setup nodes keep links for a while; longer than this one they do not. */
    static final Duration IDLE = Duration.ofMinutes(6);

    private static final Duration CALL_LIMIT = Duration.ofSeconds(10);
    private static final RpcListener.Limits LIMITS = new RpcListener.Limits(256, 64);
    private static final int MOST_IDS = 255; // the argument is a uint8

    private final Platform platform;
    private final RuleInstaller installer;
    private final boolean transit;

    /**
     * A gateway to this installer.
     *
     * @param transit whether routes of others may lead through this visor
     */
    public RouterGateway(Platform platform, RuleInstaller installer, boolean transit) {
        this.platform = platform;
        this.installer = installer;
        this.transit = transit;
    }

    /**
     * Starts serving; takes over the listener.
     *
     * @param trusted whether a key is that of one of our setup nodes
     */
    public RpcListener start(KeyedListener listener, Predicate<PublicKey> trusted) throws IOException {
        return RpcListener.start(platform, "router-gateway", listener, trusted, this::server, LIMITS);
    }

    /** What one setup node is offered. */
    RpcServer server(PublicKey caller) {
        return new RpcServer(
                platform.clock(),
                IDLE,
                CALL_LIMIT,
                List.of(
                        method("ReserveIDs", SetupCodec.IDS, RpcFault.RESERVE_IDS, n -> reserve(caller, n)),
                        method("AddIntermediaryRules", GobSchema.BOOL, RpcFault.ADD_RULES, r -> relay(caller, r)),
                        method("AddEdgeRules", GobSchema.BOOL, RpcFault.ADD_RULES, r -> edge(caller, r)),
                        method("DelRules", GobSchema.BOOL, RpcFault.UNKNOWN, ids -> delete(caller, ids))));
    }

    private interface Body {
        GobValue call(GobValue argument) throws IOException;
    }

    /** Refusals get the code of the method; an argument of another type gets its own text. */
    private static RpcMethod method(String name, GobSchema reply, int code, Body body) {
        return new RpcMethod("RPCGateway." + name, reply, (argument, deadline) -> {
            try {
                return RpcMethod.Answer.of(body.call(argument));
            } catch (Failure | MalformedException e) {
                throw RpcFault.failure(code, Failure.text(e));
            }
        });
    }

    private GobValue reserve(PublicKey caller, GobValue n) throws IOException {
        return SetupCodec.ids(installer.reserve(caller, (int) n.asUnsigned(MOST_IDS)));
    }

    private GobValue relay(PublicKey caller, GobValue rules) throws IOException {
        if (!transit) {
            throw new Failure(Failure.Kind.REFUSED, "visor does not transit routes");
        }
        installer.addIntermediary(caller, SetupCodec.rules(rules));
        return GobValue.of(true);
    }

    private GobValue edge(PublicKey caller, GobValue rules) throws IOException {
        installer.addEdge(caller, SetupCodec.edgeRules(rules));
        return GobValue.of(true);
    }

    private GobValue delete(PublicKey caller, GobValue ids) throws IOException {
        installer.delete(caller, SetupCodec.ids(ids));
        return GobValue.of(true);
    }
}
