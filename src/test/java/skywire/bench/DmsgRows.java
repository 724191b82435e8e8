package skywire.bench;

import java.io.IOException;

/** Throughput, latency and rates of dmsg, through one server and between two clients in processes of their own. */
final class DmsgRows {
    private static final int ROUNDS = 5;

    private DmsgRows() {}

    static void throughput(Report report) throws IOException {
        int kinds = Reference.STREAMS.length;
        Stats[] rate = stats(kinds);
        Stats[] server = stats(kinds);
        Stats[] clients = stats(kinds);
        try (var net = new SmallNet()) {
            net.near.ask("throughput " + net.farKey + " 8 600"); // warm
            for (int round = 0; round < ROUNDS; round++) {
                for (int i = 0; i < kinds; i++) {
                    double megabytes = 300;
                    double[] before = net.cpu();
                    double seconds = net.near
                            .numbers("throughput " + net.farKey + " " + Reference.STREAMS[i] + " " + (int) megabytes)[
                            0];
                    double[] after = net.cpu();
                    rate[i].add(megabytes / seconds);
                    server[i].add((after[0] - before[0]) / megabytes * 1000);
                    clients[i].add((after[1] - before[1]) / megabytes * 1000);
                }
            }
        }
        for (int i = 0; i < kinds; i++) {
            String streams = "dmsg, " + Reference.STREAMS[i] + (i == 0 ? " stream" : " streams");
            report.atLeast(streams, rate[i].median(), "MB/s", 2, Reference.THROUGHPUT_MB[i], report.processorFactor);
            report.add(streams + ", CPU of the server", server[i].median(), "s/GB");
            report.add(streams + ", CPU of both clients", clients[i].median(), "s/GB");
            report.atMost(
                    streams + ", CPU of all",
                    server[i].median() + clients[i].median(),
                    "s/GB",
                    0.5,
                    Reference.CPU_PER_GB[i],
                    report.processorFactor);
        }
    }

    private static Stats[] stats(int count) {
        var all = new Stats[count];
        for (int i = 0; i < count; i++) {
            all[i] = new Stats();
        }
        return all;
    }

    static void echo(Report report) throws IOException {
        int sizes = Reference.ECHO_SIZES.length;
        Stats[] p50 = stats(sizes);
        Stats[] p99 = stats(sizes);
        try (var net = new SmallNet()) {
            net.near.ask("echo " + net.farKey + " 64 5000"); // warm
            for (int round = 0; round < ROUNDS; round++) {
                for (int i = 0; i < sizes; i++) {
                    double[] micros = net.near.numbers("echo " + net.farKey + " " + Reference.ECHO_SIZES[i] + " 2000");
                    p50[i].add(micros[0]);
                    p99[i].add(micros[1]);
                }
            }
        }
        for (int i = 0; i < sizes; i++) {
            String size = "dmsg, echo of " + Reference.ECHO_SIZES[i] + " bytes";
            report.atMost(size + ", p50", p50[i].median(), "us", 1, Reference.ECHO_P50_US[i], report.processorFactor);
            report.add(size + ", p99", p99[i].median(), "us");
        }
    }

    static void dials(Report report) throws IOException {
        try (var net = new SmallNet()) {
            net.near.ask("dial " + net.farKey + " 2000 8"); // warm
            var alone = new Rates();
            var together = new Rates();
            for (int round = 0; round < ROUNDS; round++) {
                alone.add(net, net.near, "dial " + net.farKey, 150, 1);
                together.add(net, net.near, "dial " + net.farKey, 300, 16);
            }
            alone.report(report, "dmsg, dials one after another", 4 * Reference.DIALS);
            together.report(report, "dmsg, dials 16 at a time", 4 * Reference.DIALS_16);
            report.atMost(
                    "dmsg, CPU per dial, all processes",
                    together.cpu.median(),
                    "ms",
                    0.25,
                    Reference.DIAL_CPU_MS,
                    report.processorFactor);
        }
    }

    static void sessions(Report report) throws IOException {
        try (var net = new SmallNet()) {
            net.near.ask("connect 2500 8"); // warm
            net.near.ask("drop");
            var alone = new Rates();
            var together = new Rates();
            for (int round = 0; round < ROUNDS; round++) {
                alone.add(net, net.near, "connect", 150, 1);
                net.near.ask("drop");
                together.add(net, net.near, "connect", 300, 16);
                net.near.ask("drop");
            }
            alone.report(report, "dmsg, sessions one after another", 4 * Reference.SESSIONS);
            together.report(report, "dmsg, sessions 16 at a time", 4 * Reference.SESSIONS_16);
            report.atMost(
                    "dmsg, CPU per session, both sides",
                    together.cpu.median(),
                    "ms",
                    0.25,
                    Reference.SESSION_CPU_MS,
                    report.processorFactor);
        }
    }

    /** Rounds of one thing done so many times. */
    private static final class Rates {
        final Stats perSecond = new Stats();
        final Stats p50 = new Stats();
        final Stats p99 = new Stats();
        final Stats cpu = new Stats();

        void add(SmallNet net, Child who, String what, int count, int atOnce) throws IOException {
            double before = net.cpu()[0] + net.cpu()[1];
            double[] result = who.numbers(what + " " + count + " " + atOnce);
            double after = net.cpu()[0] + net.cpu()[1];
            perSecond.add(count / result[0]);
            p50.add(result[1]);
            p99.add(result[2]);
            cpu.add((after - before) * 1000 / count);
        }

        void report(Report report, String name, double bar) {
            report.add(new Row(
                    name,
                    perSecond.median(),
                    "1/s",
                    Bar.atLeast(bar * report.processorFactor),
                    "4 x recorded, machine x" + Bar.text(report.processorFactor)));
            report.add(name + ", p50", p50.median(), "ms");
            report.add(name + ", p99", p99.median(), "ms");
        }
    }

    static void ping(Report report) throws IOException {
        try (var net = new SmallNet()) {
            double[] millis = net.near.numbers("ping " + net.farKey + " 200");
            report.add("dmsg, ping under two saturating streams, p50", millis[0], "ms");
            report.add(new Row(
                    "dmsg, ping under two saturating streams, longest", millis[1], "ms", Bar.atMost(100), "fixed"));
        }
    }
}
