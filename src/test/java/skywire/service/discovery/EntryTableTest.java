package skywire.service.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import skywire.entry.DmsgEntry;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.service.discovery.EntryTable.Outcome;
import skywire.service.store.Store;
import skywire.testkit.FixedTime;

class EntryTableTest {
    private final FixedTime time = new FixedTime(Instant.ofEpochSecond(1_700_000_000));

    private static PublicKey key(int i) {
        return SecretKey.fromSeed(("client " + i).getBytes(StandardCharsets.UTF_8))
                .publicKey();
    }

    private Outcome put(EntryTable table, int client, int servers, long sequence) {
        List<PublicKey> delegated = new ArrayList<>();
        for (int i = 0; i < servers; i++) {
            delegated.add(key(1000 + i));
        }
        DmsgEntry entry = DmsgEntry.client(key(client), delegated, "")
                .with(sequence, time.clock().unixNanos());
        return table.put(entry, Duration.ZERO);
    }

    @Test
    void hasRoomForSoManyKeys() {
        var table = new EntryTable(time, Store.none(), 2);
        assertInstanceOf(Outcome.Stored.class, put(table, 1, 0, 0));
        assertInstanceOf(Outcome.Stored.class, put(table, 2, 0, 0));
        assertInstanceOf(Outcome.Full.class, put(table, 3, 0, 0));
        assertInstanceOf(Outcome.Stored.class, put(table, 2, 0, 1), "a key that is there may go on");
        table.remove(key(1));
        assertInstanceOf(Outcome.Stored.class, put(table, 3, 0, 0));
    }

    /** A few keys with entries of the greatest length must not take the memory of many. */
    @Test
    void hasRoomForSoManyBytes() {
        var table = new EntryTable(time, Store.none(), 3);
        assertInstanceOf(Outcome.Stored.class, put(table, 1, 30, 0));
        assertInstanceOf(Outcome.Full.class, put(table, 2, 30, 0));
        assertInstanceOf(Outcome.Stored.class, put(table, 2, 1, 0));
        assertInstanceOf(Outcome.Full.class, put(table, 2, 30, 1), "nor may it grow into that");
        assertInstanceOf(Outcome.Stored.class, put(table, 1, 1, 1));
        assertInstanceOf(Outcome.Stored.class, put(table, 2, 30, 1), "what was given back is there again");
        table.remove(key(1));
        table.remove(key(2));
        assertInstanceOf(Outcome.Stored.class, put(table, 3, 30, 0));
        assertEquals(1, table.size());
    }
}
