package skywire.packet;

/** Route ids: unsigned 32-bit numbers in a {@code long}, local to the visor whose table they index. */
public final class RouteId {
    /** Never the key of a rule; packets about a transport itself carry it. */
    public static final long NONE = 0;

    /** The highest value the field can hold. */
    public static final long MAX = 0xffff_ffffL;

    private RouteId() {}

    /** Returns the id, or throws if it does not fit its field (a bug of the caller). */
    static long check(long id) {
        if (id < 0 || id > MAX) {
            throw new IllegalArgumentException("not a route id: " + id);
        }
        return id;
    }
}
