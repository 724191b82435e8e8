package skywire.service.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import skywire.entry.DmsgEntry;
import skywire.entry.ServerInfo;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.testkit.FixedTime;

/** Which servers count as one key on two machines. */
class AddressChangesTest {
    private static final String HERE = "10.0.0.1:8080";
    private static final String THERE = "10.0.0.2:8080";

    private final FixedTime time = new FixedTime(Instant.parse("2026-01-01T00:00:00Z"));
    private final PublicKey key = SecretKey.generate(time.random()).publicKey();
    private final AddressChanges changes = new AddressChanges(time);
    private DmsgEntry last = at(HERE);

    private DmsgEntry at(String address) {
        return DmsgEntry.server(key, ServerInfo.of(address, 1, ""));
    }

    private void moveTo(String address) {
        DmsgEntry next = at(address);
        changes.changed(last, next);
        last = next;
    }

    @Test
    void threeReturnsAreTooMany() {
        moveTo(THERE);
        moveTo(HERE);
        moveTo(THERE);
        assertEquals(List.of(), changes.alternating());
        moveTo(HERE);
        assertEquals(3, changes.returns());
        assertEquals(
                List.of("dmsg server " + key + " announces itself from " + THERE + " and " + HERE
                        + " in turn: one key on two machines"),
                changes.alternating());
    }

    @Test
    void anHourLaterTheyAreForgotten() {
        for (int i = 0; i < 3; i++) {
            moveTo(THERE);
            moveTo(HERE);
        }
        assertEquals(1, changes.alternating().size());
        time.pass(AddressChanges.WINDOW);
        assertEquals(List.of(), changes.alternating());
        assertEquals(5, changes.returns());
    }

    @Test
    void slowReturnsAreNone() {
        for (int i = 0; i < 6; i++) {
            moveTo(i % 2 == 0 ? THERE : HERE);
            time.pass(Duration.ofMinutes(29));
        }
        assertEquals(List.of(), changes.alternating());
    }

    @Test
    void aServerThatMovesOnIsNone() {
        for (int i = 0; i < 20; i++) {
            moveTo("10.0.1." + i + ":8080");
            moveTo("10.0.1." + i + ":8080");
        }
        assertEquals(List.of(), changes.alternating());
        assertEquals(0, changes.returns());
    }

    @Test
    void clientsAreNotWatched() {
        DmsgEntry client = DmsgEntry.client(key, List.of(), "");
        for (int i = 0; i < 20; i++) {
            changes.changed(client, at(HERE));
            changes.changed(at(HERE), client);
        }
        assertEquals(0, changes.returns());
    }

    @Test
    void watchesNoMoreServersThanItsLimit() {
        for (int i = 0; i < 3; i++) {
            moveTo(THERE);
            moveTo(HERE);
        }
        for (int i = 0; i < AddressChanges.WATCHED; i++) {
            assertTrue(changes.alternating().size() == 1);
            PublicKey other = SecretKey.generate(time.random()).publicKey();
            changes.changed(
                    DmsgEntry.server(other, ServerInfo.of(HERE, 1, "")),
                    DmsgEntry.server(other, ServerInfo.of(THERE, 1, "")));
        }
        assertEquals(List.of(), changes.alternating());
    }
}
