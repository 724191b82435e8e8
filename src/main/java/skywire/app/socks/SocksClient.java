package skywire.app.socks;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import skywire.control.Progress;
import skywire.link.KeyedLink;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.HostPort;
import skywire.platform.Link;
import skywire.platform.Listener;
import skywire.platform.Platform;
import skywire.platform.Scope;
import skywire.yamux.Side;
import skywire.yamux.YamuxConfig;
import skywire.yamux.YamuxSession;
import skywire.yamux.YamuxStream;

/**
 * A local SOCKS5 (and HTTP) proxy whose exit is another visor: one link to the exit, a yamux session on it, a stream
 * per connection (spec resolver §7). When the link ends it is dialled again, for as long as the client is open.
 * Thread-safe.
 */
public final class SocksClient implements Closeable {
    /** The port on the overlay that the public network's clients use for themselves. */
    public static final int PORT = 13;

    private static final Duration FIRST_BACKOFF = Duration.ofSeconds(1);
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(15);
    private static final Duration REDIAL = Duration.ofSeconds(60);
    /** How often the exit is asked whether it is there: while connections are open, and while none is. */
    private static final Duration CHECK = Duration.ofSeconds(3);

    /** How long a program waits for the link to the exit: then it is told, rather than left to wonder. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Duration IDLE_CHECK = Duration.ofSeconds(15);

    private static final System.Logger LOG = System.getLogger(SocksClient.class.getName());

    /** How it is. */
    public enum State {
        /** The exit answers. */
        RUNNING,
        /** The link to the exit has ended and is being dialled again. */
        RECONNECTING,
        /** It was closed. */
        STOPPED
    }

    private final Platform platform;
    private final SocksClientConfig config;
    private final ExitDialer dialer;
    private final Scope scope;
    private final LongAdder sent = new LongAdder();
    private final LongAdder received = new LongAdder();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private YamuxSession session; // guarded by lock; null while there is none
    private KeyedLink link; // guarded by lock; the session's
    private Pulse pulse; // guarded by lock; the session's, used by the keeper's thread
    private Duration rtt; // guarded by lock; null while unknown
    private String broke; // guarded by lock; why the last session ended, null if none has
    private String redial; // guarded by lock; why the last dial since then failed, null if none has
    private long upSince; // guarded by lock; nanoTime
    private boolean closed; // guarded by lock
    private HostPort socksAt; // written once in start
    private HostPort httpAt; // written once in start; null if there is none

    private SocksClient(Platform platform, SocksClientConfig config, ExitDialer dialer) {
        this.platform = platform;
        this.config = config;
        this.dialer = dialer;
        this.scope = new Scope(platform, "proxy/" + config.name());
    }

    /**
     * Opens the local addresses, dials the exit and makes sure that it serves. On failure nothing is left behind.
     *
     * @param progress hears the stages
     */
    public static SocksClient start(
            Platform platform, SocksClientConfig config, ExitDialer dialer, Progress progress, Deadline deadline)
            throws IOException {
        var client = new SocksClient(platform, config, dialer);
        try {
            Listener socks = client.scope.own(platform.network().listen(config.socks()));
            client.socksAt = socks.local();
            Listener http = null;
            if (config.http().isPresent()) {
                http = client.scope.own(platform.network().listen(config.http().get()));
                client.httpAt = http.local();
            }
            client.connect(progress, deadline);
            client.serve(socks, http);
            return client;
        } catch (IOException | RuntimeException e) {
            client.close();
            throw e;
        }
    }

    private void serve(Listener socks, Listener http) throws IOException {
        scope.fork("socks", () -> new SocksFront(platform, scope, this, config.passcode()).accept(socks));
        if (http != null) {
            scope.fork("http", () -> new HttpFront(platform, scope, this, config.passcode()).accept(http));
        }
        scope.fork("keeper", this::keep);
    }

    /**
     * How it is.
     *
     * @param socks where SOCKS5 listens
     * @param http where HTTP listens
     * @param rtt time to the exit and back, when last measured
     * @param streams connections under way
     * @param uptime how long the present session has been up
     * @param error why the last session ended and, while there is no other, why it cannot be dialled again
     */
    public record Status(
            State state,
            HostPort socks,
            Optional<HostPort> http,
            Optional<Duration> rtt,
            int streams,
            long sent,
            long received,
            Duration uptime,
            Optional<String> error) {}

