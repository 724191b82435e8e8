package skywire.route.setup;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import skywire.directory.Path;
import skywire.entry.TransportEntry;
import skywire.key.PublicKey;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Platform;
import skywire.platform.Scope;
import skywire.route.mux.LegInfo;

/**
 * The one owner of the number of legs of a route group: plans and dials those that are missing, and retires those that
 * are too many (mux §3.5, §5, §8.9). Ends with its group. Thread-safe.
 */
public final class LegKeeper {
    private static final System.Logger LOG = System.getLogger(LegKeeper.class.getName());

    private final Platform platform;
    private final LegPort port;
    private final Planning planning;
    private final PublicKey self;
    private final String never;
    private final Scope scope;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final LegBook book; // guarded by lock
    private final List<LegPort.Outcome> done =
            new ArrayList<>(); // guarded by lock; set-ups the book is not told of yet
    private boolean poked; // guarded by lock

    /** Finds ways for further legs. Thread-safe. */
    interface Planning {
        /** Paths for further legs; fails only if the thread is told to stop or nobody could be asked. */
        LegPlan plan(LegPlan.Task task, Deadline deadline) throws IOException;

        /** Our live transports. */
        List<TransportEntry> own();

        /** These have given a sign of life. */
        void works(List<PublicKey> visors);
    }

    private LegKeeper(Platform platform, LegPort port, Planning planning, Path first, LegBook book, String never) {
        this.platform = platform;
        this.port = port;
        this.planning = planning;
        this.self = first.from();
        this.book = book;
        this.never = never;
        this.scope = new Scope(platform, "legs/" + first.to().brief());
    }

    /**
     * Begins to keep the legs of a group.
     *
     * @param first the way of the leg it has
     * @param never why it can have no others, for people; empty if it can
     */
    static LegKeeper start(
            Platform platform,
            LegPort port,
            Planning planning,
            Path first,
            LegWish wish,
            RouteDialer.Settings settings,
            String never)
            throws IOException {
        var book = new LegBook(platform.clock(), first.to(), first, wish, settings);
        var keeper = new LegKeeper(platform, port, planning, first, book, never);
        if (never.isEmpty()) {
            port.width(wish.forward(), wish.reverse());
            keeper.scope.fork("watch", keeper::watch);
            keeper.scope.fork("keep", keeper::keep);
        }
        return keeper;
    }

    /** What is wanted at present. */
    public LegWish wish() {
        lock.lock();
        try {
            return book.wish();
        } finally {
            lock.unlock();
        }
    }

    /** Wants something else from now on; returns at once. */
    public void want(LegWish wish) {
        lock.lock();
        try {
            book.want(wish);
            poke();
        } finally {
            lock.unlock();
        }
        if (never.isEmpty()) {
            port.width(wish.forward(), wish.reverse());
        }
    }

    /** What is wanted, what there is, and why there is a difference. */
    public LegCount count() {
        if (!never.isEmpty()) {
            LegWish wish = wish();
            return new LegCount(wish.inUse(), 1, wish.spares(), 0, wish.isOne() ? "" : never);
        }
        List<LegInfo> legs = port.legs();
        lock.lock();
        try {
            return book.count(legs);
        } finally {
            lock.unlock();
        }
    }

    /** The way a leg takes; empty for a leg that there is not. */
    public Optional<Path> path(UUID leg) {
        return Optional.ofNullable(paths().get(leg));
    }

    /** The ways of all legs by their first transports, the oldest first. */
    public Map<UUID, Path> paths() {
        lock.lock();
        try {
            return book.paths();
        } finally {
            lock.unlock();
        }
    }

    /** Why legs could not be set up lately, for people, the latest last. */
    public List<String> failures() {
        lock.lock();
        try {
            return book.failures();
        } finally {
            lock.unlock();
        }
    }

    // ---- its threads

    /** Ends when the group does, and all the rest with it. */
    private void watch() throws IOException {
        while (true) {
            long seen = port.changes();
            lock.lock();
            try {
                poke();
            } finally {
                lock.unlock();
            }
            port.await(seen, Deadline.NEVER);
        }
    }

    private void keep() throws IOException {
        while (true) {
            look();
            int due;
            LegPlan.Task task;
            lock.lock();
            try {
                due = book.due();
                task = book.task(due);
            } finally {
                lock.unlock();
            }
            if (due > 0) {
                dial(plan(task));
            } else {
                await();
            }
        }
    }

    private void look() {
        lock.lock();
        try {
            poked = false;
            done.forEach(book::done);
            done.clear();
        } finally {
            lock.unlock();
        }
        List<LegInfo> legs = port.legs(); // after the set-ups that are over: what they added is among these
        List<TransportEntry> own = planning.own();
        List<PublicKey> joined;
        List<UUID> surplus;
        lock.lock();
        try {
            book.see(legs);
            joined = book.see(own, self);
            surplus = book.surplus(legs);
        } finally {
            lock.unlock();
        }
        planning.works(joined);
        surplus.forEach(this::retire);
    }

    private void retire(UUID leg) {
        try {
            port.remove(leg);
        } catch (Failure e) { // it has become the primary, or has ended, meanwhile
            LOG.log(System.Logger.Level.DEBUG, () -> "leg " + leg + " is not retired: " + Failure.text(e));
        }
    }

    private LegPlan plan(LegPlan.Task task) throws IOException {
        try {
            return planning.plan(task, platform.clock().in(Bursts.BUDGET));
        } catch (IOException e) {
            if (Failure.kindOf(e) == Failure.Kind.CANCELLED) {
                throw e;
            }
            return new LegPlan(List.of(), Failure.text(e));
        }
    }

    private void dial(LegPlan plan) throws IOException {
        Deadline limit;
        lock.lock();
        try {
            limit = book.begin(plan);
        } finally {
            lock.unlock();
        }
        for (Path path : plan.paths()) {
            scope.forkChild("dial/" + LegBook.id(path), () -> setUp(path, limit));
        }
    }

    private void setUp(Path path, Deadline limit) {
        var outcome = new LegPort.Outcome(path, "internal error", false, List.of());
        try {
            outcome = port.add(path, limit);
        } finally {
            over(outcome);
        }
    }

    private void over(LegPort.Outcome outcome) {
        lock.lock();
        try {
            done.add(outcome);
            poke();
        } finally {
            lock.unlock();
        }
    }

    private void poke() {
        poked = true;
        changed.signalAll();
    }

    private void await() throws IOException {
        lock.lock();
        try {
            Deadline next = book.next();
            while (!poked && platform.clock().await(lock, changed, next)) {
                // a wake-up without a poke means nothing
            }
        } finally {
            lock.unlock();
        }
    }
}
