package skywire.entry;

import java.time.Duration;
import java.util.Optional;

/**
 * What a discovery demands of an entry (discovery §1.3), as the texts clients know. Each check returns the first rule
 * that is broken.
 */
public final class EntryRules {
    /** How old a server's entry may be when it is posted. */
    public static final Duration OLDEST = Duration.ofSeconds(60);

    /** How far its clock may be ahead. */
    public static final Duration AHEAD = Duration.ofSeconds(5);

    private EntryRules() {}

    /** Checks the entry itself; its signature is checked apart. */
    public static Optional<String> brokenBy(DmsgEntry entry, long unixNanos) {
        if (entry.version().isEmpty()) {
            return Optional.of("entry has no version");
        }
        if (entry.signature().isEmpty()) {
            return Optional.of("entry has no signature");
        }
        if (entry.key().isNull()) {
            return Optional.of("entry Keys is nil");
        }
        if (!entry.isClient() && entry.server().isEmpty()) {
            return Optional.of("entry has neither client or server field");
        }
        if (entry.server().isPresent() && entry.server().get().address().isEmpty()) {
            return Optional.of("server address cannot be empty");
        }
        if (!entry.isClient() && !isRecent(entry.timestamp(), unixNanos)) {
            return Optional.of("advertised entry has outdated timestamp");
        }
        return Optional.empty();
    }

    private static boolean isRecent(long timestamp, long now) {
        return timestamp >= now - OLDEST.toNanos() && timestamp <= now + AHEAD.toNanos();
    }

    /** Checks the entry against the one it replaces. */
    public static Optional<String> brokenBy(DmsgEntry next, DmsgEntry stored) {
        if (Long.compareUnsigned(next.sequence(), stored.sequence()) <= 0) {
            return Optional.of("sequence field of new entry is not sequence of old entry + 1");
        }
        if (next.timestamp() < stored.timestamp()) {
            return Optional.of("advertised entry timestamp is not greater than previous");
        }
        return Optional.empty();
    }
}
