package skywire.route.group;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import skywire.packet.Handshake;
import skywire.testkit.JuneStyle;
import skywire.testkit.World;

/** The first packets between us and a peer of June 2026 may be lost like any other (mux §2.1, §3.3). */
class JuneOpeningTest {
    @ParameterizedTest
    @EnumSource
    void theirHandshakeIsAskedForAgainIfItIsLost(World world) throws Exception {
        world.play(platform -> {
            try (JuneBench bench = JuneBench.bare(platform, JuneStyle.JUNE)) {
                bench.june.onLeg(leg -> leg.outgoing().loseNext(Handshake.class));
                bench.open(true);
                assertEquals(GroupKind.COMPATIBLE, bench.group.kind());
                bench.toJune(10_000, 1).join();
                bench.fromJune(10_000, 1).join();
                bench.assertNoViolations();
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void ourFirstPacketIsSentAgainIfItIsLost(World world) throws Exception {
        for (boolean dialled : new boolean[] {true, false}) {
            world.play(platform -> {
                try (JuneBench bench = JuneBench.bare(platform, JuneStyle.JUNE)) {
                    bench.june.onLeg(leg -> leg.incoming().lose(1)); // what they could not tell us with a SACK
                    bench.open(dialled);
                    bench.toJune(10_000, 1).join();
                    bench.fromJune(10_000, 1).join();
                    bench.assertNoViolations();
                }
            });
        }
    }

    /** Their SACK says that number 0 has arrived as soon as number 1 has: it must not be believed about that. */
    @Disabled("not built: the first packet is repeated once its SACK comes, but the peer's set-up has run out by then")
    @ParameterizedTest
    @EnumSource
    void ourFirstPacketIsSentAgainAlsoIfOthersFollowIt(World world) throws Exception {
        world.play(platform -> {
            try (JuneBench bench = JuneBench.bare(platform, JuneStyle.JUNE)) {
                bench.june.onLeg(leg -> leg.incoming().lose(1));
                byte[] sent = JuneBench.bytes(30_000, 1);
                JuneBench.Task writer = bench.writeOnceAccepted(sent);
                byte[] got = new byte[sent.length];
                bench.peer.readFully(got, bench.soon());
                assertArrayEquals(sent, got);
                writer.join();
                bench.assertNoViolations();
            }
        });
    }

    @ParameterizedTest
    @EnumSource(names = "SIMULATED")
    void theirFirstPacketIsNeverSentAgainAndTheDialEnds(World world) throws Exception {
        world.play(platform -> {
            try (JuneBench bench = JuneBench.bare(platform, JuneStyle.JUNE)) {
                bench.june.onLeg(leg -> leg.outgoing().lose(1));
                assertThrows(IOException.class, () -> bench.open(true));
                assertEquals(0, bench.june.watch().count("sacks received"));
                bench.await("rules to go", () -> bench.ours.router().table().size() == 0);
                bench.assertNoViolations();
            }
        });
    }
}
