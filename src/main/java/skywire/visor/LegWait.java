package skywire.visor;

import java.io.IOException;
import java.util.Optional;
import skywire.app.socks.SocksClient;
import skywire.control.Progress;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.route.group.RouteGroup;
import skywire.route.setup.LegCount;
import skywire.route.setup.LegKeeper;

/** Waits for the legs of a proxy beyond the first, with which it works already. */
public final class LegWait {
    private LegWait() {}

    /**
     * Waits until a proxy's present route has all its legs; returns at once if it is to have one.
     *
     * @param progress hears of the stage {@code setting up legs} whenever something changes
     * @return false if the deadline came first, or the route ended: then the proxy makes another one
     */
    public static boolean forAll(SocksClient client, Progress progress, Deadline deadline) throws IOException {
        Optional<RouteGroup> group = Proxies.group(client);
        Optional<LegKeeper> keeper = Proxies.legs(client);
        if (group.isEmpty() || keeper.isEmpty()) {
            return true;
        }
        while (true) {
            long seen = group.get().legChanges(); // before the look, so that no later change is missed
            LegCount count = keeper.get().count();
            if (count.isComplete()) {
                return true;
            }
            progress.stage("setting up legs", count.text());
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
