package skywire.visor;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import skywire.dmsg.DmsgClient;
import skywire.dmsg.DmsgCtrl;
import skywire.key.PublicKey;
import skywire.platform.Deadline;
import skywire.platform.Platform;
import skywire.platform.Scope;

/**
 * Finds out which visors of a broken route are alive, by asking all of them at once on their dmsg control port
 * (resolver §7). Thread-safe.
 */
final class HopCheck {
    /** How long they have to answer. */
    static final Duration LIMIT = Duration.ofSeconds(2);

    private final Platform platform;
    private final DmsgClient dmsg;

    HopCheck(Platform platform, DmsgClient dmsg) {
        this.platform = platform;
        this.dmsg = dmsg;
    }

    /** Those that did not answer in time, in the order given; all of them if we are cut off ourselves. */
    List<PublicKey> silent(List<PublicKey> visors) throws IOException {
        Deadline limit = platform.clock().in(LIMIT);
        Set<PublicKey> alive = new ConcurrentSkipListSet<>();
        try (var scope = new Scope(platform, "hop-check")) {
            for (PublicKey visor : visors) {
                scope.forkChild(visor.brief(), () -> {
                    DmsgCtrl.ping(platform, dmsg, visor, limit);
                    alive.add(visor);
                });
            }
            scope.join(limit);
        }
        List<PublicKey> silent = new ArrayList<>(visors);
        silent.removeAll(alive);
        return silent;
    }
}
