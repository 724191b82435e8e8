package skywire.route.setup;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.link.KeyedLink;
import skywire.link.KeyedListener;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.HostPort;
import skywire.platform.Link;
import skywire.platform.Listener;
import skywire.sim.SimHost;
import skywire.sim.Simulation;

/** Links by key and port in a simulated world: each dial says its key first. Stands in for dmsg. */
final class SimDmsg {
    private static final int BASE = 20_000;
    private static final Map<String, PublicKey> KEYS = new ConcurrentHashMap<>();

    private final Simulation sim;
    private final Map<PublicKey, SimHost> hosts = new LinkedHashMap<>();

    SimDmsg(Simulation sim) {
        this.sim = sim;
    }

    /** A key that is the same in every run. */
    static PublicKey key(String name) {
        return KEYS.computeIfAbsent(name, SimDmsg::make);
    }

    private static PublicKey make(String name) {
        try {
            return SecretKey.fromSeed(name.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                    .publicKey();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Adds a machine. */
    SimHost join(PublicKey key) {
        SimHost host = sim.host("10.0.0." + (hosts.size() + 1));
        hosts.put(key, host);
        return host;
    }

    Dialer dialer(PublicKey self) {
        return (key, port, deadline) -> {
            SimHost target = hosts.get(key);
            if (target == null) {
                throw new Failure(Failure.Kind.NOT_FOUND, "no such key");
            }
            Link link = hosts.get(self).network().dial(new HostPort(target.address(), BASE + port), deadline);
            link.write(self.bytes(), deadline);
            return new Keyed(link, key, port, port);
        };
    }

    KeyedListener listen(PublicKey self, int port) throws IOException {
        SimHost host = hosts.get(self);
        return new Accepting(host, host.network().listen(new HostPort(host.address(), BASE + port)), port);
    }

    private record Accepting(SimHost host, Listener listener, int port) implements KeyedListener {
        @Override
        public KeyedLink accept() throws IOException {
            while (true) {
                Link link = listener.accept();
                byte[] key = new byte[33];
                try {
                    link.readFully(key, 0, key.length, host.clock().in(Duration.ofSeconds(5)));
                    return new Keyed(link, PublicKey.of(key), 50_000, port);
                } catch (IOException e) {
                    link.close();
                }
            }
        }

        @Override
        public void close() {
            listener.close();
        }
    }

    record Keyed(Link link, PublicKey remoteKey, int remotePort, int localPort) implements KeyedLink {
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
            return remoteKey.brief();
        }
    }
}
