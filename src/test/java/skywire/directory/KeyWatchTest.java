package skywire.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import skywire.entry.DmsgEntry;
import skywire.entry.ServerInfo;
import skywire.key.SecretKey;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.testkit.FixedTime;

/** What is a sign of another process with our key, and what is none. */
class KeyWatchTest {
    private static final String HERE = "10.0.0.1:8080";
    private static final String THERE = "10.0.0.2:8080";

    private final FixedTime time = new FixedTime(Instant.parse("2026-01-01T00:00:00Z"));
    private final SecretKey key = SecretKey.generate(time.random());
    private final FixedDirectory discovery = new FixedDirectory();
    private final EntryPublisher publisher = new EntryPublisher(time, discovery, key);

    private DmsgEntry server(String address) {
        return DmsgEntry.server(key.publicKey(), ServerInfo.of(address, 10, ""));
    }

    private DmsgEntry publish(EntryPublisher by, String address) throws Exception {
        time.pass(Duration.ofSeconds(30));
        return by.publish(server(address), Deadline.NEVER);
    }

    private EntryPublisher another() {
        return new EntryPublisher(time, discovery, key);
    }

    @Test
    void twoThatOverwriteEachOtherAreNoticedByBothAndStopFighting() throws Exception {
        EntryPublisher other = another();
        for (int i = 0; i < 3; i++) {
            publish(publisher, HERE);
            publish(other, THERE);
        }
        assertEquals(
                "our key is in use by another process too: a dmsg server at " + THERE,
                publisher.clash().orElseThrow().text());
        assertTrue(other.clash().orElseThrow().other().contains(HERE));
        String stored = stored();
        for (int i = 0; i < 4; i++) {
            assertEquals(stored, publish(publisher, HERE).signature());
            publish(other, THERE);
            stored = stored();
            assertTrue(address().equals(THERE));
        }
    }

    private String stored() {
        return discovery.entry(key.publicKey(), Deadline.NEVER).orElseThrow().signature();
    }

    private String address() {
        return discovery
                .entry(key.publicKey(), Deadline.NEVER)
                .orElseThrow()
                .server()
                .orElseThrow()
                .address();
    }

    @Test
    void afterAPauseItTriesAgainAndWhenTheOtherIsGoneAtOnce() throws Exception {
        EntryPublisher other = another();
        for (int i = 0; i < 3; i++) {
            publish(publisher, HERE);
            publish(other, THERE);
        }
        publish(publisher, HERE);
        assertEquals(THERE, address());
        time.pass(KeyWatch.FIRST_PAUSE);
        publish(publisher, HERE);
        assertEquals(HERE, address());
        publish(other, THERE);
        time.pass(KeyWatch.FIRST_PAUSE);
        publish(publisher, HERE);
        assertEquals(THERE, address(), "the second pause is longer");
        discovery.delete(server(THERE), Deadline.NEVER);
        publish(publisher, HERE);
        assertEquals(HERE, address());
        time.pass(KeyWatch.WINDOW);
        assertEquals(Optional.empty(), publisher.clash(), "it is over when nothing came for long");
    }

    @Test
    void aRestartIsQuiet() throws Exception {
        publish(publisher, HERE);
        EntryPublisher again = another();
        publish(again, THERE);
        publish(again, THERE);
        assertEquals(Optional.empty(), again.clash());
        assertEquals(THERE, address());
    }

    /** Its last update may reach the discovery after the first of the new run. */
    @Test
    void theLastWordOfAnEarlierRunIsNoClash() throws Exception {
        EntryPublisher again = another();
        publish(again, THERE);
        publish(publisher, HERE);
        publish(again, THERE);
        publish(again, THERE);
        assertEquals(Optional.empty(), again.clash());
        assertEquals(THERE, address());
    }

