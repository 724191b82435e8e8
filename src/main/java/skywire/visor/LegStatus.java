package skywire.visor;

import java.io.IOException;
import java.util.Optional;
import skywire.app.socks.SocksClient;
import skywire.control.Progress;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.route.group.GroupKind;
import skywire.route.group.RouteGroup;
import skywire.route.setup.LegCount;
import skywire.route.setup.LegKeeper;

/** The legs of a proxy beyond the first, with which it works already: how many there are, and waiting for them. */
public final class LegStatus {
    private LegStatus() {}

    /** For people: {@code 3 of 4 legs, 0 of 1 standby (no disjoint path left)}. */
    public static String text(LegCount count) {
        return count.actual() + " of " + count.requested() + (count.requested() == 1 ? " leg" : " legs")
                + standby(count)
                + (count.reason().isEmpty() ? "" : " (" + count.reason() + ")");
    }

    /** For a while there may be more than wanted: one that was parked is back, and has been replaced meanwhile. */
    private static String standby(LegCount count) {
        if (count.standby() > count.spares()) {
            return ", " + count.standby() + " standby";
        }
        return count.spares() == 0 ? "" : ", " + count.standby() + " of " + count.spares() + " standby";
    }

    /**
     * Waits until a proxy's present route has all its legs; returns at once if it is to have one.
     *
     * @param progress hears of the stage {@code adding legs} whenever something changes
     * @return false if the deadline came first, the other end knows of no legs, or the route ended: then the proxy makes
     *     another one
     */
    public static boolean await(SocksClient client, Progress progress, Deadline deadline) throws IOException {
        Optional<RouteGroup> group = Proxies.group(client);
        Optional<LegKeeper> keeper = Proxies.legs(client);
        if (group.isEmpty() || keeper.isEmpty()) {
            return true;
        }
        if (group.get().kind() == GroupKind.PLAIN) {
            return false; // there will never be more
        }
        String told = "";
        while (true) {
            long seen = group.get().legChanges(); // before the look, so that no later change is missed
            LegCount count = keeper.get().count();
            if (count.isComplete()) {
                return true;
            }
            if (!told.equals(text(count))) {
                told = text(count);
                progress.stage("adding legs", told);
            }
            try {
                if (!group.get().awaitLegChange(seen, deadline)) {
                    return false;
                }
            } catch (Failure e) {
                if (group.get().isClosed()) {
                    return false;
                }
                throw e;
            }
        }
    }
}
