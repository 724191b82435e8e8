package skywire.service.discovery;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.concurrent.locks.ReentrantLock;
import skywire.entry.DmsgEntry;
import skywire.entry.ServerInfo;
import skywire.key.PublicKey;
import skywire.limit.LogLimit;
import skywire.platform.Clock;
import skywire.platform.Deadline;

/**
 * Notices servers whose address goes back and forth (deployment §4): one key on two machines, each of which announces
 * itself again and again. A server that moves, and moves back once, is none. Thread-safe.
 */
final class AddressChanges {
    /** Returns to the address before the last, within {@link #WINDOW}, that are too many. */
    static final int MOST_RETURNS = 3;

    static final Duration WINDOW = Duration.ofHours(1);

    /** Servers that are watched; of more, those whose address changed last. */
    static final int WATCHED = 1024;

    private static final System.Logger LOG = System.getLogger(AddressChanges.class.getName());

    private final Clock clock;
    private final LogLimit warnings;
    private final ReentrantLock lock = new ReentrantLock();
    private final SequencedMap<PublicKey, History> servers = new LinkedHashMap<>(); // guarded by lock
    private long returns; // guarded by lock

    /** One server; guarded by lock. */
    private static final class History {
        String before = ""; // the address before the present one
        String now = "";
        final Deque<Deadline> returns = new ArrayDeque<>(); // when each stops counting, oldest first

        boolean isAlternating() {
            returns.removeIf(Deadline::passed);
            return returns.size() >= MOST_RETURNS;
        }
    }

    AddressChanges(Clock clock) {
        this.clock = clock;
        this.warnings = new LogLimit(clock, LOG);
    }

    /** An entry was replaced by another of the same key. */
    void changed(DmsgEntry from, DmsgEntry to) {
        String was = address(from);
        String is = address(to);
        if (was.isEmpty() || is.isEmpty() || was.equals(is)) {
            return;
        }
        boolean begins;
        lock.lock();
        try {
            History history = servers.remove(to.key());
            history = history == null ? new History() : history;
            servers.putLast(to.key(), history);
            if (servers.size() > WATCHED) {
                servers.pollFirstEntry();
            }
            boolean before = history.isAlternating();
            if (history.before.equals(is)) {
                returns++;
                if (history.returns.size() == MOST_RETURNS) {
                    history.returns.removeFirst();
                }
                history.returns.addLast(clock.in(WINDOW));
            }
            history.before = was;
            history.now = is;
            begins = !before && history.isAlternating();
        } finally {
            lock.unlock();
        }
        if (begins) {
            warnings.log(System.Logger.Level.WARNING, text(to.key(), was, is));
        }
    }

    private static String address(DmsgEntry entry) {
        return entry.server().map(ServerInfo::address).orElse("");
    }

    private static String text(PublicKey key, String one, String other) {
        return "dmsg server " + key + " announces itself from " + LogLimit.clean(one) + " and " + LogLimit.clean(other)
                + " in turn: one key on two machines";
    }

    /** Returns to an earlier address since the start. */
    long returns() {
        lock.lock();
        try {
            return returns;
        } finally {
            lock.unlock();
        }
    }

    /** One line for each server that goes back and forth at present. */
    List<String> alternating() {
        List<String> lines = new ArrayList<>();
        lock.lock();
        try {
            servers.forEach((key, history) -> {
                if (history.isAlternating()) {
                    lines.add(text(key, history.before, history.now));
                }
            });
        } finally {
            lock.unlock();
        }
        return lines;
    }
}
