package skywire.app.socks;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import skywire.limit.LogLimit;
import skywire.link.Splice;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.HostPort;
import skywire.platform.Link;
import skywire.platform.Listener;
import skywire.platform.Platform;
import skywire.platform.Scope;

/**
 * The local HTTP proxy: {@code CONNECT host:port}, and requests with an absolute {@code http://} address, one per
 * connection. The rest of the connection is passed through as it is.
 */
final class HttpFront {
    private static final int LONGEST_HEAD = 32 * 1024;
    private static final System.Logger LOG = System.getLogger(HttpFront.class.getName());

    private final Platform platform;
    private final Scope scope;
    private final SocksClient client;
    private final Optional<String> passcode;
    private final AtomicInteger links = new AtomicInteger();

    HttpFront(Platform platform, Scope scope, SocksClient client, Optional<String> passcode) {
        this.platform = platform;
        this.scope = scope;
        this.client = client;
        this.passcode = passcode;
    }

    /** A request for the proxy, with a status for the program. */
    private static final class Refused extends IOException {
        private static final long serialVersionUID = 1L;
        private final String status;

        Refused(String status, String message) {
            super(message);
            this.status = status;
        }
    }

    /** What the program wants: where to, and the bytes the target gets first. */
    record Request(HostPort target, boolean tunnel, byte[] first) {}

    void accept(Listener listener) throws IOException {
        while (true) {
            Link program = listener.accept();
            if (links.incrementAndGet() > SocksFront.MOST_LINKS) {
                links.decrementAndGet();
                program.close();
                continue;
            }
            scope.own(program);
            scope.forkChild("request", () -> {
                try {
                    serve(program);
                } catch (IOException e) {
                    LOG.log(System.Logger.Level.DEBUG, () -> "request ended: " + Failure.text(e));
                } finally {
                    links.decrementAndGet();
                    scope.disown(program);
                    program.close();
                }
            });
        }
    }

    private void serve(Link program) throws IOException {
        Deadline deadline = platform.clock().in(SocksFront.DIALOGUE);
        try {
            Request request = read(program, deadline);
            try (Link exit = connect(request.target(), deadline)) {
                if (request.tunnel()) {
                    program.write(ascii("HTTP/1.1 200 Connection established\r\n\r\n"), deadline);
                }
                if (request.first().length > 0) {
                    exit.write(request.first(), deadline);
                }
                Splice.run(platform, scope, program, exit, SocksFront.IDLE);
            }
        } catch (Refused e) {
            String text = LogLimit.clean(Failure.text(e)) + "\n";
            program.write(
                    ascii("HTTP/1.1 " + e.status + "\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: "
                            + text.getBytes(StandardCharsets.UTF_8).length + "\r\nConnection: close\r\n\r\n" + text),
                    deadline);
            program.finishWriting(deadline);
        }
    }

    private Link connect(HostPort target, Deadline deadline) throws Refused {
        Link exit = null;
        try {
            exit = client.greeted(passcode, Socks.connect(target), deadline);
            int reply = Socks.readReply(exit, deadline);
            if (reply != Socks.SUCCEEDED) {
                throw new Refused(
                        reply == Socks.NOT_ALLOWED ? "403 Forbidden" : "502 Bad Gateway",
                        target + ": " + Socks.text(reply));
            }
            return exit;
        } catch (IOException e) {
            if (exit != null) {
                exit.close();
            }
            throw e instanceof Refused r ? r : new Refused("502 Bad Gateway", target + ": " + Failure.text(e));
        }
    }

    private static Request read(Link program, Deadline deadline) throws IOException {
        var head = new ByteArrayOutputStream();
        byte[] buffer = new byte[4096];
        int end;
        do {
            if (head.size() > LONGEST_HEAD) {
                throw new Refused("431 Request Header Fields Too Large", "the request's head is too long");
            }
            int n = program.read(buffer, 0, buffer.length, deadline);
            if (n < 0) {
                throw Failure.closedThere("the program");
            }
            head.write(buffer, 0, n);
            end = end(head.toByteArray());
        } while (end < 0);
        return parse(head.toByteArray(), end);
    }

    /** Where the head ends, behind its empty line; -1 if it does not yet. */
    private static int end(byte[] bytes) {
        for (int i = 3; i < bytes.length; i++) {
            if (bytes[i] == '\n' && bytes[i - 1] == '\r' && bytes[i - 2] == '\n' && bytes[i - 3] == '\r') {
                return i + 1;
            }
        }
        return -1;
    }

    static Request parse(byte[] bytes, int end) throws IOException {
        String[] lines = new String(bytes, 0, end, StandardCharsets.ISO_8859_1).split("\r\n");
        String[] words = lines[0].split(" ", -1);
        if (words.length != 3 || !words[2].startsWith("HTTP/1.")) {
            throw new Refused("400 Bad Request", "not an HTTP/1.1 request");
        }
        byte[] rest = java.util.Arrays.copyOfRange(bytes, end, bytes.length);
        if (words[0].equals("CONNECT")) {
            return new Request(target(words[1]), true, rest);
        }
        URI uri = absolute(words[1]);
        HostPort target = new HostPort(host(uri.getHost()), uri.getPort() < 0 ? 80 : uri.getPort());
        String path = words[1].replaceFirst("(?i)^http://[^/?#]*", "");
        List<String> out = new ArrayList<>();
        out.add(words[0] + " " + (path.startsWith("/") ? path : "/" + path) + " " + words[2]);
        for (int i = 1; i < lines.length; i++) {
            String name = lines[i].toLowerCase(Locale.ROOT);
            if (!name.startsWith("proxy-") && !name.startsWith("connection:") && !name.startsWith("keep-alive:")) {
                out.add(lines[i]);
            }
        }
        out.add("Connection: close");
        var first = new ByteArrayOutputStream();
        first.writeBytes((String.join("\r\n", out) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
        first.writeBytes(rest);
        return new Request(target, false, first.toByteArray());
    }

    private static URI absolute(String text) throws Refused {
        try {
            // Only scheme and authority matter here, and paths of the wild are often no valid URI.
            var uri = new URI(text.replaceFirst("(?i)^(http://[^/?#]*).*", "$1"));
            if ("http".equalsIgnoreCase(uri.getScheme()) && uri.getHost() != null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // told below
        }
        throw new Refused("400 Bad Request", "this is a proxy: give it an http:// address, or CONNECT host:port");
    }

    private static HostPort target(String text) throws Refused {
        try {
            HostPort target = HostPort.parse(text);
            if (!text.startsWith(":")) {
                return new HostPort(host(target.host()), target.port());
            }
        } catch (IllegalArgumentException e) {
            // told below
        }
        throw new Refused("400 Bad Request", "CONNECT needs host:port");
    }

    private static String host(String host) throws Refused {
        String bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        if (bare.isEmpty() || bare.length() > 255 || !bare.matches("[!-~]+")) {
            throw new Refused("400 Bad Request", "not a host name");
        }
        return bare;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
