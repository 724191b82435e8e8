package skywire.rpc;

import java.io.IOException;
import java.util.List;
import skywire.fuzz.Decoder;
import skywire.fuzz.Hostile;
import skywire.gob.GobSchema;
import skywire.gob.GobValue;
import skywire.platform.Deadline;
import skywire.testkit.ReplayLink;
import skywire.testkit.Vectors;

/** The answer to a call, as a client hears it. */
public final class RpcClientFuzz implements Decoder {
    public static void fuzzerTestOneInput(byte[] data) {
        Hostile.feed(new RpcClientFuzz(), data);
    }

    @Override
    public void decode(byte[] data) throws IOException {
        var client = new RpcClient(new ReplayLink(data, 1500));
        client.call(
                "RPCGateway.DelRules",
                GobSchema.slice(GobSchema.UINT),
                GobValue.unsignedSlice(new long[] {1}),
                Deadline.NEVER);
    }

    @Override
    public List<byte[]> samples() {
        return List.of(Vectors.hex(
                Vectors.load("routing/rpc_router_gateway.json").getAsJsonObject("del_rules_2026"), "server_bytes"));
    }

    @Override
    public long allowance() {
        return 256 * 1024;
    }
}
