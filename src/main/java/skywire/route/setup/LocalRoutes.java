package skywire.route.setup;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import skywire.directory.Path;
import skywire.directory.TransportDirectory;
import skywire.entry.TransportEntry;
import skywire.packet.PathEnds;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Platform;

/**
 * Calculates paths here, from what the transport directory lists and our own live transports (setup §6). The list is
 * asked for anew after {@link #FRESH}. Thread-safe.
 */
public final class LocalRoutes implements RouteSource {
    /** How long a list of transports is good for. */
    public static final Duration FRESH = Duration.ofSeconds(15);

    /** Paths given for one question. */
    static final int MOST_PATHS = 8;

    private final Platform platform;
    private final TransportDirectory directory;
    private final Supplier<List<TransportEntry>> own;
    private final ReentrantLock lock = new ReentrantLock();
    private List<TransportEntry> listed = List.of(); // guarded by lock
    private long askedAt; // guarded by lock
    private boolean known; // guarded by lock

    /**
     * @param own our live transports
     */
    public LocalRoutes(Platform platform, TransportDirectory directory, Supplier<List<TransportEntry>> own) {
        this.platform = platform;
        this.directory = directory;
        this.own = own;
    }

    @Override
    public List<Path> paths(PathEnds ends, RouteWish wish, Deadline deadline) throws IOException {
        List<TransportEntry> transports = new ArrayList<>(own.get());
        transports.addAll(listed(deadline));
        return new PathSearch(transports, wish, platform.random()).find(ends, MOST_PATHS);
    }

    /** What the directory lists, or has listed a short time ago. */
    public List<TransportEntry> listed(Deadline deadline) throws IOException {
        long now = platform.clock().nanoTime();
        lock.lock();
        try {
            if (known && now - askedAt < FRESH.toNanos()) {
                return listed;
            }
        } finally {
            lock.unlock();
        }
        List<TransportEntry> all;
        try {
            all = List.copyOf(directory.all(deadline));
        } catch (IOException e) {
            return older(e);
        }
        lock.lock();
        try {
            known = true;
            listed = all;
            askedAt = platform.clock().nanoTime();
        } finally {
            lock.unlock();
        }
        return all;
    }

    /** A directory that is away for a while stops nobody who has asked it before: paths are tried out anyway. */
    private List<TransportEntry> older(IOException why) throws IOException {
        lock.lock();
        try {
            if (!known || Failure.kindOf(why) == Failure.Kind.CANCELLED) {
                throw why;
            }
            askedAt = platform.clock().nanoTime(); // or everybody would wait for it again
            return listed;
        } finally {
            lock.unlock();
        }
    }
}
