package skywire.dmsg;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import skywire.platform.Platform;

class DmsgListenerTest {
    /** A client that opens and closes listeners for a year must not keep them all. */
    @Test
    void aClosedListenerIsGivenBackByItsOwner() throws Exception {
        var closed = new ArrayList<DmsgListener>();
        var ports = new PortTable<Object>();
        var listener = new DmsgListener(80, ports, Platform.system().clock(), closed::add);
        ports.take(80, listener);
        listener.close();
        assertEquals(List.of(listener), closed);
        assertEquals(0, ports.size());
    }
}
