package skywire.dmsg.server;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/** Counts refusals by their reason. Thread-safe. */
final class Refusals<R extends Enum<R>> {
    private final Map<R, AtomicLong> counts; // filled once, then read only

    Refusals(Class<R> reasons) {
        counts = new EnumMap<>(reasons);
        Arrays.stream(reasons.getEnumConstants()).forEach(reason -> counts.put(reason, new AtomicLong()));
    }

    /** One more for this reason. */
    void count(R reason) {
        counts.get(reason).incrementAndGet();
    }

    long total() {
        return counts.values().stream().mapToLong(AtomicLong::get).sum();
    }

    /** Those that happened, by the name of the reason in lower case. */
    SortedMap<String, Long> byReason() {
        SortedMap<String, Long> happened = new TreeMap<>();
        counts.forEach((reason, count) -> {
            if (count.get() > 0) {
                happened.put(reason.name().toLowerCase(Locale.ROOT), count.get());
            }
        });
        return happened;
    }
}
