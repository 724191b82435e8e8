package skywire.rpc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import skywire.bytes.ByteReader;
import skywire.bytes.MalformedException;
import skywire.gob.GobReader;
import skywire.gob.GobSchema;
import skywire.gob.GobStruct;
import skywire.gob.GobValue;
import skywire.platform.Deadline;
import skywire.platform.Platform;
import skywire.testkit.ReplayLink;
import skywire.testkit.Vectors;

/** Conversations recorded between reference client and server, with one side replaced by ours. */
class RpcVectorsTest {
    private static final GobSchema IDS = GobSchema.slice(GobSchema.UINT);

    private static RpcServer server(List<RpcMethod> methods) {
        return new RpcServer(Platform.system().clock(), Duration.ofSeconds(5), Duration.ofSeconds(5), methods);
    }

    /** All the values of one direction. */
    private static List<GobValue> values(byte[] stream) throws MalformedException {
        var in = new ByteReader(stream);
        var reader = new GobReader();
        var values = new ArrayList<GobValue>();
        while (in.left() > 0) {
            values.add(reader.next(in));
        }
        return values;
    }

    /** Our server, fed with the recorded requests, answers what the recorded server did. */
    private static void serve(String recording, List<RpcMethod> methods) throws IOException {
        JsonObject v = Vectors.load("routing/rpc_router_gateway.json").getAsJsonObject(recording);
        for (int piece : new int[] {1, 7, 10_000}) {
            var link = new ReplayLink(Vectors.hex(v, "client_bytes"), piece);
            server(methods).serve(link);
            assertEquals(values(Vectors.hex(v, "server_bytes")), values(link.written()), recording);
        }
    }

    private interface Body {
        GobValue call(GobValue argument, Deadline deadline) throws IOException;
    }

    private static RpcMethod method(String name, GobSchema reply, Body body) {
        return new RpcMethod("RPCGateway." + name, reply, (a, d) -> RpcMethod.Answer.of(body.call(a, d)));
    }

    private static final RpcMethod YES =
            method("AddEdgeRules", GobSchema.BOOL, (argument, deadline) -> GobValue.of(true));

    @Test
    void servesRecordedCalls() throws IOException {
        serve("add_edge_rules", List.of(YES));
        serve("add_intermediary_rules", List.of(method("AddIntermediaryRules", GobSchema.BOOL, (a, d) -> {
            assertEquals(2, a.asSlice().size());
            return GobValue.of(true);
        })));
        serve("del_rules_2026", List.of(method("DelRules", GobSchema.BOOL, (a, d) -> {
            assertArrayEquals(new long[] {1, 300, 70000}, a.asUnsignedSlice(0xffffffffL));
            return GobValue.of(true);
        })));
    }

    @Test
    void answersUnknownMethodsAsTheReference() throws IOException {
        serve("del_rules_unknown_on_2024", List.of(YES));
    }

    @Test
    void answersFaultsAsTheReference() throws IOException {
        for (Map.Entry<String, com.google.gson.JsonElement> entry :
                Vectors.load("routing/rpc_router_gateway.json").entrySet()) {
            List<GobValue> answers = new ArrayList<>();
            JsonObject v = entry.getValue().isJsonObject() ? entry.getValue().getAsJsonObject() : new JsonObject();
            if (v.has("server_bytes")) {
                answers = values(Vectors.hex(v, "server_bytes"));
            }
            for (int i = 0; i + 1 < answers.size(); i += 2) {
                checkFault(answers.get(i).asStruct(), answers.get(i + 1));
            }
        }
    }

    private static void checkFault(GobStruct response, GobValue body) throws IOException {
        String error = response.text("Error");
        if (!error.isEmpty()) {
            assertEquals(GobValue.struct().build(), body);
            assertTrue(new RpcFault(error).code() > 0 || new RpcFault(error).unknownMethod(), error);
        }
    }

