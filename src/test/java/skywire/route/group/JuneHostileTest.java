package skywire.route.group;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import skywire.packet.Close;
import skywire.packet.Data;
import skywire.packet.Handshake;
import skywire.packet.Packet;
import skywire.packet.Pong;
import skywire.packet.Sack;
import skywire.packet.Unknown;
import skywire.testkit.JuneStyle;
import skywire.testkit.World;

/** What a peer, or a relay on the way, may say to a multiplexed group without more harm than the end of that group. */
class JuneHostileTest {
    private static Data sequenced(long seq, int length) {
        byte[] payload = new byte[4 + length];
        for (int i = 0; i < 4; i++) {
            payload[i] = (byte) (seq >> 24 - 8 * i);
        }
        Arrays.fill(payload, 4, payload.length, (byte) 0x55);
        return new Data(0, payload);
    }

    /** Packets after which the group may have ended, but must not go on with wrong bytes. */
    private enum Say {
        SHORT_DATA(i -> new Data(0, new byte[i % 4])),
        FAR_AHEAD(i -> sequenced(1_000_000L + i, 4096)),
        FAR_BEHIND(i -> sequenced(0, 4096)),
        IN_BAND(i -> sequenced(0xFF000000L + i, 17)),
        LAST_NUMBER(i -> sequenced(0xFFFFFFFFL, 4096)),
        EMPTY_NEXT(i -> sequenced(i, 0)),
        ACKNOWLEDGES_THE_FUTURE(i -> Sack.old(0, 0xFFFFFFFFL - i, -1)),
        ACKNOWLEDGES_SOME_OF_THE_FUTURE(i -> Sack.old(0, i, -1)),
        SHORT_SACK(i -> new Sack(0, Arrays.copyOf(new byte[] {0, 0, 0, 0, 32}, 5 + i % 7))),
        NEWER_SACK(i -> Sack.of(0, i, 1, 2, 3)),
        UNKNOWN_PONG(i -> Pong.of(0, i)),
        UNKNOWN_TYPE(i -> new Unknown(20 + i % 200, 0, new byte[i % 50])),
        OTHER_CAPABILITIES(i -> Handshake.of(0, true, i * 257, new byte[i])),
        NO_ENCRYPTION(i -> Handshake.of(0, false)),
        CLOSE_OF_UNKNOWN_CODE(i -> Close.of(0, 2 + i % 254));

        final IntFunction<Packet> packet;

        Say(IntFunction<Packet> packet) {
            this.packet = packet;
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatTheySayWronglyEndsNoMoreThanTheGroup(Say say) throws Exception {
        for (boolean dialled : List.of(true, false)) {
            World.SIMULATED.play(platform -> {
                try (JuneBench bench = JuneBench.open(platform, JuneStyle.JUNE, dialled, 2)) {
                    bench.toJune(50_000, 1).join();
                    bench.fromJune(50_000, 2).join();
                    for (int i = 0; i < 200; i++) {
                        bench.peer.say(i % 2, say.packet.apply(i));
                    }
                    talkOrBeClosed(bench);
                    bench.closeGroup();
                }
            });
        }
    }

    /** Wrong bytes fail the test; that the group has ended does not. */
    private static void talkOrBeClosed(JuneBench bench) throws IOException {
        byte[] question = JuneBench.bytes(100_000, 3);
        byte[] got = new byte[question.length];
        try {
            bench.group.write(question, bench.soon());
            bench.peer.readFully(got, bench.soon());
            bench.peer.write(question, bench.soon());
            bench.group.readFully(got, 0, got.length, bench.soon());
        } catch (IOException e) {
            return;
        }
        assertTrue(Arrays.equals(question, got));
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void aCloseOfOneLegLeavesTheOthers(boolean dialled) throws Exception {
        World.SIMULATED.play(platform -> {
            try (JuneBench bench = JuneBench.open(platform, JuneStyle.JUNE, dialled, 2)) {
                bench.peer.say(1, Close.of(0, Close.LEG_RETIRED)); // as later peers do
                bench.toJune(200_000, 1).join();
            }
        });
    }
}
