package skywire.app.socks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetFilterTest {
    private static final TargetFilter USUAL = new TargetFilter(List.of(), List.of(InetAddress.ofLiteral("8.8.4.4")));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.255.0.9",
                "0.0.0.0",
                "10.1.2.3",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "169.254.169.254",
                "100.64.0.1",
                "224.0.0.1",
                "255.255.255.255",
                "240.1.1.1",
                "198.18.0.1",
                "::1",
                "::",
                "fe80::1",
                "fc00::1",
                "fd12::1",
                "ff02::1",
                "::ffff:127.0.0.1",
                "::127.0.0.1",
                "64:ff9b::7f00:1",
                "64:ff9b::a00:1",
                "2002:7f00:1::",
                "2002:c0a8:101::1",
                "2001::1",
                "8.8.4.4",
                "64:ff9b::808:404"
            })
    void refusesWhatIsNotThePublicInternet(String literal) {
        assertFalse(USUAL.permits(InetAddress.ofLiteral(literal), 80));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "8.8.8.8",
                "172.32.0.1",
                "172.15.0.1",
                "100.128.0.1",
                "2606:4700::1111",
                "64:ff9b::808:808",
                "2002:808:808::1",
                "192.0.1.1"
            })
    void permitsThePublicInternet(String literal) {
        assertTrue(USUAL.permits(InetAddress.ofLiteral(literal), 80));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2130706433", "127.1", "127.0.1"})
    void refusesOtherSpellingsOfLoopback(String text) throws Exception {
        for (InetAddress address : InetAddress.getAllByName(text)) {
            assertFalse(USUAL.permits(address, 80));
        }
    }

    @Test
    void neverPermitsMailNorPortZero() {
        var open = new TargetFilter(List.of(AddressRange.parse("0.0.0.0/0")), List.of());
        assertFalse(open.permits(InetAddress.ofLiteral("8.8.8.8"), 25));
        assertFalse(open.permits(InetAddress.ofLiteral("8.8.8.8"), 0));
    }

    @Test
    void permitsNetworksThatAreNamed() {
        var local =
                new TargetFilter(List.of(AddressRange.parse("127.0.0.0/8"), AddressRange.parse("fd00::/8")), List.of());
        assertTrue(local.permits(InetAddress.ofLiteral("127.0.0.1"), 80));
        assertTrue(local.permits(InetAddress.ofLiteral("fd00::1"), 80));
        assertFalse(local.permits(InetAddress.ofLiteral("10.0.0.1"), 80));
        assertFalse(local.permits(InetAddress.ofLiteral("::1"), 80));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10.0.0.0/33", "10.0.0.0/-1", "name/8", "10.0.0/8", "fe80::/129", "10.0.0.0/x"})
    void refusesWhatIsNoNetwork(String text) {
        assertThrows(IllegalArgumentException.class, () -> AddressRange.parse(text));
    }

    @Test
    void writesARangeAsItIsRead() {
        assertEquals("10.0.0.0/8", AddressRange.parse("10.0.0.0/8").toString());
        assertEquals(32, AddressRange.parse("1.2.3.4").bits());
    }
}