    /** How it is. */
    public Status status() {
        lock.lock();
        try {
            State state = closed ? State.STOPPED : session == null ? State.RECONNECTING : State.RUNNING;
            Duration uptime = session == null
                    ? Duration.ZERO
                    : Duration.ofNanos(platform.clock().nanoTime() - upSince);
            return new Status(
                    state,
                    socksAt,
                    Optional.ofNullable(httpAt),
                    Optional.ofNullable(rtt),
                    session == null ? 0 : session.streamCount(),
                    sent.sum(),
                    received.sum(),
                    uptime,
                    Optional.ofNullable(errorLocked()));
        } finally {
            lock.unlock();
        }
    }

    /** What it was told. */
    public SocksClientConfig config() {
        return config;
    }

    /** The link to the exit, while there is one. */
    public Optional<KeyedLink> link() {
        lock.lock();
        try {
            return Optional.ofNullable(link);
        } finally {
            lock.unlock();
        }
    }

    /** Ends the link to the exit, so that another one is dialled, maybe by another route. */
    public void reconnect(String why) {
        YamuxSession old;
        lock.lock();
        try {
            old = session;
            broke = why;
            redial = null;
        } finally {
            lock.unlock();
        }
        if (old != null) {
            old.close();
        }
    }

    /** A stream to the exit; while the link is being dialled again, waits for it, but not for long. */
    YamuxStream open(Deadline deadline) throws IOException {
        YamuxSession current;
        Deadline linked = deadline.orEarlier(platform.clock(), PATIENCE);
        lock.lock();
        try {
            while (session == null) {
                if (closed) {
                    throw Failure.closedHere(config.name());
                }
                if (!platform.clock().await(lock, changed, linked) && session == null) {
                    throw new Failure(
                            Failure.Kind.UNREACHABLE,
                            "no link to the exit" + (errorLocked() == null ? "" : ": " + errorLocked()));
                }
            }
            current = session;
        } finally {
            lock.unlock();
        }
        return current.open(deadline);
    }

    /**
     * A stream on which greeting and password are done. If the link to the exit was just ending, the next link is used:
     * the program need not know.
     *
     * @param first sent along with the greeting, so that its answer comes with the greeting's
     */
    Link greeted(Optional<String> passcode, byte[] first, Deadline deadline) throws IOException {
        YamuxSession before = current();
        try {
            return greet(open(deadline), passcode, first, deadline);
        } catch (IOException e) {
            if (before == null || !before.isClosed()) {
                throw e;
            }
        }
        awaitEnd(before, deadline);
        return greet(open(deadline), passcode, first, deadline);
    }

    private static Link greet(YamuxStream stream, Optional<String> passcode, byte[] first, Deadline deadline)
            throws IOException {
        try {
            Greeting.say(stream, passcode, first, deadline);
            return stream;
        } catch (IOException e) {
            stream.close();
            throw e;
        }
    }

