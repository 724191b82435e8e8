package skywire.route.mux;

/** How a leg is (mux §8.1). */
public enum LegState {
    /** Its rules are being set up; nothing of it exists at this visor yet. */
    DIALING,
    /** Its rules are here, and nothing has come by it: not proven, never sent on. */
    PROBING,
    /** Sent on. */
    ACTIVE,
    /** Proven and kept alive, not sent on: kept warm, or parked because it made no progress. */
    STANDBY,
    /** Being retired: nothing new is sent on it, what is under way still counts. */
    DRAINING,
    /** Gone. */
    DEAD;

    /** Name for people and JSON. */
    public String text() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
