package skywire.yamux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Link;

@Timeout(20)
class YamuxSessionTest {
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);

    private Pair pair;

    @BeforeEach
    void connect() throws IOException {
        pair = Pair.links();
    }

    @AfterEach
    void disconnect() {
        pair.close();
    }

    private static byte[] read(Link link, int n) throws IOException {
        var b = new byte[n];
        link.readFully(b, 0, n, Pair.soon());
        return b;
    }

    private static int end(Link link) throws IOException {
        return link.read(new byte[1], 0, 1, Pair.soon());
    }

    private static void awaitEnd(YamuxSession session) throws InterruptedException {
        var over = new CountDownLatch(1);
        session.onEnd(over::countDown);
        over.await();
    }

    @Test
    void carriesBytesBothWaysOnStreamsOfBothSides() throws IOException {
        YamuxSession near = pair.client(Pair.CONFIG);
        YamuxSession far = pair.server(Pair.CONFIG);
        YamuxStream a = near.open(Pair.soon());
        a.write(HELLO, Pair.soon());
        YamuxStream b = far.accept();
        assertArrayEquals(HELLO, read(b, 5));
        b.write(HELLO, Pair.soon());
        assertArrayEquals(HELLO, read(a, 5));
        YamuxStream c = far.open(Pair.soon());
        c.write(HELLO, Pair.soon());
        YamuxStream d = near.accept();
        assertArrayEquals(HELLO, read(d, 5));
        assertEquals(1, a.id());
        assertEquals(2, d.id());
        assertTrue(near.ping(Pair.soon()).toNanos() > 0);
        assertTrue(far.ping(Pair.soon()).toNanos() > 0);
    }

    @Test
    void halfCloseLetsTheOtherDirectionGoOn() throws IOException {
        YamuxSession near = pair.client(Pair.CONFIG);
        YamuxSession far = pair.server(Pair.CONFIG);
        YamuxStream a = near.open(Pair.soon());
        a.write(HELLO, Pair.soon());
        a.finishWriting(Pair.soon());
        YamuxStream b = far.accept();
        assertArrayEquals(HELLO, read(b, 5));
        assertEquals(-1, end(b));
        b.write(HELLO, Pair.soon());
        b.close();
        assertArrayEquals(HELLO, read(a, 5));
        assertEquals(-1, end(a));
        assertThrows(Failure.class, () -> a.write(HELLO, Pair.soon()));
        near.ping(Pair.soon());
        assertEquals(0, near.streamCount());
        assertEquals(0, far.streamCount());
    }

    @Test
    void movesFarMoreThanAWindow() throws IOException {
        YamuxSession near = pair.client(Pair.CONFIG);
        YamuxSession far = pair.server(Pair.CONFIG);
        var sent = new byte[3_000_017];
        new Random(1).nextBytes(sent);
        YamuxStream a = near.open(Pair.soon());
        Thread writer = Pair.PLATFORM.start("test/writer", () -> {
            try {
                a.write(sent, Pair.soon());
                a.close();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        YamuxStream b = far.accept();
        assertArrayEquals(sent, read(b, sent.length));
        assertEquals(-1, end(b));
        assertTrue(writer.threadId() > 0);
    }

    @Test
    void aReaderThatStopsHoldsBackOnlyItsOwnStream() throws IOException {
        YamuxSession near = pair.client(Pair.CONFIG);
        YamuxSession far = pair.server(Pair.CONFIG);
        YamuxStream slow = near.open(Pair.soon());
        slow.write(new byte[Frame.WINDOW], Pair.soon());
        Deadline short_ = Pair.PLATFORM.clock().in(java.time.Duration.ofMillis(30));
        Failure e = assertThrows(Failure.class, () -> slow.write(HELLO, short_));
        assertEquals(Failure.Kind.TIMEOUT, e.kind());
        YamuxStream quick = near.open(Pair.soon());
        quick.write(HELLO, Pair.soon());
        YamuxStream other = far.accept();
        assertEquals(1, other.id());
        assertArrayEquals(HELLO, read(far.accept(), 5));
        slow.close(); // a write failed: the peer must not take what came for the whole
        Failure reset = assertThrows(Failure.class, () -> read(other, Frame.WINDOW + 1));
        assertEquals(Failure.Kind.CLOSED_THERE, reset.kind());
    }

    @Test
    void endOfTheSessionReachesEverybodyWithTheReason() throws Exception {
        YamuxSession near = pair.client(Pair.CONFIG);
        YamuxSession far = pair.server(Pair.CONFIG);
        YamuxStream a = near.open(Pair.soon());
        far.close();
        awaitEnd(near);
        assertEquals(Failure.Kind.CLOSED_THERE, near.ended().kind());
        assertEquals(Failure.Kind.CLOSED_HERE, far.ended().kind());
        Failure e = assertThrows(Failure.class, () -> end(a));
        assertEquals(Failure.Kind.CLOSED_THERE, e.kind());
        assertThrows(Failure.class, () -> near.open(Pair.soon()));
        assertThrows(Failure.class, near::accept);
        assertThrows(Failure.class, () -> near.ping(Pair.soon()));
    }

    @Test
    void whatEndedBeforeTheSessionDidIsStillReadToItsEnd() throws Exception {
        YamuxSession near = pair.client(Pair.CONFIG);
        YamuxSession far = pair.server(Pair.CONFIG);
        YamuxStream a = near.open(Pair.soon());
        a.write(HELLO, Pair.soon());
        YamuxStream b = far.accept();
        b.write(HELLO, Pair.soon());
        b.close();
        far.ping(Pair.soon());
        far.ping(Pair.soon()); // begins behind what the first one was sent with
        far.close();
        awaitEnd(near);
        assertArrayEquals(HELLO, read(a, 5));
        assertEquals(-1, end(a));
    }

    @Test
    void countsTheBytesOfItsStreams() throws IOException {
        YamuxSession near = pair.client(Pair.CONFIG);
        YamuxSession far = pair.server(Pair.CONFIG);
        YamuxStream a = near.open(Pair.soon());
        a.write(HELLO, Pair.soon());
        YamuxStream b = far.accept();
        read(b, 5);
        b.write(HELLO, Pair.soon());
        read(a, 5);
        assertEquals(10, near.bytes());
        assertEquals(10, far.bytes());
    }

    @Test
    void refusesStreamsAboveBacklogAndLimit() throws IOException {
        YamuxSession near = pair.client(Pair.CONFIG);
        YamuxSession far = pair.server(Pair.CONFIG.withAcceptBacklog(2));
        YamuxStream first = near.open(Pair.soon());
        near.open(Pair.soon());
        YamuxStream third = near.open(Pair.soon());
        assertEquals(
                Failure.Kind.CLOSED_THERE,
                assertThrows(Failure.class, () -> end(third)).kind());
        assertFalse(near.isClosed());
        YamuxStream b = far.accept();
        b.write(HELLO, Pair.soon());
        assertArrayEquals(HELLO, read(first, 5));
    }

    @Test
    void endsTheSessionWhenThePeerExceedsAWindow() throws Exception {
        YamuxSession far = pair.server(Pair.CONFIG);
        pair.frame(Frame.WINDOW_UPDATE, Frame.SYN, 1, 0);
        pair.frame(Frame.DATA, 0, 1, Frame.WINDOW + 1);
        awaitEnd(far);
        assertEquals(Failure.Kind.MALFORMED, far.ended().kind());
        assertEquals("3 0 0 1", pair.header());
    }

    @Test
    void endsTheSessionOnSynWithDataAboveTheCredit() throws Exception {
        YamuxSession far = pair.server(Pair.CONFIG);
        pair.frame(Frame.DATA, Frame.SYN, 1, 0xffff_fff0L, HELLO);
        awaitEnd(far);
        assertEquals(Failure.Kind.MALFORMED, far.ended().kind());
    }

    @Test
    void endsTheSessionWhenAWindowUpdateOverflows() throws Exception {
        YamuxSession far = pair.server(Pair.CONFIG);
        pair.frame(Frame.WINDOW_UPDATE, Frame.SYN, 1, 0);
        pair.frame(Frame.WINDOW_UPDATE, 0, 1, 0xffff_ffffL);
        awaitEnd(far);
        assertEquals(Failure.Kind.MALFORMED, far.ended().kind());
    }

    @Test
    void endsTheSessionOnFramesThatDoNotExist() throws Exception {
        for (int[] bad : new int[][] {{0x0100, 0, 1}, {4, 0, 1}, {1, Frame.SYN, 2}, {1, Frame.SYN, 0}}) {
            try (Pair p = Pair.links()) {
                YamuxSession far = p.server(Pair.CONFIG);
                var b = new byte[Frame.HEADER];
                Frame.put(b, 0, bad[0] & 0xff, bad[1], bad[2], 0);
                b[0] = (byte) (bad[0] >> 8);
                p.near.write(b, Pair.soon());
                awaitEnd(far);
                assertEquals(Failure.Kind.MALFORMED, far.ended().kind());
            }
        }
    }

    @Test
    void endsTheSessionOnSecondSynOfALiveStream() throws Exception {
        YamuxSession far = pair.server(Pair.CONFIG);
        pair.frame(Frame.WINDOW_UPDATE, Frame.SYN, 1, 0);
        pair.frame(Frame.WINDOW_UPDATE, Frame.SYN, 1, 0);
        awaitEnd(far);
        assertEquals(Failure.Kind.MALFORMED, far.ended().kind());
    }

    @Test
    void endsTheSessionOfAPeerThatPingsWithoutEnd() throws Exception {
        flood(Frame.PING, Frame.SYN, 0, 5);
    }

    @Test
    void endsTheSessionOfAPeerThatAnswersWhatNobodyAsked() throws Exception {
        flood(Frame.PING, Frame.ACK, 0, 5);
    }

    @Test
    void endsTheSessionOfAPeerThatGoesAwayWithoutEnd() throws Exception {
        flood(Frame.GO_AWAY, 0, 0, Frame.NORMAL);
    }

    @Test
    void endsTheSessionOfAPeerThatTalksOfStreamsThatAreNot() throws Exception {
        flood(Frame.WINDOW_UPDATE, 0, 9, 100_000);
    }

    @Test
    void endsTheSessionOfAPeerThatEndsStreamsThatAreNot() throws Exception {
        flood(Frame.WINDOW_UPDATE, Frame.FIN, 9, 0);
    }

    @Test
    void endsTheSessionOfAPeerThatEndsAStreamWithoutEnd() throws Exception {
        pair.frame(Frame.WINDOW_UPDATE, Frame.SYN, 1, 0);
        flood(Frame.WINDOW_UPDATE, Frame.FIN, 1, 0);
    }

    @Test
    void endsTheSessionOfAPeerThatSetsFlagsWithoutMeaning() throws Exception {
        pair.frame(Frame.WINDOW_UPDATE, Frame.SYN, 1, 0);
        flood(Frame.WINDOW_UPDATE, 0x10, 1, 0);
    }

    /** Sends this frame without end, until the session ends with a limit. */
    private void flood(int type, int flags, int id, int length) throws Exception {
        YamuxSession far = pair.server(Pair.CONFIG);
        var pings = new byte[Frame.HEADER * 5000];
        for (int i = 0; i < 5000; i++) {
            Frame.put(pings, i * Frame.HEADER, type, flags, id, length);
        }
        Pair.PLATFORM.start("test/flood", () -> {
            try {
                while (true) {
                    pair.near.write(pings, Pair.soon());
                }
            } catch (IOException e) {
                return; // the session has ended, as it should
            }
        });
        awaitEnd(far);
        assertEquals(Failure.Kind.LIMIT, far.ended().kind());
    }

    @Test
    void endsTheSessionOfAPeerThatOpensAndResetsWithoutEnd() throws Exception {
        YamuxSession far = pair.server(Pair.CONFIG);
        var frames = new byte[Frame.HEADER * 2 * 300];
        for (int i = 0; i < 300; i++) {
            Frame.put(frames, i * 24, Frame.WINDOW_UPDATE, Frame.SYN, 2 * i + 1, 0);
            Frame.put(frames, i * 24 + 12, Frame.WINDOW_UPDATE, Frame.RST, 2 * i + 1, 0);
        }
        pair.near.write(frames, Pair.soon());
        awaitEnd(far);
        assertEquals(Failure.Kind.LIMIT, far.ended().kind());
    }

    @Test
    void holdsBackItsFirstFrameUntilThePeerSpeaks() throws IOException {
        YamuxSession near = pair.client(YamuxConfig.CLIENT);
        near.open(Pair.soon());
        Deadline soon = Pair.PLATFORM.clock().in(java.time.Duration.ofMillis(20));
        assertEquals(
                Failure.Kind.TIMEOUT,
                assertThrows(Failure.class, () -> pair.far.read(new byte[12], 0, 12, soon))
                        .kind());
        var ping = new byte[Frame.HEADER];
        Frame.put(ping, 0, Frame.PING, Frame.SYN, 0, 0);
        pair.far.write(ping, Pair.soon());
        assertArrayEquals(new byte[] {0, 1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0}, read(pair.far, 12));
    }

    @Test
    void startsByItselfWithAnOldSilentPeer() throws IOException {
        YamuxSession near = pair.client(YamuxConfig.CLIENT);
        near.open(Pair.soon());
        assertArrayEquals(new byte[] {0, 1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0}, read(pair.far, 12));
    }

    @Test
    void pingsAtOnceWhenTold() throws IOException {
        pair.server(YamuxConfig.SERVER);
        assertEquals("2 1 0 0", pair.header());
    }

    @Test
    void goAwayStopsNewStreamsOnly() throws IOException {
        YamuxSession near = pair.client(Pair.CONFIG);
        YamuxSession far = pair.server(Pair.CONFIG);
        YamuxStream a = near.open(Pair.soon());
        YamuxStream b = far.accept();
        far.goAway();
        far.ping(Pair.soon());
        assertThrows(Failure.class, () -> near.open(Pair.soon()));
        a.write(HELLO, Pair.soon());
        assertArrayEquals(HELLO, read(b, 5));
    }

    @Test
    void relaysBetweenTwoSessionsWithoutThreads() throws Exception {
        try (Pair second = Pair.links()) {
            YamuxSession left = pair.client(Pair.CONFIG);
            YamuxSession middleLeft = pair.server(Pair.CONFIG);
            YamuxSession middleRight = second.server(Pair.CONFIG);
            YamuxSession right = second.client(Pair.CONFIG);
            YamuxStream a = left.open(Pair.soon());
            a.write(HELLO, Pair.soon());
            YamuxStream in = middleLeft.accept();
            YamuxStream out = middleRight.open(Pair.soon());
            var over = new CountDownLatch(1);
            var relay = new Relay(in, out, over::countDown);
            relay.start();
            YamuxStream b = right.accept();
            assertArrayEquals(HELLO, read(b, 5));
            var sent = new byte[2_000_003];
            new Random(2).nextBytes(sent);
            Pair.PLATFORM.start("test/back", () -> {
                try {
                    b.write(sent, Pair.soon());
                    b.close();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            assertArrayEquals(sent, read(a, sent.length));
            assertEquals(-1, end(a));
            over.await();
            assertEquals(sent.length + 5, relay.bytes());
            a.close();
            left.ping(Pair.soon());
            right.ping(Pair.soon());
            assertEquals(0, middleLeft.streamCount() + middleRight.streamCount());
        }
    }

    @Test
    void relayPassesOnAnAbruptEnd() throws Exception {
        try (Pair second = Pair.links()) {
            YamuxSession left = pair.client(Pair.CONFIG);
            YamuxSession middleLeft = pair.server(Pair.CONFIG);
            YamuxSession middleRight = second.server(Pair.CONFIG);
            YamuxSession right = second.client(Pair.CONFIG);
            left.open(Pair.soon());
            var over = new CountDownLatch(1);
            new Relay(middleLeft.accept(), middleRight.open(Pair.soon()), over::countDown).start();
            YamuxStream b = right.accept();
            left.close();
            assertEquals(
                    Failure.Kind.CLOSED_THERE,
                    assertThrows(Failure.class, () -> end(b)).kind());
            over.await();
        }
    }
}
