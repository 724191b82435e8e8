package skywire.cli;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLConnection;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import skywire.control.ControlClient;
import skywire.control.ControlException;
import skywire.control.Progress;
import skywire.limit.LogLimit;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.HostPort;
import skywire.platform.Platform;

/** Downloads through the proxy of a running node, as any program would, and says what came of it. */
final class Fetch {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration ASK = Duration.ofSeconds(10);
    private static final Duration EXPLANATION = Duration.ofSeconds(4);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
    private static final int CONNECT_MILLIS = 25_000;
    private static final int READ_MILLIS = 10_000;
    private static final int CHUNK = 64 * 1024;

    private final Platform platform;
    private final Console console;
    private final ControlClient control;
    private final boolean json;
    private long began; // nanoTime, set by run

    /** A download by way of the node that answers at this control socket. */
    Fetch(Platform platform, Console console, Path socket, boolean json) {
        this.platform = platform;
        this.console = console;
        this.control = new ControlClient(platform, socket);
        this.json = json;
    }

    /** Complains about what cannot be fetched or kept, before anything is started. */
    void check(URI url, Path output) throws IOException {
        if (url.getScheme() == null || !url.getScheme().matches("https?") || url.getHost() == null) {
            throw new ControlException(
                    Failure.Kind.MALFORMED, "\"" + url + "\" is not a URL to fetch", "give an http:// or https:// URL");
        }
        if (isOutput(output) && json) {
            throw new ControlException(Failure.Kind.MALFORMED, "--json needs a file for the download", "add:  -o FILE");
        }
        begin(output(url, output)).close();
    }

    private static boolean isOutput(Path chosen) {
        return chosen != null && chosen.toString().equals(WholeFile.OUTPUT);
    }

    private WholeFile begin(Path file) throws IOException {
        return isOutput(file) ? WholeFile.output(console.bytes()) : WholeFile.begin(file);
    }

    private static Path output(URI url, Path chosen) throws ControlException {
        if (chosen != null) {
            return chosen;
        }
        String path = url.getPath() == null ? "" : url.getPath();
        String name = path.substring(path.lastIndexOf('/') + 1);
        if (name.isEmpty() || name.startsWith(".")) {
            throw new ControlException(Failure.Kind.MALFORMED, "what is the file to be called?", "add:  -o FILE");
        }
        return Path.of(name);
    }

    /** Whether the node runs; it must have a route of so many hops and legs, if that was asked for. */
    boolean isRunning(Optional<Integer> hops, Optional<Integer> legs) throws IOException {
        Fields proxy;
        Deadline limit = platform.clock().in(START);
        while (true) {
            try {
                proxy = proxy();
                break;
            } catch (ControlException e) {
                if (e.kind() != Failure.Kind.UNREACHABLE || limit.passed()) {
                    throw e;
                }
                platform.clock().sleep(LOOK_AGAIN); // it is starting
            } catch (IOException e) {
                return false;
            }
        }
        int has = Fields.list(proxy.json(), "hops").size();
        if (hops.isPresent() && has != hops.get()) {
            throw another("a route of " + has + " hops, not " + hops.get());
        }
        int wants = Legs.requested(proxy);
        if (legs.isPresent() && proxy.has("kind") && wants != legs.get()) {
            throw another("a route of " + wants + (wants == 1 ? " leg" : " legs") + ", not " + legs.get());
        }
        return true;
    }

    private static ControlException another(String text) {
        return new ControlException(
                Failure.Kind.REFUSED,
                "the network that runs has " + text,
                "stop it (skywire visor halt), or start another one:  --dir DIR --port PORT --socks ADDR --http ADDR");
    }

    private Fields proxy() throws IOException {
        var result = control.call(
                "proxy.status",
                new JsonObject(),
                Progress.NONE,
                platform.clock().in(ASK));
        List<Fields> proxies = Fields.list(result.getAsJsonObject(), "proxies");
        if (proxies.isEmpty()) {
            throw new ControlException(
                    Failure.Kind.NOT_FOUND, "the node has no proxy", "start one:  skywire proxy start");
        }
        return proxies.getFirst();
    }

    /** The proxy, once it has a route, or what it is like after a while. */
    private Fields linkedProxy() throws IOException {
        Deadline limit = platform.clock().in(Duration.ofMillis(CONNECT_MILLIS));
        Fields proxy = proxy();
        while ("reconnecting".equals(proxy.text("status")) && !limit.passed()) {
            platform.clock().sleep(LOOK_AGAIN);
            proxy = proxy();
        }
        return proxy;
    }

    /** Downloads; the file appears only if all of it has come. */
    int run(URI url, Path chosen) throws IOException {
        Path output = output(url, chosen);
        Fields proxy = linkedProxy();
        MessageDigest sha = sha256();
        began = platform.clock().nanoTime();
        HttpURLConnection connection = connect(url, HostPort.parse(proxy.text("socks")));
        try (WholeFile file = begin(output)) {
            Transfer transfer = receive(url, connection, file, sha);
            file.complete();
            report(afterwards(proxy), output, transfer, HexFormat.of().formatHex(sha.digest()));
            return Exit.OK;
        } finally {
            connection.disconnect();
        }
    }

