package skywire.directory;

/**
 * What was wrong with entries that a directory has given so far.
 *
 * @param unverifiable statements whose signature does not verify; used nevertheless, as discoveries rewrite entries
 * @param unsigned entries without a signature
 * @param future entries from a time that has not come
 * @param older entries older than one that was seen
 * @param stale servers in lists that have not renewed their entry
 * @param local servers at addresses that mean something elsewhere only
 */
public record Doubts(long unverifiable, long unsigned, long future, long older, long stale, long local) {
    /** Nothing. */
    public static final Doubts NONE = new Doubts(0, 0, 0, 0, 0, 0);

    /** Both together. */
    public Doubts plus(Doubts other) {
        return new Doubts(
                unverifiable + other.unverifiable,
                unsigned + other.unsigned,
                future + other.future,
                older + other.older,
                stale + other.stale,
                local + other.local);
    }
}
