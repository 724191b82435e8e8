package skywire.link;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import skywire.key.SecretKey;
import skywire.noise.Pattern;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Link;
import skywire.platform.Platform;
import skywire.testkit.Pipe;

class SecureLinkTest {
    private static final Platform PLATFORM = Platform.system();
    private static final SecretKey ALICE = SecretKey.fromSeed(new byte[] {1});
    private static final SecretKey BOB = SecretKey.fromSeed(new byte[] {2});
    private static final SecretKey EVE = SecretKey.fromSeed(new byte[] {3});

    private record Secured(SecureLink alice, SecureLink bob, Link rawAlice, Link rawBob) {}

    private static Deadline soon() {
        return PLATFORM.clock().in(Duration.ofSeconds(10));
    }

    private static Secured secured() throws Exception {
        Pipe.Ends pipe = Pipe.open(PLATFORM);
        return secured(pipe.left(), pipe.right());
    }

    private static Secured secured(Link left, Link right) throws Exception {
        var bob = new AtomicReference<SecureLink>();
        Thread t = PLATFORM.start("bob", () -> {
            try {
                bob.set(SecureLink.responder(right, Pattern.KK, BOB, ALICE.publicKey(), PLATFORM, soon()));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        SecureLink alice = SecureLink.initiator(left, Pattern.KK, ALICE, BOB.publicKey(), PLATFORM, soon());
        t.join();
        return new Secured(alice, bob.get(), left, right);
    }

    @Test
    void carriesAnySizesBothWays() throws Exception {
        Secured s = secured();
        byte[] data = new byte[1_500_000];
        new Random(7).nextBytes(data);
        Thread writer = PLATFORM.start("writer", () -> {
            try {
                var sizes = new Random(8);
                for (int at = 0, n; at < data.length; at += n) {
                    n = Math.min(
                            data.length - at, sizes.nextInt(4) == 0 ? sizes.nextInt(200_000) : sizes.nextInt(5000));
                    s.alice.write(data, at, n, soon());
                }
                s.alice.finishWriting(soon());
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        byte[] got = new byte[data.length];
        var sizes = new Random(9);
        for (int at = 0; at < got.length; ) {
            int n = s.bob.read(got, at, Math.min(got.length - at, 1 + sizes.nextInt(20_000)), soon());
            assertTrue(n > 0);
            at += n;
        }
        assertEquals(-1, s.bob.read(new byte[1], 0, 1, soon()));
        writer.join();
        assertArrayEquals(data, got);
        s.bob.write(new byte[] {42}, soon());
        byte[] one = new byte[1];
        s.alice.readFully(one, 0, 1, soon());
        assertEquals(42, one[0]);
    }

    @Test
    void manyFramesGoInOneWrite() throws Exception {
        Pipe.Ends pipe = Pipe.open(PLATFORM);
        var counting = new CountingLink(pipe.left());
        Secured s = secured(counting, pipe.right());
        counting.writes = 0;
        s.alice.write(new byte[16 * SecureLink.MAX_PLAIN], soon());
        assertEquals(1, counting.writes);
        assertEquals(65536, counting.longest);
        s.alice.write(new byte[0], soon());
        assertEquals(1, counting.writes);
        byte[] got = new byte[16 * SecureLink.MAX_PLAIN];
        s.bob.readFully(got, 0, got.length, soon());
    }

    @Test
    void oneChangedBitEndsReadingAndDeliversNothing() throws Exception {
        Secured s = secured();
        s.alice.write(new byte[100], soon());
        byte[] frame = new byte[126];
        s.rawBob.readFully(frame, 0, frame.length, soon());
        frame[60] ^= 1;
        s.rawAlice.write(frame, soon());
        Failure f = assertThrows(Failure.class, () -> s.bob.read(new byte[200], 0, 200, soon()));
        assertEquals(Failure.Kind.UNTRUSTED, f.kind());
        assertThrows(Failure.class, () -> s.bob.read(new byte[200], 0, 200, soon()));
    }

    @Test
    void frameLengthIsCheckedAtTheLimit() throws Exception {
        Secured over = secured();
        over.rawAlice.write(new byte[] {0x0f, (byte) 0xff}, soon()); // 4095
        Failure f = assertThrows(Failure.class, () -> over.bob.read(new byte[1], 0, 1, soon()));
        assertEquals(Failure.Kind.MALFORMED, f.kind());
        Secured tiny = secured();
        tiny.rawAlice.write(new byte[] {0, 5, 1, 2, 3, 4, 5}, soon());
        Failure g = assertThrows(Failure.class, () -> tiny.bob.read(new byte[1], 0, 1, soon()));
        assertEquals(Failure.Kind.MALFORMED, g.kind());
    }

    @Test
    void anEndWithinAFrameIsAFailure() throws Exception {
        Secured s = secured();
        s.rawAlice.write(new byte[] {0, 50, 1}, soon());
        s.rawAlice.finishWriting(soon());
        Failure f = assertThrows(Failure.class, () -> s.bob.read(new byte[1], 0, 1, soon()));
        assertEquals(Failure.Kind.CLOSED_THERE, f.kind());
    }

    @Test
    void aTimedOutReadLosesNothing() throws Exception {
        Secured s = secured();
        s.alice.write(new byte[] {1, 2, 3}, soon());
        byte[] frame = new byte[29];
        s.rawBob.readFully(frame, 0, frame.length, soon());
        s.rawAlice.write(frame, 0, 10, soon());
        Deadline now = PLATFORM.clock().in(Duration.ofMillis(5));
        Failure f = assertThrows(Failure.class, () -> s.bob.read(new byte[3], 0, 3, now));
        assertEquals(Failure.Kind.TIMEOUT, f.kind());
        s.rawAlice.write(frame, 10, 19, soon());
        byte[] got = new byte[3];
        s.bob.readFully(got, 0, 3, soon());
        assertArrayEquals(new byte[] {1, 2, 3}, got);
    }

    @Test
    void emptyFramesAreSkipped() throws Exception {
        Pipe.Ends pipe = Pipe.open(PLATFORM);
        var bob = new AtomicReference<SecureLink>();
        Thread t = PLATFORM.start("bob", () -> {
            try {
                bob.set(SecureLink.responder(pipe.right(), Pattern.KK, BOB, ALICE.publicKey(), PLATFORM, soon()));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        var h = skywire.noise.Handshake.initiator(Pattern.KK, ALICE, BOB.publicKey(), PLATFORM.random());
        HandshakeFrames.initiate(pipe.left(), h, soon());
        t.join();
        var sender = h.sender();
        for (byte[] plain : new byte[][] {{}, {}, {9}, {}}) {
            byte[] body = sender.seal(plain);
            pipe.left().write(new byte[] {0, (byte) body.length}, soon());
            pipe.left().write(body, soon());
        }
        pipe.left().finishWriting(soon());
        byte[] got = new byte[5];
        assertEquals(1, bob.get().read(got, 0, 5, soon()));
        assertEquals(9, got[0]);
        assertEquals(-1, bob.get().read(got, 0, 5, soon()));
    }

    @Test
    void anImpostorFailsAndTheLinkIsClosed() throws Exception {
        Pipe.Ends pipe = Pipe.open(PLATFORM);
        var seen = new AtomicReference<Exception>();
        Thread t = PLATFORM.start("bob", () -> {
            try {
                SecureLink.responder(pipe.right(), Pattern.KK, BOB, ALICE.publicKey(), PLATFORM, soon());
            } catch (IOException e) {
                seen.set(e);
            }
        });
        assertThrows(
                IOException.class,
                () -> SecureLink.initiator(pipe.left(), Pattern.KK, EVE, BOB.publicKey(), PLATFORM, soon()));
        t.join();
        assertEquals(
                Failure.Kind.UNTRUSTED,
                assertInstanceOf(Failure.class, seen.get()).kind());
    }

    private static final class CountingLink implements Link {
        private final Link link;
        int writes;
        int longest;

        CountingLink(Link link) {
            this.link = link;
        }

        @Override
        public int read(byte[] b, int off, int len, Deadline deadline) throws IOException {
            return link.read(b, off, len, deadline);
        }

        @Override
        public void write(byte[] b, int off, int len, Deadline deadline) throws IOException {
            writes++;
            longest = Math.max(longest, len);
            link.write(b, off, len, deadline);
        }

        @Override
        public void finishWriting(Deadline deadline) throws IOException {
            link.finishWriting(deadline);
        }

        @Override
        public void close() {
            link.close();
        }

        @Override
        public String local() {
            return link.local();
        }

        @Override
        public String remote() {
            return link.remote();
        }
    }
}
