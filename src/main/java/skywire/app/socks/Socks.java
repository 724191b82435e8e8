package skywire.app.socks;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.HostPort;
import skywire.platform.Link;

/**
 * The messages of SOCKS5 (RFC 1928, RFC 1929). Reads take exactly the bytes of a message, so that what follows stays in
 * the link.
 */
final class Socks {
    static final int VERSION = 5;
    static final int NO_AUTHENTICATION = 0;
    static final int PASSWORD = 2;
    static final int NONE_ACCEPTABLE = 0xff;

    static final int CONNECT = 1;

    static final int SUCCEEDED = 0;
    static final int FAILED = 1;
    static final int NOT_ALLOWED = 2;
    static final int NETWORK_UNREACHABLE = 3;
    static final int HOST_UNREACHABLE = 4;
    static final int REFUSED = 5;
    static final int TTL_EXPIRED = 6;
    static final int NO_SUCH_COMMAND = 7;
    static final int NO_SUCH_ADDRESS_TYPE = 8;

    private static final int IPV4 = 1;
    private static final int NAME = 3;
    private static final int IPV6 = 4;
    private static final int PASSWORD_VERSION = 1;

    private Socks() {}

    /** A request; its command may be one nobody serves. */
    record Request(int command, HostPort target) {}

    /** A request that cannot be served, with the reply code that says so. */
    static final class Unserved extends IOException {
        private static final long serialVersionUID = 1L;
        final int reply;

        Unserved(int reply, String message) {
            super(message);
            this.reply = reply;
        }
    }

    private static byte[] bytes(Link link, int n, Deadline deadline) throws IOException {
        var bytes = new byte[n]; // at most 258, as all lengths are one byte
        link.readFully(bytes, 0, n, deadline);
        return bytes;
    }

    private static int one(Link link, Deadline deadline) throws IOException {
        return bytes(link, 1, deadline)[0] & 0xff;
    }

    /** The methods a client offers. */
    static byte[] readGreeting(Link link, Deadline deadline) throws IOException {
        if (one(link, deadline) != VERSION) {
            throw Failure.malformed("not SOCKS5");
        }
        return bytes(link, one(link, deadline), deadline);
    }

    static boolean offers(byte[] methods, int method) {
        for (byte m : methods) {
            if ((m & 0xff) == method) {
                return true;
            }
        }
        return false;
    }

    static byte[] greeting(int method) {
        return new byte[] {VERSION, 1, (byte) method};
    }

    static byte[] greeting(byte[] methods) {
        var out = new byte[2 + methods.length];
        out[0] = VERSION;
        out[1] = (byte) methods.length;
        System.arraycopy(methods, 0, out, 2, methods.length);
        return out;
    }

    static byte[] choice(int method) {
        return new byte[] {VERSION, (byte) method};
    }

    /** The method a server chose. */
    static int readChoice(Link link, Deadline deadline) throws IOException {
        byte[] choice = bytes(link, 2, deadline);
        if (choice[0] != VERSION) {
            throw Failure.malformed("the exit does not speak SOCKS5");
        }
        return choice[1] & 0xff;
    }

    /** User and password, as bytes. */
    record Credentials(byte[] user, byte[] password) {}

    static Credentials readCredentials(Link link, Deadline deadline) throws IOException {
        if (one(link, deadline) != PASSWORD_VERSION) {
            throw Failure.malformed("not a SOCKS5 password message");
        }
        byte[] user = bytes(link, one(link, deadline), deadline);
        byte[] password = bytes(link, one(link, deadline), deadline);
        return new Credentials(user, password);
    }

    /** The password message; both parts are the passcode, since a server takes either. */
    static byte[] credentials(String passcode) {
        byte[] code = passcode.getBytes(StandardCharsets.UTF_8);
        if (code.length == 0 || code.length > 255) {
            throw new IllegalArgumentException("a passcode has 1 to 255 bytes");
        }
        var out = new ByteArrayOutputStream();
        out.write(PASSWORD_VERSION);
        out.write(code.length);
        out.writeBytes(code);
        out.write(code.length);
        out.writeBytes(code);
        return out.toByteArray();
    }

