package skywire.gob;

/**
 * What a peer's gob stream may ask of us. A message is never longer than its array, so byte strings and counts need no
 * further limit than the bytes that are really there.
 *
 * @param message bytes of one message
 * @param types definitions per stream
 * @param fields fields per struct
 * @param depth nesting of values and of what is skipped
 * @param values structs, strings, slices... per message (elements of integer arrays do not count)
 */
public record GobLimits(int message, int types, int fields, int depth, int values) {
    /** For rpc connections and stream requests: 1 MiB, 256 types, 64 fields, depth 16, 65536 values. */
    public static final GobLimits DEFAULT = new GobLimits(1 << 20, 256, 64, 16, 65536);
}
