package skywire.route.mux;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The engine over model links, in all kinds of trouble: legs are added, removed, cut, swallowed, slowed and stalled,
 * packets lost, changed, doubled and overtaken, while both ends write. Every byte has to be there, every packet accounted
 * for. {@code -Dmux.seed=17} replays one run and prints what happened.
 */
class MuxMatrixTest {
    private static final int SEEDS = Integer.getInteger("mux.seeds", 2_000);
    private static final int JUNE_SEEDS = Integer.getInteger("mux.june.seeds", 200);

    /** Copies of what was written that all runs together may put on the wire. */
    private static final double MOST_WIRE = 1.2;

    /** The same for one run, which may have lost most of what it sent. */
    private static final double MOST_WIRE_OF_ONE = 3;

    private static final int MOST_LOGS = 2;
    private static final int FEW_BYTES = 300_000; // of which it may send as many copies as it likes
    private static final int MOST_OUTSTANDING = 128; // packets that a June peer is to bear

    @Test
    void everyByteArrives() {
        run(SEEDS, false);
    }

    @Test
    void aPeerOfJuneIsNeverOverrun() {
        run(JUNE_SEEDS, true);
    }

    private static void run(int seeds, boolean june) {
        Long one = Long.getLong("mux.seed");
        List<String> failed = new ArrayList<>();
        List<ModelGroup.Result> results = new ArrayList<>();
        for (long seed = one == null ? 0 : one; seed < (one == null ? seeds : one + 1); seed++) {
            var group = new ModelGroup(seed, june);
            try {
                results.add(group.run());
            } catch (AssertionError | RuntimeException e) {
                failed.add("seed " + seed + ": " + e
                        + (failed.size() < MOST_LOGS ? " at " + e.getStackTrace()[0] + "\n" + group : ""));
            }
            if (one != null) {
                System.out.println(group + "\n" + results);
            }
        }
        assertTrue(failed.isEmpty(), failed.size() + " runs failed:\n" + String.join("\n", failed));
        if (one == null) {
            judge(results, june);
        }
    }

    private static void judge(List<ModelGroup.Result> results, boolean june) {
        long bytes = 0;
        long wire = 0;
        int waiting = 0;
        double longest = 0;
        double worst = 0;
        for (ModelGroup.Result result : results) {
            bytes += result.bytes();
            wire += result.wire();
            waiting = Math.max(waiting, result.mostWaiting());
            longest = Math.max(longest, result.seconds());
            worst = Math.max(worst, (double) (result.wire() - FEW_BYTES) / Math.max(1, result.bytes()));
            assertTrue(result.mostOutstanding() <= MOST_OUTSTANDING, result::toString);
        }
        System.out.printf(
                "%d runs: %d bytes written, %.3f times as many sent, %.2f times in the worst run; longest %.1f s%n",
                results.size(), bytes, (double) wire / bytes, worst, longest);
        assertTrue(wire < MOST_WIRE * bytes, "wire " + wire + " for " + bytes);
        assertTrue(worst < MOST_WIRE_OF_ONE, "in one run " + worst);
        assertTrue(!june || waiting > 0, "nothing was ever out of order");
    }
}
