package skywire.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import skywire.entry.DmsgEntry;
import skywire.entry.ServerInfo;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Platform;

/** What is known beforehand, what the discovery is asked, and what is left when it does not answer. */
class SeededDirectoryTest {
    private static final Platform PLATFORM = Platform.system();

    private final PublicKey service = key();
    private final DmsgEntry seed = server(key(), "10.0.0.1:1");
    private final DmsgEntry listed = server(key(), "10.0.0.2:1");
    private final Discovery discovery = new Discovery();
    private final SeededDirectory directory = SeededDirectory.beside(PLATFORM, discovery, List.of(seed));

    private static PublicKey key() {
        return SecretKey.generate(PLATFORM.random()).publicKey();
    }

    private static DmsgEntry server(PublicKey key, String address) {
        return DmsgEntry.server(key, ServerInfo.of(address, 1, ""));
    }

    /** A discovery that can be told to fail, and counts what it is asked. */
    private static final class Discovery implements DmsgDirectory {
        final List<DmsgEntry> servers = new ArrayList<>();
        final List<PublicKey> asked = new ArrayList<>();
        IOException failure; // null while it answers

        private void answer() throws IOException {
            if (failure != null) {
                throw failure;
            }
        }

        @Override
        public Optional<DmsgEntry> entry(PublicKey key, Deadline deadline) throws IOException {
            answer();
            asked.add(key);
            return servers.stream().filter(e -> e.key().equals(key)).findFirst();
        }

        @Override
        public void publish(DmsgEntry entry, Deadline deadline) throws IOException {
            answer();
            servers.add(entry);
        }

        @Override
        public void delete(DmsgEntry entry, Deadline deadline) throws IOException {
            answer();
            servers.removeIf(e -> e.key().equals(entry.key()));
        }

        @Override
        public List<DmsgEntry> availableServers(Deadline deadline) throws IOException {
            return allServers(deadline);
        }

        @Override
        public List<DmsgEntry> allServers(Deadline deadline) throws IOException {
            answer();
            return new ArrayList<>(servers);
        }
    }

    @Test
    void aServiceIsOnAllKnownServers() throws IOException {
        discovery.servers.add(listed);
        directory.addService(service);
        assertEquals(
                List.of(seed.key()),
                directory.entry(service, Deadline.NEVER).orElseThrow().delegatedServers());
        directory.availableServers(Deadline.NEVER);
        assertEquals(
                List.of(listed.key(), seed.key()),
                directory.entry(service, Deadline.NEVER).orElseThrow().delegatedServers());
        assertEquals(List.of(), discovery.asked);
    }

    @Test
    void aServiceMakesItAskForServersWhenItKnowsNone() throws IOException {
        discovery.servers.add(listed);
        var empty = SeededDirectory.beside(PLATFORM, discovery, List.of());
        empty.addService(service);
        assertEquals(
                List.of(listed.key()),
                empty.entry(service, Deadline.NEVER).orElseThrow().delegatedServers());
    }

    @Test
    void othersAreAskedFor() throws IOException {
        DmsgEntry client = DmsgEntry.client(key(), List.of(seed.key()), "");
        discovery.servers.add(client);
        assertEquals(Optional.of(client), directory.entry(client.key(), Deadline.NEVER));
        assertEquals(Optional.empty(), directory.entry(service, Deadline.NEVER));
        assertEquals(Optional.of(seed), directory.entry(seed.key(), Deadline.NEVER));
        assertEquals(List.of(client.key(), service), discovery.asked);
    }

    @Test
    void aLaterAddressReplacesTheSeeds() throws IOException {
        DmsgEntry moved = server(seed.key(), "10.0.0.9:1");
        discovery.servers.add(moved);
        assertEquals(List.of(moved), directory.allServers(Deadline.NEVER));
        assertEquals(Optional.of(moved), directory.entry(seed.key(), Deadline.NEVER));
    }

    @Test
    void withoutTheDiscoveryAllThatWasEverKnownIsTried() throws IOException {
        DmsgEntry moved = server(seed.key(), "10.0.0.9:1");
        discovery.servers.add(moved);
        discovery.servers.add(listed);
        directory.availableServers(Deadline.NEVER);
        discovery.failure = new Failure(Failure.Kind.UNREACHABLE, "down");
        assertEquals(List.of(moved, listed, seed), directory.availableServers(Deadline.NEVER));
        assertEquals(List.of(moved, listed, seed), directory.allServers(Deadline.NEVER));
        assertThrows(Failure.class, () -> directory.entry(service, Deadline.NEVER));
    }

    @Test
    void anEmptyListTeachesNothing() throws IOException {
        discovery.servers.add(listed);
        directory.allServers(Deadline.NEVER);
        discovery.servers.clear();
        assertEquals(List.of(seed), directory.allServers(Deadline.NEVER));
        assertEquals(Optional.of(listed), directory.entry(listed.key(), Deadline.NEVER));
    }

    @Test
    void whoKnowsNothingIsToldTheReason() {
        discovery.failure = new Failure(Failure.Kind.UNREACHABLE, "down");
        var empty = SeededDirectory.beside(PLATFORM, discovery, List.of());
        assertThrows(Failure.class, () -> empty.allServers(Deadline.NEVER));
    }

    @Test
    void anEndIsNotTakenForASilentDiscovery() {
        discovery.failure = new Failure(Failure.Kind.CANCELLED, "the end");
        assertThrows(Failure.class, () -> directory.allServers(Deadline.NEVER));
    }

    @Test
    void remembersNoMoreThanItsLimit() throws IOException {
        for (int i = 0; i < SeededDirectory.MOST; i++) {
            discovery.servers.add(server(key(), "10.0.0.2:1"));
        }
        discovery.servers.add(listed);
        assertEquals(
                SeededDirectory.MOST + 2, directory.allServers(Deadline.NEVER).size());
        directory.addService(service);
        assertEquals(
                SeededDirectory.MOST + 1,
                directory
                        .entry(service, Deadline.NEVER)
                        .orElseThrow()
                        .delegatedServers()
                        .size());
        directory.entry(listed.key(), Deadline.NEVER);
        assertEquals(List.of(listed.key()), discovery.asked);
    }

    /** A discovery over the own dmsg cannot be asked before there is a session. */
    @Test
    void overDmsgTheSeedsComeFirstWithoutADial() throws IOException {
        List<String> dialled = new ArrayList<>();
        PublicKey own = key();
        var over = SeededDirectory.over(
                PLATFORM, own, List.of(seed, server(own, "10.0.0.3:1")), service, (to, deadline) -> {
                    dialled.add(to.toString());
                    throw new Failure(Failure.Kind.UNREACHABLE, "no way");
                });
        assertEquals(2, over.availableServers(Deadline.NEVER).size());
        assertEquals(
                List.of(seed.key(), own),
                over.entry(service, Deadline.NEVER).orElseThrow().delegatedServers());
        assertEquals(List.of(), dialled);
        assertEquals(2, over.availableServers(Deadline.NEVER).size());
        assertEquals(List.of(service.hex() + ":80"), dialled);
        assertThrows(Failure.class, () -> over.entry(own, Deadline.NEVER)); // only the discovery knows what it has
    }
}
