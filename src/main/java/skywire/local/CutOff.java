package skywire.local;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.locks.ReentrantLock;
import skywire.platform.Clock;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.HostPort;
import skywire.platform.Link;
import skywire.platform.Listener;
import skywire.platform.Network;
import skywire.platform.Platform;

/**
 * The world of one visor among others in this process. It can be cut off: then all it has open is closed without a word,
 * and it opens nothing more, as the system does with a process that has crashed. Thread-safe.
 */
final class CutOff implements Platform {
    private final Platform platform;
    private final Network network;
    private final ReentrantLock lock = new ReentrantLock();
    // Guarded by lock. Whatever was closed and forgotten leaves by itself.
    private final Set<Closeable> open = Collections.newSetFromMap(new WeakHashMap<>());
    private boolean cut; // guarded by lock

    CutOff(Platform platform) {
        this.platform = platform;
        this.network = new Cut(platform.network());
    }

    /** Closes everything, from now on. */
    void cut() {
        List<Closeable> all;
        lock.lock();
        try {
            cut = true;
            all = new ArrayList<>(open);
        } finally {
            lock.unlock();
        }
        for (Closeable one : all) {
            close(one);
        }
    }

    private static void close(Closeable one) {
        try {
            one.close();
        } catch (IOException e) {
            System.getLogger(CutOff.class.getName()).log(System.Logger.Level.DEBUG, "cutting off", e);
        }
    }

    private <T extends Closeable> T keep(T opened) throws Failure {
        lock.lock();
        try {
            if (!cut) {
                open.add(opened);
                return opened;
            }
        } finally {
            lock.unlock();
        }
        close(opened);
        throw gone();
    }

    private void check() throws Failure {
        lock.lock();
        try {
            if (cut) {
                throw gone();
            }
        } finally {
            lock.unlock();
        }
    }

    private static Failure gone() {
        return new Failure(Failure.Kind.UNREACHABLE, "this visor was killed");
    }

    /** A network of which everything is kept. */
    private final class Cut implements Network {
        private final Network network;

        Cut(Network network) {
            this.network = network;
        }

        @Override
        public Link dial(HostPort to, Deadline deadline) throws IOException {
            check();
            return keep(network.dial(to, deadline));
        }

        @Override
        public Listener listen(HostPort at) throws IOException {
            check();
            return new Kept(keep(network.listen(at)));
        }

        @Override
        public Link dial(Path socket, Deadline deadline) throws IOException {
            check();
            return keep(network.dial(socket, deadline));
        }

        @Override
        public Listener listen(Path socket) throws IOException {
            check();
            return new Kept(keep(network.listen(socket)));
        }

        @Override
        public List<InetAddress> resolve(String host, Deadline deadline) throws IOException {
            check();
            return network.resolve(host, deadline);
        }

        @Override
        public List<InetAddress> ownAddresses() {
            return network.ownAddresses();
        }

        @Override
        public Network forOthers() {
            return new Cut(network.forOthers());
        }
    }

    /** Keeps what is accepted as well. */
    private final class Kept implements Listener {
        private final Listener listener;

        Kept(Listener listener) {
            this.listener = listener;
        }

        @Override
        public Link accept() throws IOException {
            return keep(listener.accept());
        }

        @Override
        public HostPort local() {
            return listener.local();
        }

        @Override
        public void close() {
            listener.close();
        }
    }

    @Override
    public Clock clock() {
        return platform.clock();
    }

    @Override
    public Network network() {
        return network;
    }

    @Override
    public SecureRandom random() {
        return platform.random();
    }

    @Override
    public Thread start(String name, Runnable body) {
        return platform.start(name, body);
    }
}
