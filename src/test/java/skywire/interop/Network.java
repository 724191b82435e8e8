package skywire.interop;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import skywire.entry.TransportId;
import skywire.http.Headers;
import skywire.http.HttpLimits;
import skywire.http.HttpResponse;
import skywire.http.HttpServer;
import skywire.http.Routes;
import skywire.platform.Deadline;
import skywire.platform.HostPort;
import skywire.platform.Link;
import skywire.platform.Listener;
import skywire.platform.Platform;

/**
 * Six visors, three of each kind, and a web server at the exits' loopback. Those with a 1 want routes of two hops or more;
 * all are exits. One thread.
 */
final class Network implements Closeable {
    static final Duration LIMIT = Duration.ofSeconds(60);

    private static final Platform PLATFORM = Platform.system();
    private static final int SIZE = 4 << 20;
    private static final int GO = 200;

    private final Services services;
    private final Programs programs;
    private final int base;
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final byte[] data = new byte[SIZE];
    private HttpServer files;
    private Listener slow;
    private int runs;

    Network(Reference peer, Services services, Programs programs, int base) {
        this.services = services;
        this.programs = programs;
        this.base = base;
        new Random(base).nextBytes(data);
        for (int i = 1; i <= 3; i++) {
            int hops = i == 1 ? 2 : 0;
            add(new JavaNode("J" + i, services, base + 100 + 10 * i, hops));
            add(new GoNode("G" + i, peer, services, programs, base + GO + 10 * i, hops));
        }
    }

    private void add(Node node) {
        nodes.put(node.name(), node);
    }

    /** The visor of this name. */
    Node node(String name) {
        return nodes.get(name);
    }

    /** All visors. */
    Collection<Node> nodes() {
        return nodes.values();
    }

    /** What the network uses. */
    Services services() {
        return services;
    }

    /** Its processes. */
    Programs programs() {
        return programs;
    }

    static Deadline soon() {
        return PLATFORM.clock().in(LIMIT);
    }

    /** Starts the web servers. */
    void startFiles() throws IOException {
        var routes = new Routes().add("GET", "/data.bin", r -> new HttpResponse(200, Headers.NONE, data));
        files = HttpServer.start(PLATFORM, "files", HttpLimits.SERVICE, routes)
                .on(PLATFORM.network().listen(new HostPort("127.0.0.1", base + 50)));
        slow = PLATFORM.network().listen(new HostPort("127.0.0.1", base + 51));
        serveSlowly(slow);
    }

    /** Dials a transport and waits until the other has it too and the directory knows of it. */
    void connect(String from, String to, String type) throws Exception {
        node(from).connect(node(to), type);
        awaitTransport(from, to, type);
    }

    /** Waits until both have a transport and the directory knows of it. */
    void awaitTransport(String from, String to, String type) throws Exception {
        UUID id = TransportId.of(node(from).key(), node(to).key(), type);
        for (String end : List.of(from, to)) {
            programs.await(
                    end + " has the transport",
                    LIMIT,
                    () -> node(end).transports().contains(id));
        }
        programs.await(
                "the transport is registered",
                LIMIT,
                () -> services.transportDirectory().byId(id, soon()).isPresent());
    }

    /** Ends all transports, and waits until the directory knows of none. */
    void clear() throws Exception {
        for (Node n : nodes.values()) {
            n.disconnect();
        }
        programs.await(
                "all transports are gone from the directory",
                LIMIT,
                () -> services.transportDirectory().all(soon()).isEmpty());
    }

    /** Fetches files at once through a new proxy of the first, whose route to the last must lead through the others. */
    void fetchBy(int count, String... path) throws Exception {
        Node client = node(path[0]);
        HostPort at = client.proxy(node(path[path.length - 1]));
        try {
            fetch(at, count);
            for (int i = 1; i < path.length - 1; i++) {
                if (node(path[i]).rules().orElse(1) == 0) {
                    throw new IOException(path[i] + " has no rules, so the route takes another way");
                }
            }
        } finally {
            client.stopProxy();
        }
    }

    /** Begins a download through a proxy that would take minutes, and returns it. */
    Process fetchSlowly(HostPort proxy) throws IOException {
        return programs.start(
                "slow" + ++runs,
                "curl",
                "-sS",
                "--no-progress-meter",
                "--noproxy",
                "",
                "--socks5-hostname",
                proxy.toString(),
                "-o",
                "/dev/null",
                "http://127.0.0.1:" + (base + 51));
    }

    /** A web server with one page that comes slowly, so that little of it is ever on the way. */
    private void serveSlowly(Listener listener) {
        PLATFORM.start("slow", () -> {
            try {
                while (true) {
                    Link link = listener.accept();
                    PLATFORM.start("slow page", () -> slowPage(link));
                }
            } catch (IOException e) {
                listener.close();
            }
        });
    }

    private static void slowPage(Link link) {
        try (link) {
            link.write("HTTP/1.0 200 OK\r\nContent-Length: 100000000\r\n\r\n".getBytes(US_ASCII), soon());
            while (true) {
                link.write(new byte[16_384], soon());
                PLATFORM.clock().sleep(Duration.ofMillis(100));
            }
        } catch (IOException e) {
            link.close(); // whoever fetched it has gone
        }
    }

    /** Fetches files at once through a proxy and compares them. */
    void fetch(HostPort proxy, int count) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "curl",
                "-sS",
                "--no-progress-meter",
                "--fail",
                "--noproxy",
                "",
                "--socks5-hostname",
                proxy.toString(),
                "--parallel",
                "--parallel-immediate",
                "--parallel-max",
                "50"));
        List<Path> got = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            got.add(programs.dir().resolve("file" + ++runs));
            command.addAll(List.of("-o", got.get(i).toString(), "http://127.0.0.1:" + (base + 50) + "/data.bin"));
        }
        programs.run("curl" + runs, LIMIT, command.toArray(String[]::new));
        for (Path file : got) {
            if (!Arrays.equals(Files.readAllBytes(file), data)) {
                throw new IOException("the bytes differ: " + Files.size(file) + " of " + data.length);
            }
            Files.delete(file);
        }
    }

    @Override
    public void close() throws IOException {
        for (Node n : new ArrayList<>(nodes.values()).reversed()) {
            n.close();
        }
        if (files != null) {
            files.close();
            slow.close();
        }
    }
}
