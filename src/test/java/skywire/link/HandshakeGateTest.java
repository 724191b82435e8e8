package skywire.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import skywire.platform.Deadline;
import skywire.platform.Link;

/** Places for those who have proved nothing yet. */
class HandshakeGateTest {
    private final HandshakeGate gate = new HandshakeGate(4, 2);

    private static final class From implements Link {
        private final String remote;
        private boolean closed;

        From(String remote) {
            this.remote = remote;
        }

        @Override
        public int read(byte[] b, int off, int len, Deadline deadline) {
            return -1;
        }

        @Override
        public void write(byte[] b, int off, int len, Deadline deadline) {}

        @Override
        public void finishWriting(Deadline deadline) {}

        @Override
        public void close() {
            closed = true;
        }

        @Override
        public String local() {
            return "here";
        }

        @Override
        public String remote() {
            return remote;
        }
    }

    private From enter(String remote) {
        var link = new From(remote);
        assertTrue(gate.enter(link));
        return link;
    }

    @Test
    void anAddressHasSoManyPlaces() {
        From first = enter("10.0.0.1:1");
        enter("10.0.0.1:2");
        var third = new From("10.0.0.1:3");
        assertFalse(gate.enter(third));
        assertFalse(third.closed, "it is the caller's");
        gate.leave(third);
        assertEquals(2, gate.size());
        gate.leave(first);
        gate.leave(first);
        assertEquals(1, gate.size());
        enter("10.0.0.1:3");
    }

    @Test
    void aNewcomerDisplacesTheOldestOfThoseWithMost() {
        From single = enter("10.0.0.9:1");
        From oldest = enter("10.0.0.1:1");
        From second = enter("10.0.0.1:2");
        enter("10.0.0.2:1");
        enter("10.0.0.3:1");
        assertTrue(oldest.closed);
        assertFalse(second.closed || single.closed);
        assertEquals(4, gate.size());
        gate.leave(oldest); // it has lost its place already
        assertEquals(4, gate.size());
        enter("10.0.0.4:1");
        assertTrue(single.closed, "all have one: the oldest goes");
    }

    @Test
    void loopbackCountsInTheSumOnly() {
        From first = enter("127.0.0.1:1");
        for (int i = 2; i <= 4; i++) {
            enter("127.0.0.1:" + i);
        }
        assertFalse(first.closed);
        enter("[::1]:5");
        assertTrue(first.closed);
        assertEquals(4, gate.size());
    }
}
