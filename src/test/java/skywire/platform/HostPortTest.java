package skywire.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostPortTest {
    @Test
    void parses() {
        assertEquals(new HostPort("example.com", 80), HostPort.parse("example.com:80"));
        assertEquals(new HostPort("::1", 8080), HostPort.parse("[::1]:8080"));
        assertEquals(new HostPort("127.0.0.1", 9), HostPort.parse(":9"));
        assertEquals("[::1]:8080", HostPort.parse("[::1]:8080").toString());
        assertEquals("h:65535", HostPort.parse("h:65535").toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "host", "host:", "host:65536", "host:-1", "host:80x", "::1:80", "host:999999", "[]:80x"})
    void refuses(String text) {
        assertThrows(IllegalArgumentException.class, () -> HostPort.parse(text));
    }

    @Test
    void failureKeepsKindWhenWrapped() {
        Failure timeout = Failure.timeout("read");
        Failure wrapped = Failure.wrap("dial x", timeout);
        assertEquals(Failure.Kind.TIMEOUT, wrapped.kind());
        assertEquals("dial x: read timed out", wrapped.getMessage());
        assertEquals(Failure.Kind.CLOSED_THERE, Failure.kindOf(new IOException("x")));
        assertEquals("IOException", Failure.text(new IOException()));
    }
}
