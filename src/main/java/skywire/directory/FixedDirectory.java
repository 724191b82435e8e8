package skywire.directory;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import skywire.entry.DmsgEntry;
import skywire.entry.ServerInfo;
import skywire.key.PublicKey;
import skywire.platform.Deadline;

/**
 * A directory that is a table in memory (dmsg §10): known servers, and clients that are taken to be on every one of
 * them. It is how services are reached that publish nothing of themselves. Publishing and deleting change the table
 * only; nothing is verified. Thread-safe.
 */
public final class FixedDirectory implements DmsgDirectory {
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<PublicKey, DmsgEntry> entries = new LinkedHashMap<>(); // guarded by lock
    private final Set<PublicKey> everywhere = new LinkedHashSet<>(); // guarded by lock

    /** An empty table. */
    public FixedDirectory() {}

    /** A table with these servers, and with these clients on all servers. */
    public FixedDirectory(Collection<DmsgEntry> servers, Collection<PublicKey> clients) {
        servers.forEach(this::put);
        clients.forEach(this::addClient);
    }

    /** Adds or replaces an entry. */
    public void put(DmsgEntry entry) {
        lock.lock();
        try {
            entries.put(entry.key(), entry);
        } finally {
            lock.unlock();
        }
    }

    /** Adds a server by its address. */
    public void addServer(PublicKey key, String address) {
        put(DmsgEntry.server(key, ServerInfo.of(address, 1, "")));
    }

    /** Adds a client that is on every server of the table, also on those added later. */
    public void addClient(PublicKey key) {
        lock.lock();
        try {
            everywhere.add(key);
        } finally {
            lock.unlock();
        }
    }

    /** A key that is a server and also a client on all servers gets both parts. */
    @Override
    public Optional<DmsgEntry> entry(PublicKey key, Deadline deadline) {
        lock.lock();
        try {
            DmsgEntry known = entries.get(key);
            if (!everywhere.contains(key) || known != null && known.isClient()) {
                return Optional.ofNullable(known);
            }
            List<PublicKey> servers =
                    serversLocked().stream().map(DmsgEntry::key).toList();
            return Optional.of(
                    known == null ? DmsgEntry.client(key, servers, "") : known.withDelegatedServers(servers));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void publish(DmsgEntry entry, Deadline deadline) {
        put(entry);
    }

    @Override
    public void delete(DmsgEntry entry, Deadline deadline) {
        lock.lock();
        try {
            entries.remove(entry.key());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public List<DmsgEntry> availableServers(Deadline deadline) {
        return allServers(deadline);
    }

    @Override
    public List<DmsgEntry> allServers(Deadline deadline) {
        lock.lock();
        try {
            return serversLocked();
        } finally {
            lock.unlock();
        }
    }

    private List<DmsgEntry> serversLocked() {
        List<DmsgEntry> servers = new ArrayList<>();
        for (DmsgEntry entry : entries.values()) {
            if (entry.server().isPresent()) {
                servers.add(entry);
            }
        }
        return servers;
    }
}
