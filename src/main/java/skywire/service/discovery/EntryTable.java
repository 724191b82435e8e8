package skywire.service.discovery;

import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import skywire.bytes.MalformedException;
import skywire.entry.DmsgEntry;
import skywire.entry.EntryRules;
import skywire.entry.ServerInfo;
import skywire.json.Json;
import skywire.key.PublicKey;
import skywire.platform.Platform;
import skywire.service.store.Store;

/**
 * The entries of a discovery with their life times (discovery §1.5, §3, §7). All in memory; every change is noted in
 * the store as well. Thread-safe.
 */
final class EntryTable {
    /** Servers looked at for one list of available ones. */
    static final int SAMPLE = 512;

    /** What an entry takes on average at most: all together have room for that times their greatest number. */
    static final int USUAL_BYTES = 1024;

    private static final System.Logger LOG = System.getLogger(EntryTable.class.getName());

    private final Platform platform;
    private final Store store;
    private final int capacity;
    private final AddressChanges addresses;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<PublicKey, Row> rows = new TreeMap<>(); // guarded by lock
    private long bytes; // guarded by lock; of all entries
    private volatile long changes; // written under the lock

    /**
     * One key.
     *
     * @param entry as it is given out
     * @param bytes its length as JSON
     * @param expires Unix milliseconds, 0 for never
     * @param wasVisor whether an entry of the key ever said it is a visor
     */
    private record Row(DmsgEntry entry, int bytes, long expires, boolean wasVisor) {
        static Row of(DmsgEntry entry, long expires, boolean wasVisor) {
            return new Row(entry, entry.json().length(), expires, wasVisor);
        }

        boolean isAlive(long now) {
            return expires == 0 || now < expires;
        }

        String text() {
            return "{\"expires\":" + expires + ",\"visor\":" + wasVisor + ",\"entry\":" + entry.json() + "}";
        }

        static Row parse(String text) throws MalformedException {
            JsonObject json = Json.object(text);
            DmsgEntry entry = DmsgEntry.parse(Json.object(json.get("entry"), "entry"));
            return of(entry, Json.integer(json, "expires"), Json.bool(json, "visor"));
        }
    }

    /** What became of a new entry. */
    sealed interface Outcome {
        /** It is stored. */
        record Stored(boolean isNew) implements Outcome {}

        /** It breaks a rule. */
        record Broken(String rule) implements Outcome {}

        /** There is no room for another key. */
        record Full() implements Outcome {}
    }

    EntryTable(Platform platform, Store store, int capacity) {
        this.platform = platform;
        this.store = store;
        this.capacity = capacity;
        this.addresses = new AddressChanges(platform.clock());
        store.load().forEach(this::restore);
    }

    private void restore(String key, String text) {
        try {
            Row row = Row.parse(text);
            insert(row);
        } catch (MalformedException e) {
            LOG.log(System.Logger.Level.WARNING, "left out a stored row: " + e.getMessage());
            store.remove(key);
        }
    }

    private long now() {
        return platform.clock().unixMillis();
    }

    Optional<DmsgEntry> get(PublicKey key) {
        lock.lock();
        try {
            return Optional.ofNullable(alive(key)).map(Row::entry);
        } finally {
            lock.unlock();
        }
    }

    private Row alive(PublicKey key) {
        Row row = rows.get(key);
        return row != null && row.isAlive(now()) ? row : null;
    }

    /** Stores a verified entry if it follows the one that is there. */
    Outcome put(DmsgEntry entry, Duration lifetime) {
        Optional<DmsgEntry> replaced = get(entry.key());
        Outcome outcome = store(entry, lifetime);
        if (outcome instanceof Outcome.Stored) {
            replaced.ifPresent(old -> addresses.changed(old, entry));
        }
        return outcome;
    }

    /** Servers that come from two addresses in turn. */
    AddressChanges addresses() {
        return addresses;
    }

    private Outcome store(DmsgEntry entry, Duration lifetime) {
        long expires = lifetime.isZero() ? 0 : now() + lifetime.toMillis();
        lock.lock();
        try {
            Row old = alive(entry.key());
            if (old != null) {
                Optional<String> broken = EntryRules.brokenBy(entry, old.entry);
                if (broken.isPresent()) {
                    return new Outcome.Broken(broken.get());
                }
            }
            boolean visor = entry.clientType().equals(DmsgEntry.VISOR) || old != null && old.wasVisor;
            Row row = Row.of(entry, expires, visor);
            if (!hasRoom(row)) {
                return new Outcome.Full();
            }
            insert(row);
            store.put(entry.key().hex(), row.text());
            return new Outcome.Stored(old == null);
        } finally {
            lock.unlock();
        }
    }

    private boolean hasRoom(Row row) {
        Row there = rows.get(row.entry.key());
        int more = there == null ? 1 : 0;
        long moreBytes = row.bytes - (there == null ? 0 : there.bytes);
        return rows.size() + more <= capacity && bytes + moreBytes <= (long) capacity * USUAL_BYTES;
    }

    private void insert(Row row) {
        Row there = rows.put(row.entry.key(), row);
        bytes += row.bytes - (there == null ? 0 : there.bytes);
        changes++;
    }

    void remove(PublicKey key) {
        lock.lock();
        try {
            Row row = rows.remove(key);
            if (row != null) {
                bytes -= row.bytes;
                changes++;
                store.remove(key.hex());
            }
        } finally {
            lock.unlock();
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
                    bytes -= row.bytes;
                    changes++;
                    store.remove(row.entry.key().hex());
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private List<Row> select(Predicate<Row> wanted) {
        lock.lock();
        try {
            long now = now();
            List<Row> selected = new ArrayList<>();
            for (Row row : rows.values()) {
                if (row.isAlive(now) && wanted.test(row)) {
                    selected.add(row);
                }
            }
            return selected;
        } finally {
            lock.unlock();
        }
    }

    /** Keys with a client part. */
    List<PublicKey> clients() {
        return select(r -> r.entry.isClient()).stream().map(r -> r.entry.key()).toList();
    }

    /** Keys that said they are visors. */
    List<PublicKey> visors() {
        return select(Row::wasVisor).stream().map(r -> r.entry.key()).toList();
    }

    /** Clients that can be reached through each server, for all servers some client names. */
    Map<PublicKey, List<PublicKey>> clientsByServer() {
        Map<PublicKey, List<PublicKey>> byServer = new TreeMap<>();
        for (Row row : select(r -> r.entry.isClient())) {
            for (PublicKey server : row.entry.delegatedServers()) {
                byServer.computeIfAbsent(server, k -> new ArrayList<>()).add(row.entry.key());
            }
        }
        return byServer;
    }

    /** All servers, in random order. */
    List<DmsgEntry> servers() {
        List<DmsgEntry> servers = new ArrayList<>();
        select(r -> r.entry.server().isPresent()).forEach(r -> servers.add(r.entry));
        Collections.shuffle(servers, platform.random());
        return servers;
    }

    /** A sample of the servers that take sessions, those with the most room first. */
    List<DmsgEntry> availableServers() {
        return servers().stream()
                .limit(SAMPLE)
                .filter(e -> room(e) > 0)
                .sorted((a, b) -> Long.compare(room(b), room(a)))
                .toList();
    }

    private static long room(DmsgEntry entry) {
        return entry.server().map(ServerInfo::availableSessions).orElse(0L);
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
