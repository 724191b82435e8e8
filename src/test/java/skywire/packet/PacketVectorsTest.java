package skywire.packet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.google.gson.JsonObject;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import skywire.key.PublicKey;
import skywire.testkit.Vectors;

/** Packets and rules against recorded bytes. */
class PacketVectorsTest {
    @Test
    void packetsOf2024() throws Exception {
        for (JsonObject v : Vectors.each(Vectors.load("routing/packets.json"), "cases")) {
            Packet packet = roundTrip(v);
            switch (packet) {
                case Data data -> assertEquals(v.get("payload_size").getAsInt(), data.payload().length);
                case Close close -> assertEquals(v.get("code").getAsInt(), close.code());
                case Handshake shake -> assertEquals(v.get("encrypt").getAsBoolean(), shake.encrypt());
                case Ping ping -> assertEquals(v.get("timestamp_ms").getAsLong(), ping.unixMillis());
                case Pong pong -> assertEquals(v.get("timestamp_ms").getAsLong(), pong.unixMillis());
                case ErrorText error -> assertEquals(Vectors.text(v, "message"), error.message());
                case KeepAlive k -> assertEquals(0, k.payload().length);
                case Packet other -> throw new AssertionError("not a packet of 2024: " + other);
            }
        }
    }

    @Test
    void packetsOf2026() throws Exception {
        for (JsonObject v : Vectors.each(Vectors.load("routing/packets_2026_derived.json"), "cases")) {
            Packet packet = roundTrip(v);
            switch (packet) {
                case Handshake h -> assertEquals(v.get("capabilities").getAsInt(), h.capabilities());
                case Sack s -> {
                    assertEquals(v.get("last_contiguous").getAsLong(), s.lastContiguous());
                    long[] words = new long[v.getAsJsonArray("words").size()];
                    for (int i = 0; i < words.length; i++) {
                        words[i] = HexFormat.fromHexDigitsToLong(
                                v.getAsJsonArray("words").get(i).getAsString());
                    }
                    assertArrayEquals(words, s.words());
                    assertEquals(s, Sack.of(s.routeId(), s.lastContiguous(), words));
                }
                case TransportPing p -> assertEquals(v.get("timestamp_ns").getAsLong(), p.unixNanos());
                case TransportPong p -> assertEquals(v.get("timestamp_ns").getAsLong(), p.unixNanos());
                case Unknown u -> assertEquals("bw_ack", Vectors.text(v, "name"));
                case Packet other -> assertArrayEquals(Vectors.hex(v, "payload"), other.payload());
            }
        }
    }

    private static Packet roundTrip(JsonObject v) throws Exception {
        byte[] frame = Vectors.hex(v, "packet");
        Packet packet = Packet.decode(frame);
        assertEquals(v.get("type").getAsInt(), packet.type(), Vectors.text(v, "name"));
        assertEquals(v.get("route_id").getAsLong(), packet.routeId());
        assertArrayEquals(Vectors.hex(v, "payload"), packet.payload());
        assertArrayEquals(frame, packet.encode());
        return packet;
    }

    @Test
    void rules() throws Exception {
        for (JsonObject v : Vectors.each(Vectors.load("routing/rules.json"), "cases")) {
            byte[] bytes = Vectors.hex(v, "rule");
            Rule rule = Rule.decode(bytes);
            assertArrayEquals(bytes, rule.encode());
            assertEquals(Vectors.text(v, "string"), rule.toString());
            assertEquals(Vectors.text(v, "summary_json"), rule.summaryJson());
        }
    }

    @Test
    void descriptor() throws Exception {
        JsonObject file = Vectors.load("routing/rules.json");
        JsonObject v = file.getAsJsonObject("descriptor");
        byte[] bytes = Vectors.hex(v, "bytes");
        RouteDescriptor descriptor = RouteDescriptor.decode(bytes);
        assertArrayEquals(bytes, descriptor.encode());
        assertArrayEquals(Vectors.hex(v, "inverted"), descriptor.inverted().encode());
        assertEquals(Vectors.text(v, "string"), descriptor.toString());
        assertEquals(v.get("src_port").getAsInt(), descriptor.srcPort());
        PathEnds ends = new PathEnds(descriptor.srcKey(), descriptor.dstKey());
        assertEquals(Vectors.text(file, "path_edges_text"), ends.toString());
        assertEquals(ends, PathEnds.parse(ends.toString()));
        assertInstanceOf(PublicKey.class, ends.reversed().src());
    }
}
