package skywire.app.socks;

import java.io.IOException;
import java.util.Optional;
import skywire.link.KeyedLink;

/** A link to an exit that can look for what is wrong when the exit is silent. */
public interface ExitLink extends KeyedLink {
    /**
     * Looks, for a few seconds at most, whether something on the way to the exit has died.
     *
     * @return what has died, for people; empty if all of the way is alive, so that the exit may only be slow
     */
    Optional<String> findBreak() throws IOException;
}
