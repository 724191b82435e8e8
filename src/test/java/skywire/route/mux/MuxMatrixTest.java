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
    private static final int JUNE_SEEDS = Integer.getInteger("mux.june", 200);

    /** Copies of what was written that all runs together may put on the wire. */
    private static final double MOST_WIRE = 1.5;

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
 { var r = results.getLast(); if (r.mild() && r.bytes() > 100000 && r.wire() > 1.1 * r.bytes()) System.out.println("MILD " + seed + " " + r.wire() * 1.0 / r.bytes() + " " + r.seconds()); }
            } catch (AssertionError | RuntimeException e) {
                failed.add("seed " + seed + ": " + e + (failed.size() < 2 ? " at " + e.getStackTrace()[0] + "\n" + group : ""));
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
        double longest = 0;
        int waiting = 0;
        long outstanding = 0;
        double worst = 0;
        for (ModelGroup.Result result : results) {
            bytes += result.bytes();
            wire += result.wire();
            longest = Math.max(longest, result.seconds());
            if (result.seconds() > 25) System.out.println("LONG " + result);
            waiting = Math.max(waiting, result.mostWaiting());
            outstanding = Math.max(outstanding, result.mostOutstanding());
            worst = Math.max(worst, (double) (result.wire() - 300_000) / Math.max(1, result.bytes()));
        }
        System.out.println("bytes " + bytes + ", wire " + wire + ", worst " + worst + ", longest " + longest
                + " s, waiting " + waiting + ", outstanding " + outstanding);
        assertTrue(wire < MOST_WIRE * bytes, "wire " + wire + " for " + bytes);
        assertTrue(!june || waiting > 0, "nothing was ever out of order");
    }
}
