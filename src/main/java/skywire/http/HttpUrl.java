package skywire.http;

import skywire.platform.HostPort;

/**
 * Where a service is: {@code http://host[:port][/path]} over TCP, {@code dmsg://<public key>[:port]} over dmsg; the port
 * is 80 unless it is given (dmsg §11).
 *
 * @param isDmsg whether the host is a public key to be reached over dmsg
 * @param address host and port
 * @param authority host and port as they were written, for the Host header
 * @param path empty, or begins with a slash and does not end with one
 */
public record HttpUrl(boolean isDmsg, HostPort address, String authority, String path) {
    private static final int DEFAULT_PORT = 80;
    private static final String KEY = "0[23][0-9a-fA-F]{64}";

    /**
     * Parses a base URL. A host that is a public key means dmsg, whichever scheme is written.
     *
     * @throws IllegalArgumentException with one clear sentence
     */
    public static HttpUrl parse(String text) {
        String rest;
        if (text.startsWith("http://")) {
            rest = text.substring(7);
        } else if (text.startsWith("dmsg://")) {
            rest = text.substring(7);
        } else if (!text.contains("://")) {
            rest = text;
        } else {
            throw new IllegalArgumentException("\"" + text + "\" is not an http:// or dmsg:// URL");
        }
        int slash = rest.indexOf('/');
        String authority = slash < 0 ? rest : rest.substring(0, slash);
        String path = slash < 0 ? "" : rest.substring(slash).replaceAll("/+$", "");
        if (authority.isEmpty() || !authority.matches("[0-9A-Za-z.:_\\[\\]-]+") || !path.matches("[!-~]*")) {
            throw new IllegalArgumentException("\"" + text + "\" is not a URL with a host");
        }
        HostPort address = address(authority, text);
        boolean isKey = address.host().matches(KEY);
        if (text.startsWith("dmsg://") && !isKey) {
            throw new IllegalArgumentException("\"" + text + "\": the host of a dmsg URL is a public key");
        }
        return new HttpUrl(isKey, address, authority, path);
    }

    private static HostPort address(String authority, String text) {
        try {
            boolean hasPort = authority.matches(".*[^:]:[0-9]+") && !authority.matches("[^\\[]*:.*:.*");
            return hasPort || authority.matches("\\[.*\\]:[0-9]+")
                    ? HostPort.parse(authority)
                    : new HostPort(authority.replaceAll("[\\[\\]]", ""), DEFAULT_PORT);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("\"" + text + "\": " + e.getMessage(), e);
        }
    }

    @Override
    public String toString() {
        return (isDmsg ? "dmsg://" : "http://") + authority + path;
    }
}
