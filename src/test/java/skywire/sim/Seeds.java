package skywire.sim;

import java.util.function.LongConsumer;

/** Which seeds a scenario is played with. */
final class Seeds {
    private Seeds() {}

    /**
     * Plays it with seeds 0 to {@code count - 1}; {@code -Dskywire.seed=N} plays only that one, {@code
     * -Dskywire.seeds=N} that many.
     */
    static void play(int count, LongConsumer scenario) {
        Long one = Long.getLong("skywire.seed");
        if (one != null) {
            scenario.accept(one);
            return;
        }
        int seeds = Integer.getInteger("skywire.seeds", count);
        for (long seed = 0; seed < seeds; seed++) {
            scenario.accept(seed);
        }
    }
}
