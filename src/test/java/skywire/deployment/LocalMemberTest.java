package skywire.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import skywire.config.ConfigException;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.platform.HostPort;
import skywire.platform.Platform;

/** Keys that everybody has, and what keeps them on one machine. */
class LocalMemberTest {
    private static final PublicKey FIXED = LocalMember.SERVER_1.key().publicKey();

    @ParameterizedTest
    @EnumSource
    void theStatedKeyIsThatOfTheSeed(LocalMember member) {
        assertEquals(member.publicHex(), member.key().publicKey().hex());
        assertEquals(Optional.of(member), LocalMember.of(member.key().publicKey()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:1", "127.8.9.1:1", "[::1]:1", "[::ffff:127.0.0.1]:1", "localhost:1", ":1"})
    void loopbackIsAllowed(String address) throws ConfigException {
        LocalMember.check(List.of(FIXED), List.of(HostPort.parse(address)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0:1", "[::]:1", "192.0.2.1:1", "example.com:1", "localhost.example.com:1"})
    void anythingElseIsRefusedInOneLine(String address) throws ConfigException {
        List<HostPort> addresses = List.of(HostPort.parse("127.0.0.1:1"), HostPort.parse(address));
        var told = assertThrows(ConfigException.class, () -> LocalMember.check(List.of(FIXED), addresses));
        assertTrue(told.getMessage().contains("that of dmsg-server-1 in the development deployment"));
        assertTrue(told.getMessage().contains("not used with " + HostPort.parse(address)));
        assertTrue(told.hint().orElseThrow().contains("skywire keys gen"));
        PublicKey own = SecretKey.generate(Platform.system().random()).publicKey();
        LocalMember.check(List.of(own), addresses);
    }

    @Test
    void theSetupNodeListensNowhere() {
        assertThrows(IllegalStateException.class, () -> LocalMember.SETUP_NODE.address(9090));
        assertEquals(new HostPort("127.0.0.1", 0), LocalMember.SERVER_2.address(0));
    }
}