    /** With what its legs have carried by now; a node that has gone meanwhile does not undo the download. */
    private Fields afterwards(Fields before) throws IOException {
        if (Legs.of(before).isEmpty()) {
            return before;
        }
        try {
            return proxy();
        } catch (IOException e) {
            if (Failure.kindOf(e) == Failure.Kind.CANCELLED) {
                throw e;
            }
            return before;
        }
    }

    private static HttpURLConnection connect(URI url, HostPort socks) throws IOException {
        var proxy = new Proxy(Proxy.Type.SOCKS, new InetSocketAddress(socks.host(), socks.port()));
        URLConnection connection = url.toURL().openConnection(proxy);
        connection.setConnectTimeout(CONNECT_MILLIS);
        connection.setReadTimeout(READ_MILLIS);
        return (HttpURLConnection) connection;
    }

    private Transfer receive(URI url, HttpURLConnection connection, WholeFile file, MessageDigest sha)
            throws IOException {
        try {
            int status = connection.getResponseCode();
            if (status != HttpURLConnection.HTTP_OK) {
                throw new Failure(Failure.Kind.REFUSED, url + ": the server answered " + status);
            }
        } catch (SSLException e) {
            throw new ControlException(
                    Failure.Kind.UNTRUSTED,
                    url + ": " + LogLimit.clean(Failure.text(e)),
                    "https needs a server that speaks TLS, with a certificate this machine trusts; a plain one is http://");
        } catch (SocketException e) {
            throw new Failure(Failure.Kind.UNREACHABLE, url + ": " + unreachable(e), e);
        } catch (SocketTimeoutException e) {
            throw new Failure(Failure.Kind.TIMEOUT, url + ": no answer in time" + explanation(), e);
        }
        var transfer = new Transfer(console, platform.clock(), connection.getContentLengthLong());
        byte[] chunk = new byte[CHUNK];
        try (InputStream in = connection.getInputStream()) {
            for (int n; (n = read(in, chunk, transfer)) >= 0; ) {
                file.write(chunk, 0, n);
                sha.update(chunk, 0, n);
                transfer.add(n);
            }
            return transfer;
        } finally {
            transfer.end();
        }
    }

    private int read(InputStream in, byte[] chunk, Transfer transfer) throws IOException {
        try {
            return in.read(chunk);
        } catch (IOException e) {
            transfer.end();
            throw new Failure(
                    Failure.Kind.CLOSED_THERE,
                    "the download broke after " + Units.bytes(transfer.bytes()) + explanation(),
                    e);
        }
    }

    /** What the proxy of the JDK says, in other words. */
    private String unreachable(SocketException e) throws IOException {
        String text = String.valueOf(e.getMessage());
        return text.startsWith("SOCKS") || text.contains("SOCKS")
                ? "the exit could not reach it (" + LogLimit.clean(text.replaceFirst("^SOCKS:? ?", "")) + ")"
                : LogLimit.clean(text) + explanation();
    }

    /** What the node knows about an end of its route since the download began; it may need a moment to find out. */
    private String explanation() throws IOException {
        Deadline limit = platform.clock().in(EXPLANATION);
        while (true) {
            Fields proxy = proxy();
            double sinceBegin = (platform.clock().nanoTime() - began) / 1e9;
            boolean ended = !"running".equals(proxy.text("status")) || proxy.number("uptime_seconds", 0) < sinceBegin;
            if (ended && proxy.has("error")) {
                return ": " + proxy.text("error");
            }
            if (limit.passed()) {
                return "";
            }
            platform.clock().sleep(LOOK_AGAIN);
        }
    }

    private void report(Fields proxy, Path output, Transfer transfer, String sha) {
        if (json) {
            var result = new JsonObject();
            for (String part : List.of("hops", "leg_count", "legs")) {
                if (proxy.json().has(part)) {
                    result.add(part, proxy.json().get(part));
                }
            }
            result.addProperty("file", output.toString());
            result.addProperty("bytes", transfer.bytes());
            result.addProperty("sha256", sha);
            result.addProperty("seconds", transfer.seconds());
            ControlCommand.printJson(console, "local.fetch", result);
            return;
        }
        Consumer<String> told = isOutput(output) ? console::note : console::line;
        List<Fields> legs = Legs.of(proxy);
        if (Legs.count(proxy) != null) {
            told.accept("legs     " + Legs.count(proxy));
        }
        if (legs.isEmpty()) {
            told.accept("path     " + Hops.line(Fields.list(proxy.json(), "hops"), false));
        } else {
            Legs.counters(legs, false, console, 2).forEach(told);
        }
        told.accept("file     " + output);
        told.accept("size     " + transfer.bytes() + " bytes");
        told.accept("sha-256  " + sha);
        told.accept("speed    " + transfer.figures());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e); // every JDK has it
        }
    }
}
