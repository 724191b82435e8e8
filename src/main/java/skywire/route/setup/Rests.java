package skywire.route.setup;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import skywire.platform.Clock;

/** Things that failed a short time ago and are left alone for a while, longer each time. Guarded by its user. */
final class Rests<K> {
    /** After a first failure; doubled with each more. */
    static final Duration FIRST = Duration.ofSeconds(10);

    /** The longest rest. */
    static final Duration LONGEST = Duration.ofSeconds(60);

    /** What has not failed for so long counts as new. */
    static final Duration FORGET = Duration.ofMinutes(3);

    /** Things remembered; the one that failed longest ago goes first. */
    static final int MOST = 256;

    private static final int MOST_WOKEN = 3;

    private final Clock clock;
    private final Map<K, Rest> rests = new LinkedHashMap<>(); // oldest first

    private record Rest(int times, long until) {}

    Rests(Clock clock) {
        this.clock = clock;
    }

    /** Leaves it alone from now on. */
    void failed(K which) {
        long now = clock.nanoTime();
        Rest before = rests.remove(which); // so that it goes to the end
        int times = before == null || now - before.until() > FORGET.toNanos() ? 0 : before.times();
        long rest = Math.min(LONGEST.toNanos(), FIRST.toNanos() << Math.min(times, 10));
        rests.put(which, new Rest(times + 1, now + rest));
        Iterator<K> oldest = rests.keySet().iterator();
        while (rests.size() > MOST) {
            oldest.next();
            oldest.remove();
        }
    }

    /** It has shown a sign of life: it need not rest, unless it has done that and failed again too often. */
    void wake(K which) {
        rests.computeIfPresent(
                which, (k, rest) -> rest.times() > MOST_WOKEN ? rest : new Rest(rest.times(), clock.nanoTime()));
    }

    /** What rests now. */
    Set<K> now() {
        long now = clock.nanoTime();
        var resting = new LinkedHashSet<K>();
        rests.forEach((which, rest) -> {
            if (now - rest.until() < 0) {
                resting.add(which);
            }
        });
        return resting;
    }
}
