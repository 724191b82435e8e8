package skywire.app.socks;

import java.io.IOException;
import skywire.control.Progress;
import skywire.link.KeyedLink;
import skywire.platform.Deadline;

/** Opens a link to the SOCKS port of an exit; sets up the route that it needs. */
@FunctionalInterface
public interface ExitDialer {
    /**
     * Dials once.
     *
     * @param progress hears what is being done
     */
    KeyedLink dial(Progress progress, Deadline deadline) throws IOException;
}