    static byte[] verdict(boolean accepted) {
        return new byte[] {PASSWORD_VERSION, (byte) (accepted ? 0 : 1)};
    }

    /** Whether the password was accepted. */
    static boolean readVerdict(Link link, Deadline deadline) throws IOException {
        return bytes(link, 2, deadline)[1] == 0;
    }

    /** A request; {@link Unserved} if its address cannot be used. */
    static Request readRequest(Link link, Deadline deadline) throws IOException {
        byte[] head = bytes(link, 4, deadline);
        if (head[0] != VERSION) {
            throw Failure.malformed("not a SOCKS5 request");
        }
        String host = readHost(link, head[3], deadline);
        byte[] port = bytes(link, 2, deadline);
        return new Request(head[1] & 0xff, new HostPort(host, (port[0] & 0xff) << 8 | port[1] & 0xff));
    }

    private static String readHost(Link link, int type, Deadline deadline) throws IOException {
        return switch (type) {
            case IPV4 -> InetAddress.getByAddress(bytes(link, 4, deadline)).getHostAddress();
            case IPV6 -> InetAddress.getByAddress(bytes(link, 16, deadline)).getHostAddress();
            case NAME -> name(bytes(link, one(link, deadline), deadline));
            default -> throw new Unserved(NO_SUCH_ADDRESS_TYPE, "address type " + type);
        };
    }

    private static String name(byte[] bytes) throws Unserved {
        for (byte b : bytes) {
            if (b <= ' ' || b == 0x7f) { // also all beyond ASCII
                throw new Unserved(HOST_UNREACHABLE, "not a host name");
            }
        }
        if (bytes.length == 0) {
            throw new Unserved(HOST_UNREACHABLE, "no host name");
        }
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    /** A request for a connection; names stay names, so that the exit resolves them. */
    static byte[] connect(HostPort target) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {VERSION, CONNECT, 0});
        byte[] literal = literal(target.host());
        if (literal != null) {
            out.write(literal.length == 4 ? IPV4 : IPV6);
            out.writeBytes(literal);
        } else {
            byte[] name = target.host().getBytes(StandardCharsets.US_ASCII);
            if (name.length > 255) {
                throw new IllegalArgumentException("a host name has at most 255 bytes");
            }
            out.write(NAME);
            out.write(name.length);
            out.writeBytes(name);
        }
        out.write(target.port() >> 8);
        out.write(target.port());
        return out.toByteArray();
    }

    /** The bytes of an IP literal, null for anything else; asks nobody. */
    private static byte[] literal(String host) {
        if (!host.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}") && host.indexOf(':') < 0) {
            return null;
        }
        try {
            return InetAddress.ofLiteral(host).getAddress();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** A reply without a meaningful bound address. */
    static byte[] reply(int code) {
        return new byte[] {VERSION, (byte) code, 0, IPV4, 0, 0, 0, 0, 0, 0};
    }

    /** The code of a reply. */
    static int readReply(Link link, Deadline deadline) throws IOException {
        byte[] head = bytes(link, 4, deadline);
        if (head[0] != VERSION) {
            throw Failure.malformed("the exit's reply is not SOCKS5");
        }
        switch (head[3]) {
            case IPV4 -> bytes(link, 6, deadline);
            case IPV6 -> bytes(link, 18, deadline);
            case NAME -> bytes(link, one(link, deadline) + 2, deadline);
            default -> throw Failure.malformed("the exit's reply has address type " + head[3]);
        }
        return head[1] & 0xff;
    }

    /** What a reply code says. */
    static String text(int code) {
        return switch (code) {
            case SUCCEEDED -> "connected";
            case NOT_ALLOWED -> "the exit does not allow this target";
            case NETWORK_UNREACHABLE -> "the network of the target is unreachable from the exit";
            case HOST_UNREACHABLE -> "the exit cannot find or reach the target";
            case REFUSED -> "the target refused the connection";
            case TTL_EXPIRED -> "the target did not answer in time";
            case NO_SUCH_COMMAND -> "the exit does not serve this command";
            case NO_SUCH_ADDRESS_TYPE -> "the exit does not know this type of address";
            default -> "the exit failed to connect (code " + code + ")";
        };
    }
}