    private YamuxSession current() {
        lock.lock();
        try {
            return session;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until a session that is closed is also taken out. */
    private void awaitEnd(YamuxSession old, Deadline deadline) throws IOException {
        lock.lock();
        try {
            while (session == old) {
                if (!platform.clock().await(lock, changed, deadline)) {
                    throw Failure.timeout("the end of the old link");
                }
            }
        } finally {
            lock.unlock();
        }
    }

    // ---- the link to the exit ----

    /** Dials, checks that the exit serves, and installs the session. */
    private void connect(Progress progress, Deadline deadline) throws IOException {
        KeyedLink fresh = scope.own(dialer.dial(progress, deadline));
        YamuxSession made = null;
        var counted = new CountedLink(fresh, sent, received);
        try {
            made = YamuxSession.open(
                    platform, scope.name() + "/yamux", counted, Side.CLIENT, YamuxConfig.CLIENT.overRoute());
            progress.stage("asking the exit", "does it serve?");
            long before = platform.clock().nanoTime();
            check(made, deadline.orEarlier(platform.clock(), Pulse.ANSWER));
            Duration measured = Duration.ofNanos(platform.clock().nanoTime() - before);
            install(made, fresh, new Pulse(platform.clock(), made, counted), measured);
        } catch (IOException e) {
            if (made != null) {
                made.close();
            }
            scope.disown(fresh);
            fresh.close();
            throw e;
        }
    }

    /** One greeting, so that a missing passcode or a key that is not on the exit's list shows at once. */
    private void check(YamuxSession candidate, Deadline deadline) throws IOException {
        try (YamuxStream stream = candidate.open(deadline)) {
            Greeting.say(stream, config.passcode(), new byte[0], deadline);
        } catch (Failure e) {
            if (e.kind() == Failure.Kind.TIMEOUT) {
                throw new Failure(Failure.Kind.TIMEOUT, "the exit did not answer in time", e);
            }
            throw e;
        } catch (java.io.EOFException e) {
            throw refused(e);
        }
    }

    private static Failure refused(IOException e) {
        return new Failure(
                Failure.Kind.REFUSED,
                "the exit closed the link (it may serve only the keys on its list, or nobody)",
                e);
    }

    private void install(YamuxSession made, KeyedLink itsLink, Pulse itsPulse, Duration measured) throws Failure {
        lock.lock();
        try {
            if (closed) {
                throw Failure.closedHere(config.name());
            }
            session = made;
            redial = null;
            link = itsLink;
            pulse = itsPulse;
            rtt = measured;
            upSince = platform.clock().nanoTime();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        made.onEnd(() -> ended(made, itsLink));
    }

    private void ended(YamuxSession old, KeyedLink itsLink) {
        String why = Failure.text(old.ended());
        lock.lock();
        try {
            if (session == old) {
                session = null;
                link = null;
                if (old.ended().kind() != Failure.Kind.CLOSED_HERE) {
                    broke = why;
                }
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
        itsLink.close();
        scope.disown(itsLink);
    }

    /** Watches the session, and makes a new one when it has ended. */
    private void keep() throws IOException {
        Duration backoff = FIRST_BACKOFF;
        Deadline due = platform.clock().in(IDLE_CHECK);
        while (true) {
            YamuxSession current = awaitEndOrCheck();
            if (current != null) {
                backoff = FIRST_BACKOFF;
                if (current.streamCount() > 0 || due.passed()) {
                    probe();
                    due = platform.clock().in(IDLE_CHECK);
                }
                continue;
            }
            try {
                LOG.log(System.Logger.Level.INFO, () -> "link to the exit ended (" + lastError() + "), dialling again");
                connect(Progress.NONE, platform.clock().in(REDIAL));
                LOG.log(System.Logger.Level.INFO, "link to the exit is up again");
            } catch (IOException e) {
                if (Failure.kindOf(e) == Failure.Kind.CANCELLED || scope.isClosed()) {
                    throw e;
                }
                remember(e);
                platform.clock().sleep(backoff);
                backoff = backoff.multipliedBy(2).compareTo(LONGEST_BACKOFF) < 0
                        ? backoff.multipliedBy(2)
                        : LONGEST_BACKOFF;
            }
        }
    }

    private void remember(IOException e) {
        lock.lock();
        try {
            redial = Failure.text(e);
        } finally {
            lock.unlock();
        }
    }

    private String lastError() {
        lock.lock();
        try {
            return errorLocked() == null ? "closed" : errorLocked();
        } finally {
            lock.unlock();
        }
    }

    /** What broke stays said while dialling again fails: it is what the operator can do something about. */
    private String errorLocked() {
        if (broke == null || redial == null) {
            return broke == null ? redial : broke;
        }
        return broke + "; dialling again: " + redial;
    }

    /** The session, after a while; null at once when there is none. */
    private YamuxSession awaitEndOrCheck() throws IOException {
        Deadline next = platform.clock().in(CHECK);
        lock.lock();
        try {
            while (session != null && !closed && platform.clock().await(lock, changed, next)) {
                continue;
            }
            if (closed) {
                throw Failure.closedHere(config.name()); // no route is set up only to be taken down again
            }
            return session;
        } finally {
            lock.unlock();
        }
    }

    private void probe() throws IOException {
        Pulse its;
        Optional<ExitLink> way;
        lock.lock();
        try {
            its = pulse;
            way = link instanceof ExitLink exit ? Optional.of(exit) : Optional.empty();
        } finally {
            lock.unlock();
        }
        Optional<String> trouble = its.trouble(way);
        lock.lock();
        try {
            rtt = its.rtt().orElse(rtt);
        } finally {
            lock.unlock();
        }
        trouble.ifPresent(this::reconnect);
    }

    /** Stops listening and ends all connections. */
    @Override
    public void close() {
        YamuxSession old;
        lock.lock();
        try {
            closed = true;
            old = session;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (old != null) {
            old.close();
        }
        scope.close();
    }
}
