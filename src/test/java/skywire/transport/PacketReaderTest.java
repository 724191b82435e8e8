package skywire.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import skywire.packet.Data;
import skywire.packet.Packet;
import skywire.platform.Link;
import skywire.testkit.ReplayLink;

class PacketReaderTest {
    private static final int[] SIZES = {0, 1, 511, 8192, 9216, 9217, 18432, 18433, 65534, 65535};

    @Test
    void packetsOfAllSizesComeWholeInWhateverPieces() throws IOException {
        var random = new SplittableRandom(1);
        for (int piece : new int[] {1, 100, 5_000, 100_000}) {
            var stream = new ByteArrayOutputStream();
            var payloads = new byte[SIZES.length][];
            for (int i = 0; i < SIZES.length; i++) {
                payloads[i] = new byte[SIZES[i]];
                random.nextBytes(payloads[i]);
                stream.writeBytes(new Data(i + 1, payloads[i]).encode());
            }
            var reader = new PacketReader(new ReplayLink(stream.toByteArray(), piece));
            for (int i = 0; i < SIZES.length; i++) {
                Packet packet = reader.next();
                assertEquals(i + 1, packet.routeId());
                assertArrayEquals(payloads[i], packet.payload());
            }
            assertThrows(EOFException.class, reader::next);
        }
    }

    /** A stranger announces much and sends little, on many transports. */
    @Test
    void memoryGrowsWithWhatHasArrived() {
        byte[] announced = {0, 0, 0, 0, 1, (byte) 0xff, (byte) 0xff, 1, 2, 3};
        var largest = new int[1];
        var replay = new ReplayLink(announced, announced.length);
        Link link = (Link) Proxy.newProxyInstance(
                Link.class.getClassLoader(), new Class<?>[] {Link.class}, (proxy, method, args) -> {
                    if (method.getName().equals("readFully")) {
                        largest[0] = ((byte[]) args[0]).length;
                        throw new EOFException();
                    }
                    return method.invoke(replay, args);
                });
        assertThrows(EOFException.class, () -> new PacketReader(link).next());
        assertTrue(largest[0] > 0 && largest[0] < 10_000, largest[0] + " bytes");
    }
}
