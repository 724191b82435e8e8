package skywire.interop;

import java.io.Closeable;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import skywire.key.PublicKey;
import skywire.platform.HostPort;

/** A visor, ours or the reference's, as the matrix uses it. One thread. */
interface Node extends Closeable {
    /** {@code J1} is one of ours, {@code G2} one of the reference's. */
    String name();

    /** Its key. */
    PublicKey key();

    /** Where it takes stcp transports. */
    HostPort stcp();

    /** Starts it, with the addresses of all. */
    void start(Iterable<Node> all) throws Exception;

    /** Ends it without a word, as by a power cut; it can be started again. */
    void kill() throws Exception;

    /** Dials a transport. */
    void connect(Node to, String type) throws Exception;

    /** The transports it has. */
    Set<UUID> transports() throws Exception;

    /** Ends all its transports. */
    void disconnect() throws Exception;

    /** How many routing rules it has; empty if it cannot be asked. */
    OptionalInt rules() throws Exception;

    /** Starts a SOCKS proxy that leads to an exit, and returns where it listens. */
    HostPort proxy(Node exit) throws Exception;

    /** Stops the proxy. */
    void stopProxy() throws Exception;
}
