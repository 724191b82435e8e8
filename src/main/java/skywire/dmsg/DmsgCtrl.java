package skywire.dmsg;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import skywire.key.PublicKey;
import skywire.link.KeyedLink;
import skywire.link.KeyedListener;
import skywire.platform.Clock;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Link;
import skywire.platform.Platform;
import skywire.platform.Scope;

/**
 * dmsgctrl: says to anybody who asks on {@link #PORT} that this client is alive, and asks others (spec dmsg §5). Messages
 * of one byte; one that is neither ping nor pong ends the stream. Thread-safe.
 */
public final class DmsgCtrl implements Closeable {
    /** The port of dmsgctrl. */
    public static final int PORT = 7;

    /** Streams answered at once; more are closed. */
    public static final int MAX_STREAMS = 256;

    /** Streams of one caller answered at once; more are closed. */
    public static final int MAX_PER_KEY = 4;

    /** A stream without a ping for so long is closed. */
    public static final Duration IDLE_LIMIT = Duration.ofMinutes(2);

    private static final Duration WRITE_LIMIT = Duration.ofSeconds(10);
    private static final byte PING = 0x09;
    private static final byte PONG = 0x0a;
    private static final System.Logger LOG = System.getLogger(DmsgCtrl.class.getName());

    private final Platform platform;
    private final KeyedListener listener;
    private final Scope scope;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<PublicKey, Integer> open = new HashMap<>(); // guarded by lock; streams per caller
    private int all; // guarded by lock

    private DmsgCtrl(Platform platform, KeyedListener listener) {
        this.platform = platform;
        this.listener = listener;
        this.scope = new Scope(platform, "dmsgctrl");
    }

    /** Starts answering; takes over the listener, which is one on {@link #PORT}. */
    public static DmsgCtrl start(Platform platform, KeyedListener listener) throws IOException {
        var ctrl = new DmsgCtrl(platform, listener);
        ctrl.scope.own(listener);
        ctrl.scope.fork("accept", ctrl::accept);
        return ctrl;
    }

    /**
     * Asks whether a client is alive, over a stream of its own.
     *
     * @return the round trip of the ping alone, without the dial
     * @throws Failure as {@link DmsgClient#dial}; of kind {@code TIMEOUT} if it does not answer
     */
    public static Duration ping(Platform platform, DmsgClient client, PublicKey key, Deadline deadline)
            throws IOException {
        try (DmsgStream stream = client.dial(new DmsgAddress(key, PORT), deadline)) {
            return ping(platform.clock(), stream, deadline);
        }
    }

    /** Sends a ping over a control stream, answers those of the other end meanwhile, and waits for the pong. */
    static Duration ping(Clock clock, Link stream, Deadline deadline) throws IOException {
        long begin = clock.nanoTime();
        stream.write(new byte[] {PING}, deadline);
        while (!isPong(stream, deadline)) {
            stream.write(new byte[] {PONG}, deadline);
        }
        return Duration.ofNanos(clock.nanoTime() - begin);
    }

    private static boolean isPong(Link stream, Deadline deadline) throws IOException {
        var message = new byte[1];
        stream.readFully(message, 0, 1, deadline);
        return switch (message[0]) {
            case PING -> false;
            case PONG -> true;
            default -> throw Failure.malformed("dmsgctrl message " + message[0]);
        };
    }

    private void accept() throws IOException {
        while (true) {
            KeyedLink stream = listener.accept();
            if (enter(stream.remoteKey())) {
                scope.own(stream);
                scope.forkChild(stream.remoteKey().brief(), () -> serve(stream));
            } else {
                stream.close();
            }
        }
    }

    private void serve(KeyedLink stream) {
        try {
            while (true) {
                if (!isPong(stream, platform.clock().in(IDLE_LIMIT))) {
                    stream.write(new byte[] {PONG}, platform.clock().in(WRITE_LIMIT));
                }
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, () -> stream.remoteKey().brief() + ": " + Failure.text(e));
        } finally {
            stream.close();
            scope.disown(stream);
            leave(stream.remoteKey());
        }
    }

    private boolean enter(PublicKey caller) {
        lock.lock();
        try {
            int mine = open.getOrDefault(caller, 0);
            if (all >= MAX_STREAMS || mine >= MAX_PER_KEY) {
                return false;
            }
            open.put(caller, mine + 1);
            all++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void leave(PublicKey caller) {
        lock.lock();
        try {
            all--;
            open.computeIfPresent(caller, (key, n) -> n == 1 ? null : n - 1);
        } finally {
            lock.unlock();
        }
    }

    /** Streams being answered. */
    public int open() {
        lock.lock();
        try {
            return all;
        } finally {
            lock.unlock();
        }
    }

    /** Stops answering and ends all streams. */
    @Override
    public void close() {
        scope.close();
    }
}
