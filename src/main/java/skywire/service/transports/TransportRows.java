package skywire.service.transports;

import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import skywire.bytes.MalformedException;
import skywire.entry.SignedTransportEntry;
import skywire.entry.TransportEntry;
import skywire.json.Json;
import skywire.key.PublicKey;
import skywire.platform.Platform;
import skywire.service.store.Store;

/**
 * The transports of a discovery with their life times. All in memory; every change is noted in the store as well.
 * Thread-safe.
 */
final class TransportRows {
    private static final System.Logger LOG = System.getLogger(TransportRows.class.getName());

    private final Platform platform;
    private final Store store;
    private final int capacity;
    private final int mostPerEdge;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<UUID, Row> rows = new TreeMap<>(); // guarded by lock
    private final Map<PublicKey, Set<UUID>> byEdge = new TreeMap<>(); // guarded by lock
    private volatile long changes; // written under the lock

    /**
     * One transport.
     *
     * @param expires Unix milliseconds, 0 for never
     */
    private record Row(SignedTransportEntry signed, long expires) {
        boolean isAlive(long now) {
            return expires == 0 || now < expires;
        }

        TransportEntry entry() {
            return signed.entry();
        }

        String text() {
            return "{\"expires\":" + expires + ",\"signed\":" + signed.json() + "}";
        }

        static Row parse(String text) throws MalformedException {
            JsonObject json = Json.object(text);
            var signed = SignedTransportEntry.parse(Json.object(json.get("signed"), "signed"));
            if (!signed.entry().isConsistent()) {
                throw new MalformedException("id does not fit the edges");
            }
            return new Row(signed, Json.integer(json, "expires"));
        }
    }

    TransportRows(Platform platform, Store store, int capacity, int mostPerEdge) {
        this.platform = platform;
        this.store = store;
        this.capacity = capacity;
        this.mostPerEdge = mostPerEdge;
        store.load().forEach(this::restore);
    }

    private void restore(String key, String text) {
        try {
            insert(Row.parse(text));
        } catch (MalformedException e) {
            LOG.log(System.Logger.Level.WARNING, "left out a stored row: " + e.getMessage());
            store.remove(key);
        }
    }

    private long now() {
        return platform.clock().unixMillis();
    }

    /** Whether exactly these signatures of the same edges were verified before. */
    boolean has(SignedTransportEntry signed) {
        lock.lock();
        try {
            Row row = rows.get(signed.entry().id());
            return row != null
                    && row.signed.lowSignature().equals(signed.lowSignature())
                    && row.signed.highSignature().equals(signed.highSignature())
                    && row.entry().edges().equals(signed.entry().edges())
                    && row.entry().type().equals(signed.entry().type());
        } finally {
            lock.unlock();
        }
    }

    /** Stores verified entries, all or, when there is no room, none. */
    boolean put(List<SignedTransportEntry> entries, Duration lifetime) {
        long now = now();
        long expires = lifetime.isZero() ? 0 : now + lifetime.toMillis();
        lock.lock();
        try {
            if (!hasRoom(entries)) {
                return false;
            }
            for (SignedTransportEntry signed : entries) {
                Row old = rows.get(signed.entry().id());
                long since = old == null ? now / 1000 : old.signed.registered();
                var stamped =
                        new SignedTransportEntry(signed.entry(), signed.lowSignature(), signed.highSignature(), since);
                var row = new Row(stamped, expires);
                insert(row);
                changes++;
                store.put(signed.entry().id().toString(), row.text());
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean hasRoom(List<SignedTransportEntry> entries) {
        Map<PublicKey, Set<UUID>> added = new TreeMap<>();
        Set<UUID> fresh = new LinkedHashSet<>();
        for (SignedTransportEntry signed : entries) {
            TransportEntry entry = signed.entry();
            if (!rows.containsKey(entry.id()) && fresh.add(entry.id())) {
                for (PublicKey edge : new LinkedHashSet<>(entry.edges())) {
                    Set<UUID> own = added.computeIfAbsent(edge, key -> new LinkedHashSet<>());
                    own.add(entry.id());
                    if (own.size() + byEdge.getOrDefault(edge, Set.of()).size() > mostPerEdge) {
                        return false;
                    }
                }
            }
        }
        return rows.size() + fresh.size() <= capacity;
    }

    private void insert(Row row) {
        rows.put(row.entry().id(), row);
        for (PublicKey edge : row.entry().edges()) {
            byEdge.computeIfAbsent(edge, key -> new LinkedHashSet<>())
                    .add(row.entry().id());
        }
    }

    /** Takes a transport out; whether it was there. */
    boolean remove(UUID id) {
        lock.lock();
        try {
            Row row = rows.remove(id);
            if (row != null) {
                unlink(row.entry());
                changes++;
                store.remove(id.toString());
            }
            return row != null && row.isAlive(now());
        } finally {
            lock.unlock();
        }
    }

    private void unlink(TransportEntry entry) {
        for (PublicKey edge : entry.edges()) {
            Set<UUID> ids = byEdge.get(edge);
            if (ids != null && ids.remove(entry.id()) && ids.isEmpty()) {
                byEdge.remove(edge);
            }
        }
    }

    /** Removes what has expired. */
    void sweep() {
        lock.lock();
        try {
            long now = now();
            for (Iterator<Row> all = rows.values().iterator(); all.hasNext(); ) {
                Row row = all.next();
                if (!row.isAlive(now)) {
                    all.remove();
                    changes++;
                    unlink(row.entry());
                    store.remove(row.entry().id().toString());
                }
            }
        } finally {
            lock.unlock();
        }
    }

    Optional<TransportEntry> byId(UUID id) {
        lock.lock();
        try {
            return Optional.ofNullable(rows.get(id))
                    .filter(row -> row.isAlive(now()))
                    .map(Row::entry);
        } finally {
            lock.unlock();
        }
    }

    List<TransportEntry> byEdge(PublicKey edge) {
        lock.lock();
        try {
            return alive(
                    byEdge.getOrDefault(edge, Set.of()).stream().map(rows::get).toList());
        } finally {
            lock.unlock();
        }
    }

    List<TransportEntry> all() {
        lock.lock();
        try {
            return alive(rows.values());
        } finally {
            lock.unlock();
        }
    }

    private List<TransportEntry> alive(Iterable<Row> some) {
        long now = now();
        List<TransportEntry> entries = new ArrayList<>();
        for (Row row : some) {
            if (row.isAlive(now)) {
                entries.add(row.entry());
            }
        }
        return entries;
    }

    /** Another number after each change. */
    long changes() {
        return changes;
    }

    int size() {
        lock.lock();
        try {
            return rows.size();
        } finally {
            lock.unlock();
        }
    }
}
