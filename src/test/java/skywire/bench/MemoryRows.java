package skywire.bench;

import java.io.IOException;

/** Memory of what rests: sessions at a server, whole clients, transports. */
final class MemoryRows {
    private static final double KB = 1000;

    private MemoryRows() {}

    static void sessions(Report report) throws IOException, InterruptedException {
        try (Child server = Child.start("server")) {
            String[] address = server.ask("address").split(" ");
            try (Child clients = Child.start("client", address[0], address[1])) {
                Level few = level(server, clients, 500, 500);
                Level many = level(server, clients, 1500, 2000);
                report.add(new Row(
                        "dmsg server, resident per idle session, 500 to 2,000",
                        (many.resident - few.resident) / 1500 / KB,
                        "kB",
                        Bar.atMost(40),
                        "recorded " + Reference.SESSION_RSS_KB + " kB"));
                report.add("dmsg server, resident with 2,000 idle sessions", many.resident / 1e6, "MB");
                report.add(
                        "dmsg server, live heap per idle session, to 2,000", (many.heap - few.heap) / 1500 / KB, "kB");
                report.add(
                        "whole idle client, live heap, to 2,000", (many.clientHeap - few.clientHeap) / 1500 / KB, "kB");
                if (!"1".equals(System.getenv("BENCH_FULL"))) {
                    report.skipped("dmsg server, 10,000 idle sessions", "set BENCH_FULL=1");
                    return;
                }
                Level most = level(server, clients, 8000, 10_000);
                report.add(new Row(
                        "dmsg server, resident per idle session, 500 to 10,000",
                        (most.resident - few.resident) / 9500 / KB,
                        "kB",
                        Bar.atMost(40),
                        "recorded " + Reference.SESSION_RSS_KB + " kB"));
                report.add(
                        "dmsg server, live heap per idle session, to 10,000", (most.heap - few.heap) / 9500 / KB, "kB");
                report.add(
                        "whole idle client, live heap, to 10,000",
                        (most.clientHeap - few.clientHeap) / 9500 / KB,
                        "kB");
            }
        }
    }

    private record Level(double resident, double heap, double clientHeap) {}

    /** Adds so many clients and waits until the server knows all of them. */
    private static Level level(Child server, Child clients, int add, int total)
            throws IOException, InterruptedException {
        clients.ask("idle " + add);
        while (server.numbers("sessions")[0] < total) {
            Thread.sleep(20);
        }
        double heap = server.heap();
        return new Level(server.resident(), heap, clients.heap());
    }

    /** The slope between 30 and 100 transports, two ends each; what all share is in both. */
    static void transports(Report report) throws IOException, InterruptedException {
        try (Child node = Child.start("transports")) {
            node.ask("visors 100");
            double few = used(node, 30);
            double many = used(node, 100);
            report.add(new Row(
                    "live heap per transport, idle after traffic",
                    (many - few) / 140 / KB,
                    "kB",
                    Bar.atMost(24),
                    "fixed"));
        }
    }

    /** Heap with so many transports by which a megabyte went, and then a ping. */
    private static double used(Child node, int transports) throws IOException, InterruptedException {
        node.ask("join " + transports);
        for (int i = 0; i < 3; i++) {
            node.ask("use");
            Thread.sleep(300);
            node.ask("ping");
        }
        return node.heap();
    }
}
