package skywire.noise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import skywire.key.SecretKey;
import skywire.platform.Failure;

class NoiseProperties {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final SecretKey ALICE = SecretKey.fromSeed(new byte[] {1});
    private static final SecretKey BOB = SecretKey.fromSeed(new byte[] {2});
    private static final SecretKey EVE = SecretKey.fromSeed(new byte[] {3});

    private record Pair(Handshake initiator, Handshake responder) {}

    private static Pair start(Pattern pattern) {
        return new Pair(
                Handshake.initiator(pattern, ALICE, BOB.publicKey(), RANDOM),
                Handshake.responder(pattern, BOB, pattern == Pattern.KK ? ALICE.publicKey() : null, RANDOM));
    }

    private static Pair done(Pattern pattern) throws IOException {
        Pair p = start(pattern);
        for (int i = 0; i < pattern.messages(); i++) {
            (i % 2 == 0 ? p.responder : p.initiator).read((i % 2 == 0 ? p.initiator : p.responder).write(new byte[0]));
        }
        return p;
    }

    @Property(tries = 20)
    void handshakePayloadsArrive(@ForAll Pattern pattern, @ForAll @Size(max = 1300) byte[] payload) throws Exception {
        Pair p = start(pattern);
        for (int i = 0; i < pattern.messages(); i++) {
            Handshake from = i % 2 == 0 ? p.initiator : p.responder;
            Handshake to = i % 2 == 0 ? p.responder : p.initiator;
            assertFalse(from.complete());
            assertArrayEquals(payload, to.read(from.write(payload)));
        }
        assertTrue(p.initiator.complete() && p.responder.complete());
        assertEquals(ALICE.publicKey(), p.responder.remoteKey());
    }

    @Property(tries = 60)
    void anyChangeOfAHandshakeMessageFailsIt(
            @ForAll Pattern pattern, @ForAll @IntRange(max = 2) int which, @ForAll @IntRange(min = 0) int bit)
            throws Exception {
        int index = which % pattern.messages();
        Pair p = start(pattern);
        for (int i = 0; i < index; i++) {
            (i % 2 == 0 ? p.responder : p.initiator).read((i % 2 == 0 ? p.initiator : p.responder).write(new byte[0]));
        }
        byte[] message = (index % 2 == 0 ? p.initiator : p.responder).write(new byte[0]);
        Handshake reader = index % 2 == 0 ? p.responder : p.initiator;
        int at = bit % (message.length * 8);
        message[at / 8] ^= (byte) (1 << at % 8);
        assertThrows(IOException.class, () -> reader.read(message));
        assertThrows(IllegalStateException.class, () -> reader.write(new byte[0]));
    }

    @Property(tries = 100)
    void noBytesMakeAHandshakeDoAnythingButFail(@ForAll Pattern pattern, @ForAll @Size(max = 200) byte[] junk) {
        assertThrows(IOException.class, () -> start(pattern).responder.read(junk));
    }

    @Test
    void wrongPeerFails() throws Exception {
        Handshake eve = Handshake.initiator(Pattern.KK, EVE, BOB.publicKey(), RANDOM);
        byte[] message = eve.write(new byte[0]);
        Failure f =
                assertThrows(Failure.class, () -> start(Pattern.KK).responder.read(message));
        assertEquals(Failure.Kind.UNTRUSTED, f.kind());
        byte[] forBob =
                Handshake.initiator(Pattern.XK, ALICE, BOB.publicKey(), RANDOM).write(new byte[0]);
        Handshake notBob = Handshake.responder(Pattern.XK, EVE, null, RANDOM);
        assertThrows(Failure.class, () -> notBob.read(forBob));
    }

    @Test
    void nullAndInvalidKeysAreRefused() {
        byte[] nullKey = new byte[49];
        byte[] offCurve = new byte[49];
        Arrays.fill(offCurve, (byte) 0xff);
        offCurve[0] = 2;
        assertThrows(IOException.class, () -> start(Pattern.XK).responder.read(nullKey));
        assertThrows(IOException.class, () -> start(Pattern.XK).responder.read(offCurve));
    }