    @Test
    void callsTheRecordedServer() throws IOException {
        JsonObject v = Vectors.load("routing/rpc_router_gateway.json").getAsJsonObject("all_on_one_connection");
        List<GobValue> asked = values(Vectors.hex(v, "client_bytes"));
        var link = new ReplayLink(Vectors.hex(v, "server_bytes"), 11);
        var client = new RpcClient(link);
        int faults = 0;
        for (int i = 0; i < asked.size(); i += 2) {
            String method = asked.get(i).asStruct().text("ServiceMethod");
            GobValue argument = asked.get(i + 1);
            try {
                GobValue reply = client.call(method, typeOf(method), argument, Deadline.NEVER);
                if (method.endsWith("ReserveIDs")) {
                    assertEquals(argument.asUnsigned(255), reply.asUnsignedSlice(10).length);
                }
            } catch (RpcFault fault) {
                faults++;
            }
            assertTrue(client.usable());
        }
        assertEquals(asked, values(link.written()));
        assertTrue(faults <= 1, "faults " + faults);
    }

    private static GobSchema typeOf(String method) {
        return switch (method.substring(method.indexOf('.') + 1)) {
            case "ReserveIDs" -> GobSchema.UINT;
            case "AddIntermediaryRules" -> GobSchema.slice(GobSchema.BYTES);
            case "AddEdgeRules" ->
                GobSchema.Struct.of(
                        "EdgeRules",
                        GobSchema.field("Desc", GobSchema.byteArray("RouteDescriptor", 70)),
                        GobSchema.field("Forward", GobSchema.BYTES),
                        GobSchema.field("Reverse", GobSchema.BYTES));
            default -> IDS;
        };
    }

    @Test
    void endsOnAnswersToOtherRequestsAndOnCutMessages() throws IOException {
        JsonObject v = Vectors.load("routing/rpc_router_gateway.json").getAsJsonObject("del_rules_2026");
        byte[] answer = Vectors.hex(v, "server_bytes");
        byte[] twice = java.util.Arrays.copyOf(answer, answer.length * 2);
        for (int cut = 0; cut < answer.length; cut++) {
            var client = new RpcClient(new ReplayLink(java.util.Arrays.copyOf(answer, cut), 100));
            assertThrows(
                    IOException.class,
                    () -> client.call("RPCGateway.DelRules", IDS, GobValue.unsignedSlice(new long[1]), Deadline.NEVER));
        }
        var client = new RpcClient(new ReplayLink(twice, 100));
        client.call("RPCGateway.DelRules", IDS, GobValue.unsignedSlice(new long[1]), Deadline.NEVER);
        assertThrows(
                IOException.class,
                () -> client.call("RPCGateway.DelRules", IDS, GobValue.unsignedSlice(new long[1]), Deadline.NEVER));
    }

    @Test
    void oneClientKeepsItsTypesOverManyCalls() throws IOException {
        var requests = new ReplayLink(new byte[0], 1);
        var client = new RpcClient(requests);
        assertThrows(IOException.class, () -> client.call("A.B", GobSchema.UINT, GobValue.unsigned(1), Deadline.NEVER));
        var link = new ReplayLink(requests.written(), 3);
        server(List.of(new RpcMethod(
                        "A.B", GobSchema.UINT, (a, d) -> RpcMethod.Answer.of(GobValue.unsigned(a.asUnsigned(9) + 1)))))
                .serve(link);
        List<GobValue> answer = values(link.written());
        assertEquals(GobValue.unsigned(2), answer.get(1));
        assertEquals("", answer.get(0).asStruct().text("Error"));
    }

    @Test
    void refusesAMessageBeyondTheLimitWithoutWaitingForIt() {
        byte[] endless = new byte[64];
        endless[0] = (byte) 0xfc;
        endless[1] = 0x7f;
        assertThrows(MalformedException.class, () -> server(List.of()).serve(new ReplayLink(endless, 64)));
        endless[0] = (byte) 0xf8;
        assertThrows(MalformedException.class, () -> server(List.of()).serve(new ReplayLink(endless, 64)));
    }
}
