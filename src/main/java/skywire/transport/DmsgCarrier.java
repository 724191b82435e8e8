package skywire.transport;

import java.io.IOException;
import skywire.key.PublicKey;
import skywire.link.KeyedLink;
import skywire.link.KeyedListener;
import skywire.platform.Deadline;

/** dmsg streams as a carrier: they are authenticated and encrypted already (transport §4). Thread-safe. */
public final class DmsgCarrier implements Carrier {
    /** The type of its transports. */
    public static final String TYPE = "dmsg";

    private final Dialer dialer;
    private final KeyedListener listener;

    /** Opens a stream to a key and port. */
    @FunctionalInterface
    public interface Dialer {
        /** The stream; the caller owns it. */
        KeyedLink dial(PublicKey key, int port, Deadline deadline) throws IOException;
    }

    /** Takes over the listener, which listens on {@link Carrier#PORT}. */
    public DmsgCarrier(Dialer dialer, KeyedListener listener) {
        this.dialer = dialer;
        this.listener = listener;
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public KeyedLink dial(PublicKey to, Deadline deadline) throws IOException {
        return dialer.dial(to, PORT, deadline);
    }

    @Override
    public KeyedLink accept() throws IOException {
        return listener.accept();
    }

    @Override
    public void close() {
        listener.close();
    }
}
