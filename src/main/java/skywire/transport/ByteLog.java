package skywire.transport;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import skywire.bytes.MalformedException;
import skywire.entry.TransportId;
import skywire.limit.LogLimit;
import skywire.platform.Failure;
import skywire.platform.Platform;
import skywire.platform.Scope;

/**
 * Writes down how many payload bytes each transport has carried, one file of comma-separated values per UTC day
 * (transport §7): {@code tp_id,recv,sent,time_stamp}. A day's file is replaced as a whole at most every 3 s; a restart
 * goes on with its numbers. Files that are too old are removed. Trouble with the disk is logged and costs nothing else.
 * Thread-safe.
 */
public final class ByteLog implements Closeable {
    private static final System.Logger LOG = System.getLogger(ByteLog.class.getName());
    private static final Duration PERIOD = Duration.ofSeconds(3);
    private static final int PERIODS_PER_CLEANING = 6_000; // five hours
    private static final int MOST_ROWS = 100_000;
    private static final String HEADER = "tp_id,recv,sent,time_stamp";
    private static final String SUFFIX = ".csv";

    private final Platform platform;
    private final TransportSet transports;
    private final Path folder;
    private final Duration keep;
    private final Scope scope;
    private final LogLimit troubles;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<UUID, Row> rows = new LinkedHashMap<>(); // guarded by lock; of the day
    private final Map<Transport, Row> counted = new IdentityHashMap<>(); // guarded by lock; what is in the rows
    private LocalDate day; // guarded by lock

    private record Row(long received, long sent, long unixSeconds) {}

    private ByteLog(Platform platform, TransportSet transports, Path folder, Duration keep) {
        this.platform = platform;
        this.transports = transports;
        this.folder = folder;
        this.keep = keep;
        this.scope = new Scope(platform, "byte-log");
        this.troubles = new LogLimit(platform.clock(), LOG);
        this.day = today();
    }

    /**
     * Starts writing into this folder, which exists.
     *
     * @param keep age at which a day's file is removed
     */
    public static ByteLog start(Platform platform, TransportSet transports, Path folder, Duration keep)
            throws IOException {
        var log = new ByteLog(platform, transports, folder, keep);
        log.load();
        log.scope.fork("writer", log::run);
        return log;
    }

    private void run() throws IOException {
        for (int n = 0; ; n++) {
            if (n % PERIODS_PER_CLEANING == 0) {
                clean();
            }
            platform.clock().sleep(PERIOD);
            write();
        }
    }

    private LocalDate today() {
        return LocalDate.ofInstant(platform.clock().now(), ZoneOffset.UTC);
    }

    private Path file(LocalDate of) {
        return folder.resolve(of + SUFFIX);
    }

    // ---- counting

    /** Brings the rows up to date; what is to be written, null if nothing has changed. */
    private String count(LocalDate now) {
        List<Transport> live = transports.list();
        lock.lock();
        try {
            boolean changed = false;
            if (!now.equals(day)) {
                day = now;
                rows.clear();
            }
            List<Transport> known = new ArrayList<>(counted.keySet());
            for (Transport t : live) {
                changed |= add(t);
            }
            for (Transport t : known) {
                if (t.isClosed()) {
                    changed |= add(t); // what it carried in its last seconds
                    counted.remove(t);
                }
            }
            return changed ? text() : null;
        } finally {
            lock.unlock();
        }
    }

    private boolean add(Transport t) {
        Row before = counted.getOrDefault(t, new Row(0, 0, 0));
        var now =
                new Row(t.receivedBytes(), t.sentBytes(), platform.clock().now().getEpochSecond());
        if (now.received == before.received && now.sent == before.sent && rows.containsKey(t.id())) {
            return false;
        }
        if (!rows.containsKey(t.id()) && rows.size() >= MOST_ROWS) {
            return false;
        }
        Row sum = rows.getOrDefault(t.id(), new Row(0, 0, 0));
        rows.put(
                t.id(),
                new Row(
                        sum.received + now.received - before.received,
                        sum.sent + now.sent - before.sent,
                        now.unixSeconds));
        counted.put(t, now);
        return true;
    }

    private String text() {
        var text = new StringBuilder(HEADER).append('\n');
        rows.forEach((id, row) -> text.append(id)
                .append(',')
                .append(row.received)
                .append(',')
                .append(row.sent)
                .append(',')
                .append(row.unixSeconds)
                .append('\n'));
        return text.toString();
    }

    // ---- the disk

    private void write() {
        LocalDate now = today();
        String text = count(now);
        if (text == null) {
            return;
        }
        try {
            Path draft = folder.resolve("." + now + SUFFIX);
            Files.writeString(draft, text);
            Files.move(draft, file(now), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            trouble("cannot write", e);
        }
    }

    private void trouble(String what, IOException e) {
        troubles.log(System.Logger.Level.WARNING, "byte log in " + folder + ": " + what + ": " + Failure.text(e));
    }

    /** Goes on with the numbers of today's file; lines that are none are left out. */
    private void load() {
        Path file = file(day);
        if (!Files.exists(file)) {
            return;
        }
        String text;
        try {
            text = Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            trouble("cannot read " + file.getFileName(), e);
            return;
        }
        lock.lock();
        try {
            text.lines().map(line -> line.split(",")).filter(ByteLog::isRow).forEach(this::loadRow);
        } finally {
            lock.unlock();
        }
    }

    private static boolean isRow(String[] field) {
        return field.length == 4
                && field[1].matches("\\d{1,18}")
                && field[2].matches("\\d{1,18}")
                && field[3].matches("\\d{1,12}");
    }

    private void loadRow(String[] field) {
        try {
            UUID id = TransportId.parse(field[0]);
            if (rows.size() < MOST_ROWS) {
                rows.put(id, new Row(Long.parseLong(field[1]), Long.parseLong(field[2]), Long.parseLong(field[3])));
            }
        } catch (MalformedException e) {
            LOG.log(System.Logger.Level.DEBUG, "a line of the byte log names no transport", e);
        }
    }

    private void clean() {
        Instant oldest = platform.clock().now().minus(keep);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (Path file : files) {
                if (isOlder(file, oldest)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            trouble("cannot clean", e);
        }
    }

    private static boolean isOlder(Path file, Instant oldest) {
        String name = file.getFileName().toString();
        try {
            LocalDate of = LocalDate.parse(name.substring(0, name.length() - SUFFIX.length()));
            return of.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant().isBefore(oldest);
        } catch (DateTimeParseException e) {
            return false; // not one of ours
        }
    }

    /** Stops, and writes what has been counted since the last time. */
    @Override
    public void close() {
        if (!scope.isClosed()) {
            scope.close();
            write();
        }
    }
}
