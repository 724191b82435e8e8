package skywire.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.logging.Level;
import java.util.stream.Stream;
import skywire.cli.Logs;

/**
 * Runs what can be scripted against the public reference node, inside a network namespace that {@code tools/interop} has
 * made: {@code PEER REPORT [PART…]}, where PEER is the folder of its programs.
 */
final class Interop {
    private Interop() {}

    /** See the class. */
    public static void main(String[] args) throws Exception {
        Logs.start(Level.WARNING);
        var peer = new Reference(Path.of(args[0]).toAbsolutePath());
        var parts = List.of(args).subList(2, args.length);
        var report = new Report();
        Path dir = Files.createTempDirectory("interop");
        // the database's own user has to get through
        Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwx--x--x"));
        System.out.println("logs, kept if something fails: " + dir);
        if (parts.isEmpty() || parts.contains("dmsg")) {
            new DmsgMatrix(peer, report, dir).run();
        }
        if (parts.isEmpty() || parts.contains("routes")) {
            new RouteMatrix(peer, report, dir).run(hasPostgres());
        }
        if (parts.isEmpty() || parts.contains("trouble")) {
            new TroubleMatrix(peer, report, dir).run(hasPostgres());
        }
        report.finish(Path.of(args[1]));
        if (report.ok()) {
            delete(dir);
        }
        System.exit(report.ok() ? 0 : 1);
    }

    private static boolean hasPostgres() {
        boolean root = System.getProperty("user.name").equals("root");
        return root
                && Stream.of(System.getenv("PATH").split(":")).anyMatch(p -> Files.isExecutable(Path.of(p, "initdb")));
    }

    private static void delete(Path dir) throws IOException {
        try (Stream<Path> files = Files.walk(dir)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
