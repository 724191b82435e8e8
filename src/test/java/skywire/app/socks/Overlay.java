package skywire.app.socks;

import java.io.IOException;
import java.time.Duration;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.link.KeyedLink;
import skywire.link.KeyedListener;
import skywire.platform.Deadline;
import skywire.platform.HostPort;
import skywire.platform.Link;
import skywire.platform.Listener;
import skywire.platform.Platform;

/** Keyed links over plain TCP, whose keys are simply believed: what a route group looks like to the proxy. */
final class Overlay implements KeyedListener {
    static final PublicKey CLIENT = SecretKey.fromSeed(new byte[] {1}).publicKey();
    static final PublicKey SERVER = SecretKey.fromSeed(new byte[] {2}).publicKey();

    private final Platform platform;
    private final Listener listener;

    Overlay(Platform platform) throws IOException {
        this.platform = platform;
        this.listener = platform.network().listen(new HostPort("127.0.0.1", 0));
    }

    /** Where its links are accepted. */
    HostPort address() {
        return listener.local();
    }

    KeyedLink dial() throws IOException {
        return new Keyed(
                platform.network().dial(listener.local(), platform.clock().in(Duration.ofSeconds(5))), SERVER);
    }

    @Override
    public KeyedLink accept() throws IOException {
        return new Keyed(listener.accept(), CLIENT);
    }

    @Override
    public int port() {
        return SocksServer.PORT;
    }

    @Override
    public void close() {
        listener.close();
    }

    private record Keyed(Link link, PublicKey remoteKey) implements KeyedLink {
        @Override
        public int remotePort() {
            return SocksServer.PORT;
        }

        @Override
        public int localPort() {
            return SocksClient.PORT;
        }

        @Override
        public int read(byte[] b, int off, int len, Deadline deadline) throws IOException {
            return link.read(b, off, len, deadline);
        }

        @Override
        public void write(byte[] b, int off, int len, Deadline deadline) throws IOException {
            link.write(b, off, len, deadline);
        }

        @Override
        public void finishWriting(Deadline deadline) throws IOException {
            link.finishWriting(deadline);
        }

        @Override
        public void close() {
            link.close();
        }

        @Override
        public String local() {
            return link.local();
        }

        @Override
        public String remote() {
            return remoteKey.hex() + ":" + remotePort();
        }
    }
}
