package skywire.sim;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import skywire.directory.TransportDirectory;
import skywire.entry.SignedTransportEntry;
import skywire.entry.TransportEntry;
import skywire.key.PublicKey;
import skywire.platform.Deadline;

/** A transport directory in memory, shared by the visors of a scenario. Simulated threads only. */
final class SharedTransports implements TransportDirectory {
    private final Map<UUID, TransportEntry> entries = new LinkedHashMap<>();

    @Override
    public void register(List<SignedTransportEntry> all, Deadline deadline) {
        all.forEach(e -> entries.put(e.entry().id(), e.entry()));
    }

    @Override
    public void delete(UUID id, Deadline deadline) {
        entries.remove(id);
    }

    @Override
    public Optional<TransportEntry> byId(UUID id, Deadline deadline) {
        return Optional.ofNullable(entries.get(id));
    }

    @Override
    public List<TransportEntry> byEdge(PublicKey edge, Deadline deadline) {
        return entries.values().stream()
                .filter(e -> e.low().equals(edge) || e.high().equals(edge))
                .toList();
    }

    @Override
    public List<TransportEntry> all(Deadline deadline) {
        return List.copyOf(entries.values());
    }
}
