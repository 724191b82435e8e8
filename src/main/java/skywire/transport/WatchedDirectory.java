package skywire.transport;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import skywire.directory.TransportDirectory;
import skywire.entry.SignedTransportEntry;
import skywire.entry.TransportEntry;
import skywire.key.PublicKey;
import skywire.limit.LastingTrouble;
import skywire.platform.Clock;
import skywire.platform.Deadline;
import skywire.platform.Failure;

/** The transport directory, and what it would not take: nobody finds a route over what it does not know. Thread-safe. */
final class WatchedDirectory implements TransportDirectory {
    private static final System.Logger LOG = System.getLogger(WatchedDirectory.class.getName());

    private final TransportDirectory directory;
    private final LastingTrouble trouble;
    private final ReentrantLock lock = new ReentrantLock();
    // Guarded by lock. Why each could not be registered; the oldest is left out before there are too many.
    private final Map<UUID, IOException> refused = new LinkedHashMap<>();

    WatchedDirectory(Clock clock, TransportDirectory directory) {
        this.directory = directory;
        this.trouble = new LastingTrouble(clock, LOG);
    }

    @Override
    public void register(List<SignedTransportEntry> entries, Deadline deadline) throws IOException {
        try {
            directory.register(entries, deadline);
        } catch (IOException e) {
            if (Failure.kindOf(e) != Failure.Kind.CANCELLED) {
                refused(entries, e);
            }
            throw e;
        }
        if (taken(entries)) {
            trouble.works("all transports are registered again");
        }
    }

    private void refused(List<SignedTransportEntry> entries, IOException why) {
        int missing;
        lock.lock();
        try {
            entries.forEach(e -> refused.put(e.entry().id(), why));
            while (refused.size() > TransportSet.MOST) {
                refused.remove(refused.keySet().iterator().next());
            }
            missing = refused.size();
        } finally {
            lock.unlock();
        }
        trouble.fails(
                "not registered: " + missing + (missing == 1 ? " transport: " : " transports: ") + Failure.text(why));
    }

    /** Whether nothing is missing now. */
    private boolean taken(List<SignedTransportEntry> entries) {
        lock.lock();
        try {
            entries.forEach(e -> refused.remove(e.entry().id()));
            return refused.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Why this transport is not registered, if its last attempt failed. */
    Optional<IOException> refusal(UUID id) {
        lock.lock();
        try {
            return Optional.ofNullable(refused.get(id));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void delete(UUID id, Deadline deadline) throws IOException {
        lock.lock();
        try {
            refused.remove(id);
        } finally {
            lock.unlock();
        }
        directory.delete(id, deadline);
    }

    @Override
    public Optional<TransportEntry> byId(UUID id, Deadline deadline) throws IOException {
        return directory.byId(id, deadline);
    }

    @Override
    public List<TransportEntry> byEdge(PublicKey edge, Deadline deadline) throws IOException {
        return directory.byEdge(edge, deadline);
    }

    @Override
    public List<TransportEntry> all(Deadline deadline) throws IOException {
        return directory.all(deadline);
    }
}
