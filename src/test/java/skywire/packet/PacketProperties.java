package skywire.packet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Arrays;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import skywire.bytes.MalformedException;
import skywire.key.PublicKey;
import skywire.key.SecretKey;

class PacketProperties {
    private static final PublicKey A = SecretKey.fromSeed(new byte[] {1}).publicKey();
    private static final PublicKey B = SecretKey.fromSeed(new byte[] {2}).publicKey();

    @Property
    void anyFrameIsKeptOrRefused(
            @ForAll @IntRange(max = 255) int type,
            @ForAll @LongRange(max = RouteId.MAX) long routeId,
            @ForAll @Size(max = 40) byte[] payload) {
        try {
            Packet packet = Packet.decode(type, routeId, payload);
            assertEquals(packet, Packet.decode(packet.encode()));
            assertEquals(packet.size(), packet.encode().length);
            assertArrayEquals(payload, packet.to(7).payload());
            assertEquals(type, packet.type());
            assertViewsDoNotFail(packet);
        } catch (MalformedException e) {
            assertEquals(true, payload.length < 16);
        }
    }

    private static void assertViewsDoNotFail(Packet packet) {
        switch (packet) {
            case Handshake h -> assertEquals(true, h.capabilities() >= 0 && h.noise() != null);
            case Sack s -> assertEquals(true, s.words().length <= Sack.MAX_WORDS);
            case ErrorText e -> assertEquals(true, e.message().length() <= ErrorText.LONGEST);
            case Close c -> assertEquals(true, c.code() >= 0);
            case Packet other -> assertEquals(true, other.toString().length() < 100);
        }
    }

    @Property
    void anyBytesAreAPacketOrRefused(@ForAll byte[] bytes) {
        try {
            assertArrayEquals(bytes, Packet.decode(bytes).encode());
        } catch (MalformedException e) {
            assertEquals(false, e.getMessage().isBlank());
        }
    }

    @Property
    void anyBytesAreARuleOrRefused(@ForAll @Size(max = 140) byte[] bytes) {
        try {
            Rule rule = Rule.decode(bytes);
            assertEquals(rule, Rule.decode(rule.encode()));
        } catch (MalformedException e) {
            assertEquals(false, e.getMessage().isBlank());
        }
    }

    @Property
    void rulesSurviveTheWire(
            @ForAll @LongRange(max = RouteId.MAX) long key,
            @ForAll @LongRange(max = RouteId.MAX) long next,
            @ForAll @LongRange(min = 0) long nanos,
            @ForAll @IntRange(max = 65535) int port,
            @ForAll long high,
            @ForAll long low)
            throws Exception {
        var descriptor = new RouteDescriptor(A, B, port, 65535 - port);
        Duration keep = Duration.ofNanos(nanos);
        UUID id = new UUID(high, low);
        for (Rule rule : new Rule[] {
            new Rule.Consume(keep, key, descriptor),
            new Rule.Forward(keep, key, descriptor, next, id),
            new Rule.Intermediary(keep, key, next, id)
        }) {
            byte[] bytes = rule.encode();
            assertEquals(rule, Rule.decode(bytes));
            assertEquals(rule, Rule.decode(Arrays.copyOf(bytes, bytes.length + 5)));
            for (int cut = 0; cut < bytes.length - (rule instanceof Rule.Consume ? 0 : Rule.PADDING); cut++) {
                assertRefused(Arrays.copyOf(bytes, cut));
            }
        }
    }

    private static void assertRefused(byte[] bytes) {
        try {
            throw new AssertionError("accepted " + Rule.decode(bytes));
        } catch (MalformedException e) {
            assertEquals(false, e.getMessage().isBlank());
        }
    }
}
