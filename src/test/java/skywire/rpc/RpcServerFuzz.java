package skywire.rpc;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import skywire.fuzz.Decoder;
import skywire.fuzz.Hostile;
import skywire.gob.GobSchema;
import skywire.gob.GobValue;
import skywire.testkit.InlinePlatform;
import skywire.testkit.ReplayLink;
import skywire.testkit.Vectors;

/** Calls, as a server hears them. */
public final class RpcServerFuzz implements Decoder {
    public static void fuzzerTestOneInput(byte[] data) {
        Hostile.feed(new RpcServerFuzz(), data);
    }

    @Override
    public void decode(byte[] data) throws IOException {
        Duration limit = Duration.ofSeconds(5);
        var echo = new RpcMethod("RPCGateway.ReserveIDs", GobSchema.slice(GobSchema.UINT), (argument, deadline) -> {
            long n = argument.asUnsigned(255);
            return RpcMethod.Answer.of(GobValue.unsignedSlice(new long[(int) Math.min(n, 4)]));
        });
        var yes = new RpcMethod(
                "RPCGateway.AddEdgeRules",
                GobSchema.BOOL,
                (argument, deadline) -> RpcMethod.Answer.of(GobValue.of(true)));
        new RpcServer(new InlinePlatform(), limit, limit, List.of(echo, yes)).serve(new ReplayLink(data, 1500));
    }

    @Override
    public List<byte[]> samples() {
        return Vectors.load("routing/rpc_router_gateway.json").entrySet().stream()
                .map(Map.Entry::getValue)
                .filter(v -> v.isJsonObject() && v.getAsJsonObject().has("client_bytes"))
                .map(v -> Vectors.hex(v.getAsJsonObject(), "client_bytes"))
                .limit(3)
                .toList();
    }

    @Override
    public long allowance() {
        return 256 * 1024;
    }
}
