package skywire.dmsg.server;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import skywire.directory.DmsgDirectory;
import skywire.directory.SeededDirectory;
import skywire.entry.DmsgEntry;
import skywire.entry.ServerInfo;
import skywire.http.Dialer;
import skywire.key.PublicKey;
import skywire.platform.Deadline;
import skywire.platform.HostPort;
import skywire.platform.Platform;

/**
 * What a server's own client knows (dmsg §10): this server, the servers it is configured with, and those that the
 * discoveries of all its deployments list, which are asked over that client. It publishes nothing: the server does that,
 * at each {@link #discovery} by itself. Thread-safe.
 */
final class TransitDirectory implements DmsgDirectory {
    private final Platform platform;
    private final DmsgEntry own;
    private final Map<PublicKey, DmsgEntry> configured = new LinkedHashMap<>(); // not changed after construction
    private final List<Registration> registrations;
    private final Consumer<Collection<PublicKey>> listed;
    private final Map<Registration, SeededDirectory> discoveries = new LinkedHashMap<>(); // filled once, by over
    private final AtomicBoolean begun = new AtomicBoolean();

    /**
     * Of these servers and discoveries.
     *
     * @param own this server, at an address that leads to it from here
     * @param listed told which servers the discoveries list, each time they are asked
     */
    TransitDirectory(
            Platform platform,
            DmsgEntry own,
            Map<PublicKey, HostPort> peers,
            List<Registration> registrations,
            Consumer<Collection<PublicKey>> listed) {
        this.platform = platform;
        this.own = own;
        this.registrations = List.copyOf(registrations);
        this.listed = listed;
        peers.forEach((key, at) -> configured.put(key, DmsgEntry.server(key, ServerInfo.of(at.toString(), 1, ""))));
    }

    /** Reaches the discoveries by this dialer; to be called once, before anything is asked. */
    DmsgDirectory over(Dialer dmsg) {
        for (Registration registration : registrations) {
            List<DmsgEntry> seeds = new ArrayList<>();
            seeds.add(own);
            seeds.addAll(configured.values());
            seeds.addAll(registration.servers());
            discoveries.put(
                    registration, SeededDirectory.over(platform, own.key(), seeds, registration.discovery(), dmsg));
        }
        return this;
    }

    /** The discovery of that deployment, for publishing there. */
    DmsgDirectory discovery(Registration registration) {
        return discoveries.get(registration);
    }

    @Override
    public Optional<DmsgEntry> entry(PublicKey key, Deadline deadline) throws IOException {
        if (key.equals(own.key())) {
            return Optional.of(own); // never asked for: the way to the discovery may lead through us
        }
        IOException failure = null;
        for (SeededDirectory discovery : discoveries.values()) {
            try {
                Optional<DmsgEntry> found = discovery.entry(key, deadline);
                if (found.isPresent()) {
                    return found;
                }
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
        return Optional.ofNullable(configured.get(key));
    }

    @Override
    public void publish(DmsgEntry entry, Deadline deadline) {
        throw new IllegalStateException("the client of a server is not published");
    }

    @Override
    public void delete(DmsgEntry entry, Deadline deadline) {
        throw new IllegalStateException("the client of a server is not published");
    }

    @Override
    public List<DmsgEntry> availableServers(Deadline deadline) throws IOException {
        return allServers(deadline);
    }

    /**
     * Those of all deployments; a key that is listed twice, with both addresses. Our own is where we know it to be. The
     * first time nobody is asked: the way to the discoveries leads over those that are known beforehand.
     */
    @Override
    public List<DmsgEntry> allServers(Deadline deadline) throws IOException {
        boolean ask = !begun.compareAndSet(false, true);
        Map<List<Object>, DmsgEntry> servers = new LinkedHashMap<>();
        servers.put(List.of(own.key()), own);
        configured.values().forEach(server -> add(servers, server));
        for (Map.Entry<Registration, SeededDirectory> e : discoveries.entrySet()) {
            List<DmsgEntry> its =
                    ask ? e.getValue().allServers(deadline) : e.getKey().servers();
            its.forEach(server -> add(servers, server));
        }
        listed.accept(servers.values().stream().map(DmsgEntry::key).toList());
        return new ArrayList<>(servers.values());
    }

    private void add(Map<List<Object>, DmsgEntry> servers, DmsgEntry server) {
        if (!server.key().equals(own.key()) && server.server().isPresent()) {
            servers.putIfAbsent(List.of(server.key(), server.server().get().address()), server);
        }
    }
}
