package skywire.gob;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static skywire.gob.GobSchema.field;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import skywire.bytes.ByteReader;
import skywire.bytes.Hex;
import skywire.bytes.MalformedException;
import skywire.testkit.Vectors;

/** Values as Go's encoder wrote them: read, and written again to the same bytes. */
class GobVectorsTest {
    private static final GobSchema KEY = new GobSchema.Opaque("PubKey");
    private static final GobSchema UUID = new GobSchema.Opaque("UUID");
    private static final GobSchema ADDRESS =
            GobSchema.Struct.of("Addr", field("PK", KEY), field("Port", GobSchema.UINT));
    private static final GobSchema REQUEST_2024 = GobSchema.Struct.of(
            "StreamRequest",
            field("Timestamp", GobSchema.INT),
            field("SrcAddr", ADDRESS),
            field("DstAddr", ADDRESS),
            field("NoiseMsg", GobSchema.BYTES));
    private static final GobSchema REQUEST_2026 = GobSchema.Struct.of(
            "StreamRequest",
            field("Timestamp", GobSchema.INT),
            field("SrcAddr", ADDRESS),
            field("DstAddr", ADDRESS),
            field("IPinfo", GobSchema.BOOL),
            field("GeoInfo", GobSchema.BOOL),
            field("NoiseMsg", GobSchema.BYTES));
    private static final GobSchema HASH = GobSchema.byteArray("SHA256", 32);
    private static final GobSchema RESPONSE_2024 = GobSchema.Struct.of(
            "StreamResponse",
            field("ReqHash", HASH),
            field("Accepted", GobSchema.BOOL),
            field("ErrCode", GobSchema.UINT),
            field("NoiseMsg", GobSchema.BYTES));
    private static final GobSchema RESPONSE_2026 = GobSchema.Struct.of(
            "StreamResponse",
            field("ReqHash", HASH),
            field("Accepted", GobSchema.BOOL),
            field("IP", GobSchema.BYTES),
            field("GeoCountry", GobSchema.TEXT),
            field("GeoRegion", GobSchema.TEXT),
            field("GeoLat", GobSchema.FLOAT),
            field("GeoLon", GobSchema.FLOAT),
            field("ErrCode", GobSchema.UINT),
            field("NoiseMsg", GobSchema.BYTES));

    private static GobValue decode(byte[] gob) throws MalformedException {
        var in = new ByteReader(gob);
        GobValue value = new GobReader().next(in);
        in.end();
        return value;
    }

    /** The ids of the recording process: it met the types of 2024 first, then those of 2026. */
    private static GobIds dmsgIds() {
        var ids = new GobIds();
        for (GobSchema met : List.of(REQUEST_2024, RESPONSE_2024, REQUEST_2026, RESPONSE_2026)) {
            ids.id(met);
        }
        return ids;
    }

    @Test
    void streamRequestsOf2024() throws Exception {
        for (JsonObject v : Vectors.each(Vectors.load("dmsg/gob_2024.json"), "requests")) {
            GobStruct request = checkRequest(v);
            assertArrayEquals(
                    Vectors.hex(v, "src_pk"), request.struct("SrcAddr").opaque("PK", 33));
            assertEquals(v.get("src_port").getAsInt(), request.struct("SrcAddr").unsigned("Port", 65535));
            assertArrayEquals(Vectors.hex(v, "gob"), new GobWriter(dmsgIds()).write(REQUEST_2024, request));
        }
    }

    @Test
    void streamRequestsOf2026() throws Exception {
        for (JsonObject v : Vectors.each(Vectors.load("dmsg/gob_2026.json"), "requests")) {
            GobStruct request = checkRequest(v);
            assertEquals(v.get("ip_info").getAsBoolean(), request.flag("IPinfo"));
            assertEquals(v.get("geo_info").getAsBoolean(), request.flag("GeoInfo"));
            assertArrayEquals(Vectors.hex(v, "gob"), new GobWriter(dmsgIds()).write(REQUEST_2026, request));
        }
    }

