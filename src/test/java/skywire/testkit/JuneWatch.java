package skywire.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What a {@link JunePeer} noticed about the other end: violations are what breaks a peer of June 2026, or what it would
 * not understand; notes are what is legal and worth knowing. Thread-safe.
 */
public final class JuneWatch {
    private static final int MOST = 50;

    private final ReentrantLock lock = new ReentrantLock();
    private final List<String> violations = new ArrayList<>(); // guarded by lock
    private final List<String> notes = new ArrayList<>(); // guarded by lock
    private final Map<String, Long> most = new LinkedHashMap<>(); // guarded by lock
    private final Map<String, Long> counts = new LinkedHashMap<>(); // guarded by lock

    void violation(String what) {
        keep(violations, what);
    }

    void note(String what) {
        keep(notes, what);
    }

    private void keep(List<String> to, String what) {
        lock.lock();
        try {
            if (to.size() < MOST) {
                to.add(what);
            }
        } finally {
            lock.unlock();
        }
    }

    void most(String what, long value) {
        lock.lock();
        try {
            most.merge(what, value, Math::max);
        } finally {
            lock.unlock();
        }
    }

    void add(String what) {
        lock.lock();
        try {
            counts.merge(what, 1L, Long::sum);
        } finally {
            lock.unlock();
        }
    }

    /** What must not happen; the first fifty. */
    public List<String> violations() {
        lock.lock();
        try {
            return List.copyOf(violations);
        } finally {
            lock.unlock();
        }
    }

    /** What may happen; the first fifty. */
    public List<String> notes() {
        lock.lock();
        try {
            return List.copyOf(notes);
        } finally {
            lock.unlock();
        }
    }

    /** The most of something: {@code reordered}, {@code outstanding}. */
    public long most(String what) {
        return lookUp(most, what);
    }

    /** How often something happened: {@code data}, {@code repeats}, {@code sent}, {@code resent}, {@code unstored}, … */
    public long count(String what) {
        return lookUp(counts, what);
    }

    private long lookUp(Map<String, Long> in, String what) {
        lock.lock();
        try {
            return in.getOrDefault(what, 0L);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        lock.lock();
        try {
            return "violations " + violations + ", notes " + notes + ", most " + most + ", counts " + counts;
        } finally {
            lock.unlock();
        }
    }
}
