package skywire.packet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import skywire.bytes.MalformedException;

/** The bytes of what mux §2.2 lists, as far as peers of today have them. */
class MuxPacketsTest {
    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    private static void assertBytes(String expected, Packet packet) throws MalformedException {
        assertArrayEquals(hex(expected), packet.encode());
        Packet decoded = Packet.decode(hex(expected));
        assertEquals(packet, decoded);
        assertEquals(packet.getClass(), decoded.getClass());
    }

    @ParameterizedTest
    @CsvSource({"0,01 0000", "1,01 0100", "3,01 0300", "256,01 0001", "32771,01 0380", "65535,01 ffff"})
    void capabilitiesAreLittleEndianUnlikeEverythingElse(int capabilities, String payload) throws Exception {
        Handshake handshake = Handshake.of(0x01020304L, true, capabilities, new byte[0]);
        assertBytes("03 01020304 0003" + payload, handshake);
        assertEquals(capabilities, handshake.capabilities());
        assertTrue(handshake.encrypt());
        assertEquals(0, handshake.noise().length);
    }

    @Test
    void theNoiseMessageFollowsTheCapabilities() throws Exception {
        Handshake handshake = Handshake.of(1, true, 0x800b, new byte[] {7, 8, 9});
        assertBytes("03 00000001 0006 01 0b80 070809", handshake);
        assertArrayEquals(new byte[] {7, 8, 9}, handshake.noise());
        assertEquals(0x800b, handshake.capabilities());
    }

    @ParameterizedTest
    @CsvSource({"01,true", "00,false", "0103,true", "ff03,true"})
    void aHandshakeOfLessThanThreeBytesHasNoCapabilities(String payload, boolean encrypt) throws Exception {
        var handshake = assertInstanceOf(Handshake.class, Packet.decode(Handshake.TYPE, 1, hex(payload)));
        assertEquals(0, handshake.capabilities());
        assertEquals(0, handshake.noise().length);
        assertEquals(encrypt, handshake.encrypt());
    }

    @Test
    void theShortHandshakeIsTheOneOf2024() throws Exception {
        assertBytes("03 00000005 0001 01", Handshake.of(5, true));
        assertThrows(MalformedException.class, () -> Packet.decode(Handshake.TYPE, 1, new byte[0]));
    }

    @Test
    void relaysKeepTheCapabilities() {
        Handshake handshake = Handshake.of(5, true, 0xffff, new byte[] {1});
        assertArrayEquals(handshake.payload(), handshake.to(9).payload());
        assertEquals(9, handshake.to(9).routeId());
    }

    @Test
    void closeHasACodeOfOneByte() throws Exception {
        assertBytes("01 00000007 0001 00", Close.of(7, Close.REQUESTED));
        assertBytes("01 00000007 0001 01", Close.of(7, Close.LEG_RETIRED));
        assertEquals(255, Close.of(7, 255).code());
        assertThrows(MalformedException.class, () -> Packet.decode(Close.TYPE, 7, new byte[0]));
        var longer = assertInstanceOf(Close.class, Packet.decode(Close.TYPE, 7, hex("01ffff")));
        assertEquals(Close.LEG_RETIRED, longer.code());
    }

    @Test
    void pingsCarryMillisecondsAndARate() throws Exception {
        Ping ping = Ping.of(1, 0x0102030405060708L, 0x1112131415161718L);
        assertBytes("04 00000001 0010 0102030405060708 1112131415161718", ping);
        assertEquals(0x0102030405060708L, ping.unixMillis());
        assertEquals(0x1112131415161718L, ping.bytesPerSecond());
        assertEquals(-1, Ping.of(1, -1, 0).unixMillis());
    }

    @Test
    void pongsEchoTheTimeAndEightZeros() throws Exception {
        Pong pong = Pong.of(1, 0x0102030405060708L);
        assertBytes("05 00000001 0010 0102030405060708 0000000000000000", pong);
        assertEquals(0x0102030405060708L, pong.unixMillis());
    }

    @ParameterizedTest
    @CsvSource({"4", "5"})
    void shortPingsAndPongsAreRefusedAndLongerOnesAreNot(int type) throws Exception {
        for (int length = 0; length < 16; length++) {
            byte[] payload = new byte[length];
            assertThrows(MalformedException.class, () -> Packet.decode(type, 1, payload));
        }
        assertEquals(20, Packet.decode(type, 1, new byte[20]).payload().length);
    }

    @Test
    void keepAlivesAreEmpty() throws Exception {
        assertBytes("02 00000001 0000", KeepAlive.of(1));
    }

    @Test
    void theOlderSackHasTwelveBytes() throws Exception {
        Sack sack = Sack.old(1, 0xfffffffeL, 0x8000000000000001L);
        assertBytes("07 00000001 000c fffffffe 8000000000000001", sack);
        assertTrue(sack.isOld());
        assertEquals(0xfffffffeL, sack.lastContiguous());
        assertArrayEquals(new long[] {0x8000000000000001L}, sack.words());
    }

    @Test
    void theNewerSackCountsItsWords() throws Exception {
        assertBytes("07 00000001 0005 00000009 00", Sack.of(1, 9));
        assertBytes("07 00000001 0005 00000009 00", Sack.of(1, 9, 0, 0));
        assertBytes("07 00000001 000d 00000009 01 0000000000000003", Sack.of(1, 9, 3, 0));
        Sack sack = Sack.of(1, 9, 0, -1);
        assertBytes("07 00000001 0015 00000009 02 0000000000000000 ffffffffffffffff", sack);
        assertFalse(sack.isOld());
        assertArrayEquals(new long[] {0, -1}, sack.words());
    }

    @Test
    void theLongestSackHas261Bytes() throws Exception {
        long[] words = new long[Sack.MAX_WORDS];
        Arrays.fill(words, 1L << 63);
        assertEquals(261, Sack.of(1, 0, words).payload().length);
        long[] full = new long[Sack.MAX_WORDS + 1];
        Arrays.fill(full, 1);
        assertThrows(IllegalArgumentException.class, () -> Sack.of(1, 0, full));
    }

    @Test
    void aSackWithMoreBehindItsWordsIsRead() throws Exception {
        // a later peer may append which packet came twice
        byte[] payload = hex("00000009 01 0000000000000003 01 00000007");
        var sack = assertInstanceOf(Sack.class, Packet.decode(Sack.TYPE, 1, payload));
        assertArrayEquals(new long[] {3}, sack.words());
        var none = assertInstanceOf(Sack.class, Packet.decode(Sack.TYPE, 1, hex("00000009 00 01 00000007")));
        assertEquals(0, none.words().length);
        assertEquals(9, none.lastContiguous());
    }
}