    private static GobStruct checkRequest(JsonObject v) throws MalformedException {
        GobStruct request = decode(Vectors.hex(v, "gob")).asStruct().expecting("Timestamp", "SrcAddr");
        assertEquals(Long.parseLong(Vectors.text(v, "timestamp_decimal")), request.signed("Timestamp"));
        assertEquals(v.get("dst_port").getAsInt(), request.struct("DstAddr").unsigned("Port", 65535));
        assertArrayEquals(Vectors.hex(v, "noise_msg"), request.bytes("NoiseMsg"));
        return request;
    }

    @Test
    void streamResponses() throws Exception {
        for (JsonObject v : Vectors.each(Vectors.load("dmsg/gob_2024.json"), "responses")) {
            GobStruct response = checkResponse(v);
            assertArrayEquals(Vectors.hex(v, "gob"), new GobWriter(dmsgIds()).write(RESPONSE_2024, response));
        }
        for (JsonObject v : Vectors.each(Vectors.load("dmsg/gob_2026.json"), "responses")) {
            GobStruct response = checkResponse(v);
            assertEquals(Vectors.text(v, "geo_country"), response.text("GeoCountry"));
            assertArrayEquals(Vectors.hex(v, "gob"), new GobWriter(dmsgIds()).write(RESPONSE_2026, response));
        }
    }

    private static GobStruct checkResponse(JsonObject v) throws MalformedException {
        GobStruct response = decode(Vectors.hex(v, "gob")).asStruct();
        assertArrayEquals(Vectors.hex(v, "req_hash"), response.byteArray("ReqHash", 32));
        assertEquals(v.get("accepted").getAsBoolean(), response.flag("Accepted"));
        assertEquals(v.get("err_code").getAsInt(), response.unsigned("ErrCode", 65535));
        assertArrayEquals(Vectors.hex(v, "noise_msg"), response.bytes("NoiseMsg"));
        return response;
    }

    // ---- single values of the routing recordings

    private static final GobSchema DESCRIPTOR = GobSchema.byteArray("RouteDescriptor", 70);
    private static final GobSchema EDGE_RULES = GobSchema.Struct.of(
            "EdgeRules",
            field("Desc", DESCRIPTOR),
            field("Forward", GobSchema.BYTES),
            field("Reverse", GobSchema.BYTES));
    private static final GobSchema HOP =
            GobSchema.Struct.of("Hop", field("TpID", UUID), field("From", KEY), field("To", KEY));
    private static final GobSchema HOPS = new GobSchema.Slice("[]routing.Hop", HOP);
    private static final GobSchema BIDIRECTIONAL = GobSchema.Struct.of(
            "BidirectionalRoute",
            field("Desc", DESCRIPTOR),
            field("KeepAlive", GobSchema.INT),
            field("Forward", HOPS),
            field("Reverse", HOPS));
    private static final GobSchema RPC_REQUEST =
            GobSchema.Struct.of("Request", field("ServiceMethod", GobSchema.TEXT), field("Seq", GobSchema.UINT));
    private static final GobSchema RPC_RESPONSE = GobSchema.Struct.of(
            "Response",
            field("ServiceMethod", GobSchema.TEXT),
            field("Seq", GobSchema.UINT),
            field("Error", GobSchema.TEXT));
    private static final GobSchema TABLE = new GobSchema.Table("", GobSchema.TEXT, GobSchema.INT);
    private static final GobSchema S1 = GobSchema.Struct.of(
            "S1", field("A", GobSchema.INT), field("B", GobSchema.TEXT), field("C", GobSchema.BYTES));
    private static final GobSchema NESTED = GobSchema.Struct.of(
            "Emb",
            field("In", S1),
            field("M", TABLE),
            field("P", S1),
            field("L", new GobSchema.Slice("[]main.S1", S1)));
    private static final GobSchema IDS = GobSchema.slice(GobSchema.UINT);
    private static final GobSchema RULES = GobSchema.slice(GobSchema.BYTES);
    private static final GobSchema STRINGS = GobSchema.slice(GobSchema.TEXT);
    private static final GobSchema THREE = new GobSchema.Array("", GobSchema.INT, 3);
    private static final GobSchema SIGNATURE = GobSchema.byteArray("Sig", 65);