    @Property(tries = 50)
    void framesArriveInOrderAndAnyChangeEndsTheStream(
            @ForAll @Size(min = 1, max = 8) List<@Size(max = 300) byte[]> messages, @ForAll @IntRange(min = 0) int bit)
            throws Exception {
        Pair p = done(Pattern.KK);
        SendCipher sender = p.initiator.sender();
        ReceiveCipher receiver = p.responder.receiver();
        for (byte[] m : messages) {
            byte[] body = sender.seal(m);
            int n = receiver.open(body, 0, body.length, body, 8); // in place
            assertArrayEquals(m, Arrays.copyOfRange(body, 8, 8 + n));
        }
        byte[] bad = sender.seal(messages.get(0));
        int at = bit % (bad.length * 8);
        bad[at / 8] ^= (byte) (1 << at % 8);
        assertThrows(Failure.class, () -> receiver.open(bad, 0, bad.length, new byte[bad.length], 0));
        byte[] good = sender.seal(messages.get(0));
        assertThrows(Failure.class, () -> receiver.open(good, 0, good.length, new byte[good.length], 0));
    }

    @Property(tries = 30)
    void aMissingOrRepeatedFrameEndsTheStream(@ForAll boolean repeat) throws Exception {
        Pair p = done(Pattern.XK);
        SendCipher sender = p.responder.sender();
        ReceiveCipher receiver = p.initiator.receiver();
        byte[] one = sender.seal(new byte[] {1});
        byte[] two = sender.seal(new byte[] {2});
        byte[] three = sender.seal(new byte[] {3});
        receiver.open(one, 0, one.length, new byte[1], 0);
        byte[] wrong = repeat ? one : three;
        assertThrows(Failure.class, () -> receiver.open(wrong, 0, wrong.length, new byte[1], 0));
        assertThrows(Failure.class, () -> receiver.open(two, 0, two.length, new byte[1], 0));
    }

    @Property(tries = 30)
    void objectsArriveInAnyOrderOnce(@ForAll @IntRange(min = 1, max = 200) int count, @ForAll long seed)
            throws Exception {
        Pair p = done(Pattern.XK);
        SendCipher sender = p.initiator.sender();
        ReceiveCipher receiver = p.responder.receiver();
        List<byte[]> bodies = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            bodies.add(sender.seal(new byte[] {(byte) i}));
        }
        Collections.shuffle(bodies, new Random(seed));
        for (byte[] body : bodies) {
            byte[] bad = body.clone();
            bad[bad.length - 1] ^= 1;
            assertThrows(Failure.class, () -> receiver.openAny(bad)); // a forged one does not use up the nonce
            assertEquals(1, receiver.openAny(body).length);
            assertThrows(Failure.class, () -> receiver.openAny(body));
        }
    }

    @Property(tries = 300)
    void windowAgreesWithASet(@ForAll @Size(max = 300) List<@LongRange(min = -2, max = 5000) Long> nonces) {
        var window = new ReplayWindow();
        Set<Long> seen = new HashSet<>();
        long highest = 0;
        for (long n : nonces) {
            boolean fresh = n > 0 && n >= highest - 1023 && !seen.contains(n);
            assertEquals(fresh, window.fresh(n));
            if (fresh) {
                window.mark(n);
                seen.add(n);
                highest = Math.max(highest, n);
            }
        }
    }

    @Test
    void windowSurvivesTheLargestNonce() {
        var window = new ReplayWindow();
        window.mark(Long.MAX_VALUE);
        assertFalse(window.fresh(Long.MAX_VALUE));
        assertTrue(window.fresh(Long.MAX_VALUE - 1023));
        assertFalse(window.fresh(Long.MAX_VALUE - 1024));
        assertFalse(window.fresh(Long.MIN_VALUE));
    }

    @Test
    void tooShortBodiesAreMalformed() throws Exception {
        ReceiveCipher receiver = done(Pattern.KK).responder.receiver();
        for (int len = 0; len < SendCipher.OVERHEAD; len++) {
            byte[] body = new byte[len];
            assertThrows(skywire.bytes.MalformedException.class, () -> receiver.openAny(body));
            assertThrows(skywire.bytes.MalformedException.class, () -> receiver.open(body, 0, body.length, body, 0));
        }
    }
}
