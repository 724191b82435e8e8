package skywire.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skywire.platform.Deadline;
import skywire.platform.Platform;
import skywire.sim.Simulation;
import skywire.testkit.RouteNet;

class ByteLogTest {
    private static final Duration WEEK = Duration.ofDays(7);
    private static final Duration A_WHILE = Duration.ofSeconds(4);

    @TempDir
    Path folder;

    private static Path file(Platform platform, Path folder) {
        return folder.resolve(LocalDate.ofInstant(platform.clock().now(), ZoneOffset.UTC) + ".csv");
    }

    /** The fields of the only row. */
    private static String[] row(Platform platform, Path folder) throws IOException {
        List<String> lines = Files.readAllLines(file(platform, folder));
        assertEquals("tp_id,recv,sent,time_stamp", lines.getFirst());
        assertEquals(2, lines.size(), lines.toString());
        return lines.get(1).split(",");
    }

    private static void send(RouteNet.Ends ends, int bytes) throws IOException {
        ends.dialled().write(new byte[bytes], Deadline.NEVER);
        ends.accepted().readFully(new byte[bytes], 0, bytes, Deadline.NEVER);
    }

    @Test
    void countsGoOnAfterARestartAndBeginAnewWithTheDay() {
        Simulation.run(1, platform -> {
            try (var net = new RouteNet(platform)) {
                List<RouteNet.Node> line = net.line(2);
                TransportSet transports = line.getFirst().transports();
                var log = ByteLog.start(platform, transports, folder, WEEK);
                RouteNet.Ends ends = net.open(line, 5);
                send(ends, 100_000);
                platform.clock().sleep(A_WHILE);
                String[] first = row(platform, folder);
                assertEquals(transports.list().getFirst().id().toString(), first[0]);
                long sent = Long.parseLong(first[2]);
                assertEquals(transports.list().getFirst().sentBytes(), sent);
                assertTrue(sent > 100_000, first[2]);
                assertEquals(platform.clock().now().getEpochSecond(), Long.parseLong(first[3]), 4);
                log.close();

                long atStart = transports.list().getFirst().sentBytes();
                var again = ByteLog.start(platform, transports, folder, WEEK);
                send(ends, 50_000);
                again.close(); // writes what it has counted
                long now = transports.list().getFirst().sentBytes();
                assertTrue(now - atStart >= 50_000);
                // A real restart begins with transports that have carried nothing; these have, and all of it counts.
                assertEquals(sent + now, Long.parseLong(row(platform, folder)[2]));

                var nextDay = ByteLog.start(platform, transports, folder, WEEK);
                platform.clock().sleep(Duration.ofDays(1));
                long atNight = Long.parseLong(row(platform, folder)[2]);
                assertTrue(atNight < 50_000, "a new day begins with nothing: " + atNight);
                nextDay.close();
            }
        });
    }

    @Test
    void aTransportThatEndsIsCountedToItsEnd() {
        Simulation.run(2, platform -> {
            try (var net = new RouteNet(platform)) {
                List<RouteNet.Node> line = net.line(2);
                TransportSet transports = line.getFirst().transports();
                var log = ByteLog.start(platform, transports, folder, WEEK);
                RouteNet.Ends ends = net.open(line, 5);
                platform.clock().sleep(A_WHILE);
                Transport transport = transports.list().getFirst();
                send(ends, 10_000);
                transport.close();
                platform.clock().sleep(A_WHILE);
                assertEquals(transport.sentBytes(), Long.parseLong(row(platform, folder)[2]));
                log.close();
            }
        });
    }

    @Test
    void oldDaysGoAndNothingElse() {
        Simulation.run(3, platform -> {
            LocalDate today = LocalDate.ofInstant(platform.clock().now(), ZoneOffset.UTC);
            Path old = Files.writeString(folder.resolve(today.minusDays(9) + ".csv"), "x");
            Path young = Files.writeString(folder.resolve(today.minusDays(6) + ".csv"), "x");
            Path other = Files.writeString(folder.resolve("notes.csv"), "x");
            try (var net = new RouteNet(platform)) {
                var log = ByteLog.start(platform, net.line(1).getFirst().transports(), folder, WEEK);
                platform.clock().sleep(A_WHILE);
                log.close();
            }
            assertFalse(Files.exists(old));
            assertTrue(Files.exists(young) && Files.exists(other));
        });
    }

    @Test
    void aDamagedFileCostsOnlyItsDamagedLines() {
        Simulation.run(4, platform -> {
            String id = "c194f05a-fbbc-0f34-9f7d-bc93116eceb1";
            Files.writeString(
                    file(platform, folder),
                    "tp_id,recv,sent,time_stamp\n" + id + ",5,6,7\nno id,1,2,3\n" + id.replace('c', 'd')
                            + ",x,2,3\n,,\n");
            try (var net = new RouteNet(platform)) {
                List<RouteNet.Node> line = net.line(2);
                var log = ByteLog.start(platform, line.getFirst().transports(), folder, WEEK);
                platform.clock().sleep(A_WHILE);
                log.close();
                List<String> lines = Files.readAllLines(file(platform, folder));
                assertEquals(id + ",5,6,7", lines.get(1));
                assertEquals(3, lines.size(), lines.toString());
            }
        });
    }
}
