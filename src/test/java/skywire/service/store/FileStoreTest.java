package skywire.service.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Platform;

class FileStoreTest {
    private static final Platform PLATFORM = Platform.system();

    @TempDir
    private Path dir;

    private static Deadline soon() {
        return PLATFORM.clock().in(Duration.ofSeconds(10));
    }

    private FileStore open(String name) throws IOException {
        return FileStore.open(PLATFORM, dir.resolve(name));
    }

    @Test
    void rowsSurviveAClose() throws IOException {
        try (Store store = open("a")) {
            assertEquals(Map.of(), store.load());
            store.put("k1", "v1");
            store.put("k2", "v2");
            store.put("k1", "v1b");
            store.remove("k2");
            store.put("k3", "v3");
        }
        try (Store store = open("a")) {
            assertEquals(Map.of("k1", "v1b", "k3", "v3"), store.load());
        }
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.resolve("a"))));
    }

    /** A copy of the file at that moment is what a killed process would leave behind. */
    @Test
    void whatWasFlushedSurvivesAKill() throws IOException {
        try (Store store = open("a")) {
            for (int i = 0; i < 50; i++) {
                store.put("k" + i, "v".repeat(i));
                assertTrue(store.flush(soon()));
                if (i % 10 == 9) {
                    Files.copy(dir.resolve("a"), dir.resolve("copy" + i));
                    try (Store copy = open("copy" + i)) {
                        assertEquals(i + 1, copy.load().size());
                    }
                }
            }
        }
    }

    @Test
    void aDamagedFileIsRefusedWithOneClearSentence() throws IOException {
        Files.write(
                dir.resolve("bad"),
                "this is not a store, but it is long enough ".repeat(500).getBytes());
        Failure failure = assertThrows(Failure.class, () -> open("bad"));
        assertTrue(
                failure.getMessage().startsWith("store " + dir.resolve("bad") + ": it is damaged"),
                failure.getMessage());
    }

    @Test
    void aTruncatedFileOpensWithAnEarlierStateOrIsRefusedClearly() throws IOException {
        try (Store store = open("a")) {
            for (int i = 0; i < 200; i++) {
                store.put("k" + i, "v".repeat(200));
                assertTrue(store.flush(soon()));
            }
        }
        byte[] whole = Files.readAllBytes(dir.resolve("a"));
        for (int percent = 1; percent < 100; percent += 7) {
            Path cut = dir.resolve("cut" + percent);
            Files.write(cut, Arrays.copyOf(whole, (int) (whole.length * (long) percent / 100)));
            try (Store store = FileStore.open(PLATFORM, cut)) {
                assertTrue(store.load().size() <= 200);
            } catch (Failure e) {
                assertTrue(e.getMessage().startsWith("store " + cut + ": it is damaged; "), e.getMessage());
            }
        }
    }

    @Test
    void aFileInUseIsRefused() throws IOException {
        try (Store first = open("a")) {
            Failure failure = assertThrows(Failure.class, () -> open("a"));
            assertTrue(failure.getMessage().endsWith("another process is using it"), failure.getMessage());
            assertEquals(Map.of(), first.load());
        }
    }

    @Test
    void aFullDiskIsToldAndTheServiceGoesOn() throws IOException {
        Path full = Path.of("/dev/full");
        if (!Files.exists(full)) {
            return;
        }
        Files.createSymbolicLink(dir.resolve("full"), full);
        Failure failure = assertThrows(Failure.class, () -> open("full"));
        assertTrue(failure.getMessage().startsWith("store " + dir.resolve("full") + ": "), failure.getMessage());
    }

    @Test
    void manyWritersShareCommits() throws Exception {
        try (Store store = open("a")) {
            Thread[] writers = new Thread[8];
            for (int w = 0; w < writers.length; w++) {
                int id = w;
                writers[w] = PLATFORM.start("writer " + w, () -> {
                    for (int i = 0; i < 50; i++) {
                        store.put(id + "/" + i, "v");
                        assertTrue(store.flush(soon()));
                    }
                });
            }
            for (Thread writer : writers) {
                writer.join();
            }
        }
        try (Store store = open("a")) {
            assertEquals(400, store.load().size());
        }
    }
}