    /** In the order in which the recording process met them. */
    private static GobIds routingIds() {
        var ids = new GobIds();
        for (GobSchema met : List.of(
                RPC_REQUEST,
                RPC_RESPONSE,
                IDS,
                EDGE_RULES,
                RULES,
                GobSchema.Struct.of("invalidRequest"),
                BIDIRECTIONAL,
                TABLE,
                STRINGS,
                THREE,
                S1,
                NESTED,
                ADDRESS,
                SIGNATURE)) {
            ids.id(met);
        }
        return ids;
    }

    private static GobSchema schemaOf(String name) {
        String kind = name.split("[ {]", 2)[0];
        return switch (kind) {
            case "uint8", "uint" -> GobSchema.UINT;
            case "int", "int64", "duration" -> GobSchema.INT;
            case "bool" -> GobSchema.BOOL;
            case "float64" -> GobSchema.FLOAT;
            case "string" -> GobSchema.TEXT;
            case "bytes", "routing.Rule" -> GobSchema.BYTES;
            case "[]routing.RouteID" -> IDS;
            case "cipher.PubKey" -> KEY;
            case "uuid" -> UUID;
            case "routing.RouteDescriptor" -> DESCRIPTOR;
            case "[]routing.Rule" -> RULES;
            case "map[string]int" -> TABLE;
            case "[]string" -> STRINGS;
            case "[3]int" -> THREE;
            case "struct" -> S1;
            case "nested" -> NESTED;
            case "routing.Hop" -> HOP;
            case "routing.EdgeRules" -> EDGE_RULES;
            case "routing.BidirectionalRoute" -> BIDIRECTIONAL;
            case "rpc.Request" -> RPC_REQUEST;
            case "rpc.Response" -> RPC_RESPONSE;
            case "dmsg.Addr" -> ADDRESS;
            case "cipher.Sig" -> SIGNATURE;
            default -> throw new IllegalArgumentException(name);
        };
    }

    @Test
    void singleValuesReadAndWrittenToTheSameBytes() throws Exception {
        List<String> different = new ArrayList<>();
        for (JsonObject v : Vectors.each(Vectors.load("routing/gob_values.json"), "cases")) {
            byte[] recorded = Vectors.hex(v, "bytes");
            String name = Vectors.text(v, "name");
            byte[] ours = new GobWriter(routingIds()).write(schemaOf(name), decode(recorded));
            if (!Hex.of(recorded).equals(Hex.of(ours))) {
                different.add(name + "\n  " + Hex.of(recorded) + "\n  " + Hex.of(ours));
            }
        }
        assertEquals(List.of(), different);
    }

    @Test
    void plainValues() throws Exception {
        Map<String, GobValue> expected = Map.of(
                "uint max", GobValue.unsigned(-1),
                "int -65", GobValue.signed(-65),
                "int64 min", GobValue.signed(Long.MIN_VALUE),
                "float64 -0.5", new GobValue.Real(-0.5),
                "string hello", GobValue.text("hello"),
                "bytes 0a0b", GobValue.bytes(new byte[] {10, 11}),
                "duration 30s", GobValue.signed(30_000_000_000L),
                "[]routing.RouteID{1,300}", GobValue.unsignedSlice(new long[] {1, 300}),
                "[]string", GobValue.slice(List.of(GobValue.text("x"), GobValue.text("yz"))));
        int seen = 0;
        for (JsonObject v : Vectors.each(Vectors.load("routing/gob_values.json"), "cases")) {
            GobValue wanted = expected.get(Vectors.text(v, "name"));
            if (wanted != null) {
                assertEquals(wanted, decode(Vectors.hex(v, "bytes")));
                seen++;
            }
        }
        assertEquals(expected.size(), seen);
    }
}
