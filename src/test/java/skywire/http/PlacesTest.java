package skywire.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import skywire.platform.Deadline;
import skywire.platform.Link;

class PlacesTest {
    /** A link that does nothing but have an address and be closed. */
    private static final class Stub implements Link {
        private final String remote;
        private boolean closed;

        Stub(String remote) {
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
            return "";
        }

        @Override
        public String remote() {
            return remote;
        }
    }

    private final Places places = new Places(4, 3);

    private Stub enter(String remote) {
        var link = new Stub(remote);
        assertTrue(places.enter(link));
        return link;
    }

    @Test
    void onePeerHasSoMany() {
        enter("a:1");
        enter("a:2");
        Stub last = enter("a:3");
        assertFalse(places.enter(new Stub("a:4")));
        places.leave(last);
        enter("a:4");
        assertEquals(3, places.size());
    }

    @Test
    void theLongestSilentOfThePeerWithMostOfThemMakesRoom() {
        Stub alone = enter("b:1");
        Stub first = enter("a:1");
        Stub second = enter("a:2");
        Stub third = enter("a:3");
        places.busy(first);
        enter("c:1");
        assertTrue(second.closed);
        assertFalse(alone.closed || first.closed || third.closed);
        places.idle(first); // now the one that waits least
        enter("d:1");
        assertTrue(third.closed);
        assertEquals(4, places.size());
        places.leave(third);
        assertEquals(4, places.size(), "its place is another's");
    }

    @Test
    void whoIsServedStays() {
        for (String remote : new String[] {"a:1", "a:2", "b:1", "b:2"}) {
            places.busy(enter(remote));
        }
        assertFalse(places.enter(new Stub("c:1")));
        assertEquals(4, places.size());
    }
}
