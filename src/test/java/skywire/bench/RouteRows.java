package skywire.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/** Routes through a whole network: how long until one is of use, and what a proxy makes of it. */
final class RouteRows {
    private static final int ROUNDS = 5;
    private static final int HOPS = 3;
    private static final int MEGABYTES = 50;

    private RouteRows() {}

    static void setUp(Report report) throws IOException {
        var p50 = new Stats[] {new Stats(), new Stats(), new Stats()};
        var p99 = new Stats[] {new Stats(), new Stats(), new Stats()};
        try (Child network = Child.start("local")) {
            network.ask("routes 3 40"); // warm
            for (int round = 0; round < ROUNDS; round++) {
                for (int hops = 1; hops <= HOPS; hops++) {
                    double[] millis = network.numbers("routes " + hops + " 25");
                    p50[hops - 1].add(millis[0]);
                    p99[hops - 1].add(millis[1]);
                }
            }
        }
        for (int hops = 1; hops <= HOPS; hops++) {
            String name = "route of " + hops + (hops == 1 ? " hop" : " hops") + " until the first byte";
            report.atMost(
                    name + ", p50",
                    p50[hops - 1].median(),
                    "ms",
                    0.3,
                    Reference.ROUTE_P50_MS[hops - 1],
                    report.processorFactor);
            report.add(name + ", p99", p99[hops - 1].median(), "ms");
        }
    }

    static void socks(Report report) throws Exception {
        if (Child.output(Duration.ofSeconds(5), "curl", "--version").isEmpty()) {
            report.skipped("SOCKS", "curl is not installed");
            return;
        }
        var rate = new Stats[] {new Stats(), new Stats(), new Stats()};
        var firstByte = new Stats[] {new Stats(), new Stats(), new Stats()};
        var cpu = new Stats[] {new Stats(), new Stats(), new Stats()};
        HttpServer server = zeros();
        String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/zeros";
        try (Child network = Child.start("local")) {
            var proxies = new String[HOPS];
            for (int hops = 1; hops <= HOPS; hops++) {
                proxies[hops - 1] = network.ask("proxy " + hops);
                fetch(proxies[hops - 1], url); // warm
            }
            for (int round = 0; round < ROUNDS; round++) {
                for (int i = 0; i < HOPS; i++) {
                    double before = network.cpu();
                    double[] fetched = fetch(proxies[i], url);
                    cpu[i].add((network.cpu() - before) * 1000 / MEGABYTES);
                    rate[i].add(fetched[0]);
                    firstByte[i].add(fetched[1]);
                }
            }
        } finally {
            server.stop(0);
        }
        for (int i = 0; i < HOPS; i++) {
            String name = "SOCKS over " + (i + 1) + (i == 0 ? " hop" : " hops");
            double recorded = Reference.SOCKS_MB[i];
            if (i == 0) {
                report.atLeast(name, rate[i].median(), "MB/s", 1, recorded, report.processorFactor);
            } else {
                report.atLeast(name, rate[i].median(), "MB/s", 6, recorded, report.processorFactor);
            }
            report.add(name + ", first byte", firstByte[i].median(), "ms");
            report.add(name + ", CPU of all visors", cpu[i].median(), "s/GB");
        }
    }

    /** A web server that sends zeros. */
    private static HttpServer zeros() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        server.createContext("/zeros", RouteRows::answer);
        server.start();
        return server;
    }

    private static void answer(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, MEGABYTES * 1_000_000L);
        byte[] piece = new byte[50_000];
        try (OutputStream out = exchange.getResponseBody()) {
            for (int i = 0; i < MEGABYTES * 20; i++) {
                out.write(piece);
            }
        }
    }

    /** MB/s, and milliseconds until the first byte. */
    private static double[] fetch(String proxy, String url) throws IOException, InterruptedException {
        String out = Child.output(
                Duration.ofSeconds(120),
                "curl",
                "-sS",
                "--socks5-hostname",
                proxy,
                "-o",
                "/dev/null",
                "-w",
                "%{size_download} %{time_total} %{time_starttransfer}",
                url);
        String[] words = out.trim().split(" ");
        if (words.length != 3 || Double.parseDouble(words[0]) != MEGABYTES * 1e6) {
            throw new IOException("curl: " + out);
        }
        return new double[] {MEGABYTES / Double.parseDouble(words[1]), Double.parseDouble(words[2]) * 1000};
    }
}
