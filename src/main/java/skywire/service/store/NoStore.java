package skywire.service.store;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import skywire.platform.Deadline;

/** Keeps nothing. */
final class NoStore implements Store {
    static final NoStore INSTANCE = new NoStore();

    private NoStore() {}

    @Override
    public Map<String, String> load() {
        return new TreeMap<>();
    }

    @Override
    public void put(String key, String value) {}

    @Override
    public void remove(String key) {}

    @Override
    public boolean flush(Deadline deadline) {
        return true;
    }

    @Override
    public Optional<String> trouble() {
        return Optional.empty();
    }

    @Override
    public void close() {}
}
