package skywire.route.setup;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import skywire.gob.GobSchema;
import skywire.gob.GobValue;
import skywire.key.PublicKey;
import skywire.link.KeyedLink;
import skywire.packet.Rule;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.route.EdgeRules;
import skywire.rpc.RpcClient;
import skywire.rpc.RpcFault;

/** The router of one visor, called by a setup node. Used by one request at a time. */
final class GatewayClient implements Closeable {
    private final RpcClient rpc;
    private final PublicKey visor;
    private boolean fresh = true; // no call has been made

    GatewayClient(KeyedLink link) {
        this.rpc = new RpcClient(link);
        this.visor = link.remoteKey();
    }

    /** The visor called. */
    PublicKey visor() {
        return visor;
    }

    /** Whether another call may be made. */
    boolean usable() {
        return rpc.usable();
    }

    /** Whether no call has been made yet. */
    boolean isFresh() {
        return fresh;
    }

    /** Reserves exactly {@code n} route ids. */
    List<Long> reserve(int n, Deadline deadline) throws IOException {
        List<Long> ids = SetupCodec.ids(call("ReserveIDs", GobSchema.UINT, GobValue.unsigned(n), deadline));
        if (ids.size() != n || ids.contains(0L) || ids.stream().distinct().count() != n) {
            throw Failure.malformed("asked for " + n + " route ids, got " + ids.size() + ", not all of use");
        }
        return ids;
    }

    /** Installs the rules of a relay. */
    void addIntermediary(List<Rule.Intermediary> rules, Deadline deadline) throws IOException {
        confirm(call("AddIntermediaryRules", SetupCodec.RULES, SetupCodec.rules(rules), deadline));
    }

    /** Gives the far end of a route its rules. */
    void addEdge(EdgeRules rules, Deadline deadline) throws IOException {
        confirm(call("AddEdgeRules", SetupCodec.EDGE_RULES, SetupCodec.edgeRules(rules), deadline));
    }

    /** Takes rules back; visors that do not know how let them expire. */
    void delete(List<Long> ids, Deadline deadline) throws IOException {
        try {
            call("DelRules", SetupCodec.IDS, SetupCodec.ids(ids), deadline);
        } catch (RpcFault e) {
            if (!e.unknownMethod()) {
                throw e;
            }
        }
    }

    private static void confirm(GobValue reply) throws IOException {
        if (!reply.asFlag()) {
            throw new Failure(Failure.Kind.REFUSED, "the visor answered no");
        }
    }

    private GobValue call(String method, GobSchema type, GobValue argument, Deadline deadline) throws IOException {
        fresh = false;
        return rpc.call("RPCGateway." + method, type, argument, deadline);
    }

    @Override
    public void close() {
        rpc.close();
    }
}
