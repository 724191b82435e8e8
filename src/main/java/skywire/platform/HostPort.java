package skywire.platform;

/**
 * A host (name or IP literal) and a TCP or UDP port.
 *
 * @param host never empty; an IPv6 literal stands without brackets
 * @param port 0 to 65535
 */
public record HostPort(String host, int port) {
    /** Checks the ranges. */
    public HostPort {
        if (host.isEmpty() || port < 0 || port > 65535) {
            throw new IllegalArgumentException("not a host and port: " + host + ":" + port);
        }
    }

    /**
     * Parses {@code host:port}, {@code [v6]:port} or {@code :port} (which means 127.0.0.1).
     *
     * @throws IllegalArgumentException with one clear sentence
     */
    public static HostPort parse(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? text : text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            colon = -1;
        }
        if (colon < 0 || !text.substring(colon + 1).matches("[0-9]{1,5}")) {
            throw new IllegalArgumentException("\"" + text + "\" is not host:port");
        }
        int port = Integer.parseInt(text.substring(colon + 1));
        if (port > 65535) {
            throw new IllegalArgumentException("\"" + text + "\": port must be 0 to 65535");
        }
        return new HostPort(host.isEmpty() ? "127.0.0.1" : host, port);
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