    /** A discovery that was put back to an earlier state has statements from before our start, or our own. */
    @Test
    void aDiscoveryThatLostItsMemoryIsNoClash() throws Exception {
        DmsgEntry old = publish(publisher, HERE);
        EntryPublisher again = another();
        DmsgEntry first = publish(again, HERE);
        for (int i = 0; i < 4; i++) {
            publish(again, HERE);
            discovery.put(i % 2 == 0 ? old : first);
        }
        assertEquals(Optional.empty(), again.clash());
    }

    @Test
    void aRewrittenServerTypeIsNoClash() throws Exception {
        for (int i = 0; i < 5; i++) {
            discovery.put(publish(publisher, HERE).rewriteServerType("community"));
        }
        assertEquals(Optional.empty(), publisher.clash());
    }

    /** The update was stored but its answer was lost: what is found then is ours. */
    @Test
    void anUpdateWhoseAnswerWasLostIsNoClash() throws Exception {
        var lossy = new Lossy();
        var loser = new EntryPublisher(time, lossy, key);
        for (int i = 0; i < 5; i++) {
            time.pass(Duration.ofSeconds(30));
            try {
                loser.publish(server(HERE), Deadline.NEVER);
            } catch (Failure e) {
                assertEquals(Failure.Kind.TIMEOUT, e.kind());
            }
        }
        assertEquals(
                4,
                discovery.entry(key.publicKey(), Deadline.NEVER).orElseThrow().sequence());
        assertEquals(Optional.empty(), loser.clash());
    }

    private final class Lossy implements DmsgDirectory {
        @Override
        public Optional<DmsgEntry> entry(skywire.key.PublicKey of, Deadline deadline) {
            return discovery.entry(of, deadline);
        }

        @Override
        public void publish(DmsgEntry entry, Deadline deadline) throws Failure {
            discovery.publish(entry, deadline);
            throw Failure.timeout("the answer");
        }

        @Override
        public void delete(DmsgEntry entry, Deadline deadline) {
            discovery.delete(entry, deadline);
        }

        @Override
        public List<DmsgEntry> availableServers(Deadline deadline) {
            return List.of();
        }

        @Override
        public List<DmsgEntry> allServers(Deadline deadline) {
            return List.of();
        }
    }

    @Test
    void clientsAreToldApartByTheirServers() throws Exception {
        var here = SecretKey.generate(time.random()).publicKey();
        var there = SecretKey.generate(time.random()).publicKey();
        EntryPublisher other = another();
        for (int i = 0; i < 3; i++) {
            time.pass(Duration.ofSeconds(1));
            publisher.publish(DmsgEntry.client(key.publicKey(), List.of(here), ""), Deadline.NEVER);
            time.pass(Duration.ofSeconds(1));
            other.publish(DmsgEntry.client(key.publicKey(), List.of(there), ""), Deadline.NEVER);
        }
        assertEquals(
                "a client on the dmsg servers " + there.brief(),
                publisher.clash().orElseThrow().other());
    }

    @Test
    void remembersNoMoreOfItsOwnStatementsThanItsLimit() {
        var watch = new KeyWatch(time, new KeyAlarm(time, key.publicKey()));
        DmsgEntry first = server(HERE).with(0, time.unixNanos() + 1).sign(key);
        watch.saw(Optional.empty(), first);
        watch.signed(first);
        for (int i = 1; i < KeyWatch.REMEMBERED; i++) {
            watch.signed(server(HERE).with(i, time.unixNanos() + 1).sign(key));
        }
        watch.saw(Optional.of(first), first);
        assertTrue(watch.mayPublish(Optional.of(first)));
        DmsgEntry last = server(HERE).with(99, time.unixNanos() + 1).sign(key);
        watch.signed(last);
        watch.saw(Optional.of(first), first); // forgotten by now: counts as foreign, once
        assertFalse(watch.clash().isPresent());
        watch.saw(Optional.of(server(HERE).with(100, time.unixNanos() + 1).sign(key)), first);
        assertTrue(watch.clash().isPresent());
    }
}
