package skywire.platform;

import java.io.IOException;
import java.nio.file.Path;

/** The network of a world. Thread-safe. */
public interface Network {
    /** Connects over TCP (no delay, keep-alive). Fails with {@code UNREACHABLE}, {@code REFUSED} or {@code TIMEOUT}. */
    Link dial(HostPort to, Deadline deadline) throws IOException;

    /** Listens on TCP; port 0 takes any. Fails with {@code REFUSED} if the port is taken. */
    Listener listen(HostPort at) throws IOException;

    /** Connects to a Unix-domain socket. */
    Link dial(Path socket, Deadline deadline) throws IOException;

    /** Listens on a Unix-domain socket, mode 0600; a stale socket file nobody answers on is replaced. */
    Listener listen(Path socket) throws IOException;

    /**
     * The addresses of a host, IP literals without asking anybody.
     *
     * @throws Failure of kind {@code NOT_FOUND} if it has none
     */
    java.util.List<java.net.InetAddress> resolve(String host, Deadline deadline) throws IOException;

    /**
     * The same for the traffic of others, as at an exit: dialling fails with {@code LIMIT} while few descriptors are left
     * and fewer names are looked up at once, so that enough of both stays for this node.
     */
    default Network forOthers() {
        return this;
    }

    /** The addresses this machine has at present, as far as they are known. */
    default java.util.List<java.net.InetAddress> ownAddresses() {
        return java.util.List.of();
    }
}
