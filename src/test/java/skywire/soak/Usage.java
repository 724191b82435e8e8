package skywire.soak;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import skywire.local.LocalNetwork;
import skywire.testkit.Dump;
import skywire.testkit.ReportFile;
import skywire.visor.Visor;

/**
 * What a network holds on to at a moment of rest.
 *
 * @param heap live bytes, after a collection
 * @param threads virtual and platform threads
 * @param descriptors open files and sockets
 * @param rules rules of all visors; ids that were only reserved are free again after a while
 * @param groups route groups
 * @param ports dmsg and route ports in use
 * @param streams dmsg streams
 */
record Usage(long heap, int threads, long descriptors, int rules, int groups, int ports, int streams) {
    /** Growth that is not counted: what a cache may take, and the links that the setup node keeps. */
    private static final List<Long> SLACK = List.of(3L << 20, 8L, 8L, 0L, 0L, 0L, 8L);

    private static final List<String> NAMES =
            List.of("heap bytes", "threads", "descriptors", "rules", "groups", "ports", "streams");
    private static final double TOLERANCE = 0.05;

    static Usage of(LocalNetwork network) throws IOException {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        var system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        int rules = 0;
        int groups = 0;
        int ports = 0;
        int streams = 0;
        for (int i = 0; i < network.mesh().size(); i++) {
            Visor visor = network.mesh().visor(i).orElseThrow();
            rules += visor.router().table().size();
            groups += visor.router().groups().list().size();
            ports += visor.dmsg().portsInUse() + visor.router().groups().ports().inUse();
            streams += visor.dmsg().sessions().stream()
                    .mapToInt(s -> s.streamCount())
                    .sum();
        }
        return new Usage(
                heap, Dump.threads().size(), system.getOpenFileDescriptorCount(), rules, groups, ports, streams);
    }

    private List<Long> numbers() {
        return List.of(heap, (long) threads, descriptors, (long) rules, (long) groups, (long) ports, (long) streams);
    }

    /** What has grown beyond 5 % of the base line and the slack. */
    List<String> grownSince(Usage base) {
        List<String> grown = new ArrayList<>();
        for (int i = 0; i < NAMES.size(); i++) {
            long before = base.numbers().get(i);
            long now = numbers().get(i);
            if (now > before * (1 + TOLERANCE) + SLACK.get(i)) {
                grown.add(NAMES.get(i) + " " + before + " → " + now);
            }
        }
        return grown;
    }

    static String head() {
        return String.format(
                "%-12s %10s %8s %12s %6s %7s %6s %8s",
                "", "heap KB", "threads", "descriptors", "rules", "groups", "ports", "streams");
    }

    String row(String name) {
        return String.format(
                Locale.ROOT,
                "%-12s %10d %8d %12d %6d %7d %6d %8d",
                name,
                heap >> 10,
                threads,
                descriptors,
                rules,
                groups,
                ports,
                streams);
    }

    /** What there is now; each may be what it was, and 5 %, and the slack. */
    void report(ReportFile report, Usage base) {
        for (int i = 0; i < NAMES.size(); i++) {
            double bar = base.numbers().get(i) * (1 + TOLERANCE) + SLACK.get(i);
            report.atMost("at rest: " + NAMES.get(i), numbers().get(i), i == 0 ? "bytes" : "", Math.floor(bar));
        }
    }
}
