package skywire.app.socks;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import skywire.key.PublicKey;
import skywire.limit.LogLimit;
import skywire.limit.RateLimit;
import skywire.link.KeyedLink;
import skywire.link.KeyedListener;
import skywire.link.Splice;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.HostPort;
import skywire.platform.Link;
import skywire.platform.Network;
import skywire.platform.Platform;
import skywire.platform.Scope;
import skywire.yamux.Side;
import skywire.yamux.YamuxConfig;
import skywire.yamux.YamuxSession;
import skywire.yamux.YamuxStream;

/**
 * Serves SOCKS5 to other visors: each link carries a yamux session, each of its streams one SOCKS5 conversation (spec
 * resolver §7). Names are resolved here; every address is checked by the {@link TargetFilter} and dialled as that
 * address, so that a name cannot change its meaning in between.
 *
 * <p>Limits: {@value #MOST_SESSIONS} sessions, {@value #MOST_PER_KEY} of one key, {@value #MOST_STREAMS} streams in
 * each and {@value #MOST_STREAMS_PER_KEY} of one key, {@value #STREAMS_PER_SECOND} new streams per second and session.
 * Thread-safe.
 */
public final class SocksServer implements Closeable {
    /** The port on the overlay. */
    public static final int PORT = 3;

    static final int MOST_SESSIONS = 256;
    static final int MOST_PER_KEY = 8;
    static final int MOST_STREAMS = 512;
    static final int MOST_STREAMS_PER_KEY = 1024;
    static final int MOST_STREAMS_OF_ALL = 16 * 1024;
    static final int STREAMS_PER_SECOND = 100;

    static final int MOST_WRONG = 5;

    private static final Duration OWN_ADDRESSES = Duration.ofMinutes(1);
    private static final Duration DIALOGUE = Duration.ofSeconds(20);
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration IDLE = Duration.ofMinutes(30);
    private static final int MOST_TRIED = 4;
    private static final System.Logger LOG = System.getLogger(SocksServer.class.getName());

    private final Platform platform;
    private final Network network;
    private final SocksServerConfig config;
    private final Scope scope;
    private final LogLimit refusals;
    private final PerKey sessions = new PerKey(MOST_SESSIONS, MOST_PER_KEY);
    private final PerKey streams = new PerKey(MOST_STREAMS_OF_ALL, MOST_STREAMS_PER_KEY);
    private final ReentrantLock lock = new ReentrantLock();
    private TargetFilter filter; // guarded by lock
    private long filterAt; // guarded by lock; nanoTime at which the addresses of this machine were asked for
    private final LongAdder served = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder sent = new LongAdder();
    private final LongAdder received = new LongAdder();

    private SocksServer(Platform platform, SocksServerConfig config) {
        this.platform = platform;
        this.network = platform.network().forOthers();
        this.config = config;
        this.scope = new Scope(platform, "skysocks");
        this.refusals = new LogLimit(platform.clock(), LOG);
    }

    /** Serves what the listener accepts; the server owns the listener from now on. */
    public static SocksServer start(Platform platform, KeyedListener listener, SocksServerConfig config)
            throws IOException {
        var server = new SocksServer(platform, config);
        server.scope.own(listener);
        server.scope.fork("accept", () -> server.accept(listener));
        return server;
    }

    /**
     * What it has done.
     *
     * @param sessions clients connected now
     * @param streams conversations under way now
     * @param served connections made so far
     * @param refused sessions, passcodes and targets refused so far
     * @param sent bytes sent to clients
     * @param received bytes received from clients
     */
    public record Status(int sessions, int streams, long served, long refused, long sent, long received) {}

    /** What it has done. */
    public Status status() {
        return new Status(sessions.total(), streams.total(), served.sum(), refused.sum(), sent.sum(), received.sum());
    }

    private void accept(KeyedListener listener) throws IOException {
        while (true) {
            KeyedLink link = listener.accept();
            PublicKey key = link.remoteKey();
            if (!config.clients().isEmpty() && !config.clients().contains(key)) {
                refuse("a client with key " + key.brief() + " is not on the list");
                link.close();
            } else if (!sessions.enter(key)) {
                refuse("too many sessions");
                link.close();
            } else {
                start(link, key);
            }
        }
    }

    private void start(KeyedLink link, PublicKey key) throws IOException {
        try {
            scope.forkChild(key.brief(), () -> serve(link, key));
        } catch (IOException e) {
            link.close(); // this server has ended
            throw e;
        }
    }

    private void refuse(String why) {
        refused.increment();
        refusals.log(System.Logger.Level.INFO, "refused: " + why);
    }

    private void serve(KeyedLink link, PublicKey key) throws IOException {
        var name = scope.name() + "/" + key.brief();
        var yamux = YamuxConfig.SERVER.withMaxStreams(MOST_STREAMS).overRoute();
        try (var inner = new Scope(platform, name);
                YamuxSession session = YamuxSession.open(
                        platform, name + "/yamux", new CountedLink(link, sent, received), Side.SERVER, yamux)) {
            Closeable ending = () -> inner.end(null);
            scope.own(ending);
            inner.own(session);
            inner.own(link);
            try {
                var rate = new RateLimit(platform.clock(), STREAMS_PER_SECOND, 5 * STREAMS_PER_SECOND);
                var wrong = new AtomicInteger();
                while (true) {
                    YamuxStream stream = session.accept();
                    if (!rate.take()) {
                        refuse("streams of " + key.brief() + " come too fast");
                        stream.close();
                    } else if (!streams.enter(key)) {
                        refuse("too many streams of " + key.brief());
                        stream.close();
                    } else {
                        converse(inner, stream, key, wrong);
                    }
                }
            } finally {
                scope.disown(ending);
            }
        } finally {
            link.close(); // also if there never was a session on it
            sessions.leave(key);
        }
    }

    private void converse(Scope session, YamuxStream stream, PublicKey key, AtomicInteger wrong) throws IOException {
        try {
            session.forkChild("stream", () -> {
                try {
                    converse(session, stream, wrong);
                } finally {
                    streams.leave(key);
                }
            });
        } catch (IOException e) {
            streams.leave(key); // the session has ended, and the stream with it
            throw e;
        }
    }

    /**
     * One connection of a client.
     *
     * @param wrong passcodes of this client that were wrong; with too many its session ends, as guessing has to be slow
     */
    private void converse(Scope session, YamuxStream stream, AtomicInteger wrong) throws IOException {
        try {
            session.own(stream);
            Deadline deadline = platform.clock().in(DIALOGUE);
            if (!authenticated(stream, deadline)) {
                if (wrong.incrementAndGet() >= MOST_WRONG) {
                    session.end(new Failure(Failure.Kind.REFUSED, "too many wrong passcodes"));
                }
                return;
            }
            Link target = connect(stream, deadline);
            if (target != null) {
                served.increment();
                Splice.run(platform, session, stream, target, IDLE);
            }
        } finally {
            session.disown(stream);
            stream.close();
        }
    }

    private boolean authenticated(Link client, Deadline deadline) throws IOException {
        byte[] methods = Socks.readGreeting(client, deadline);
        int wanted = config.passcode().isPresent() ? Socks.PASSWORD : Socks.NO_AUTHENTICATION;
        if (!Socks.offers(methods, wanted)) {
            finish(client, Socks.choice(Socks.NONE_ACCEPTABLE), deadline);
            return false;
        }
        client.write(Socks.choice(wanted), deadline);
        if (wanted == Socks.NO_AUTHENTICATION) {
            return true;
        }
        Socks.Credentials said = Socks.readCredentials(client, deadline);
        byte[] code = config.passcode().orElseThrow().getBytes(StandardCharsets.UTF_8);
        // Both are compared, in constant time; the public network's servers take the code in either place.
        boolean fits = MessageDigest.isEqual(code, said.user()) | MessageDigest.isEqual(code, said.password());
        if (!fits) {
            refuse("a wrong passcode");
            finish(client, Socks.verdict(false), deadline);
            return false;
        }
        client.write(Socks.verdict(true), deadline);
        return true;
    }

    /** A last message; the peer reads it before the end. */
    private static void finish(Link client, byte[] message, Deadline deadline) throws IOException {
        client.write(message, deadline);
        client.finishWriting(deadline);
    }

    /** Reads the request and connects; null if a reply has said why not. */
    private Link connect(Link client, Deadline deadline) throws IOException {
        try {
            Socks.Request request = Socks.readRequest(client, deadline);
            if (request.command() != Socks.CONNECT) {
                throw new Socks.Unserved(Socks.NO_SUCH_COMMAND, "command " + request.command());
            }
            Link target = dial(request.target(), platform.clock().in(CONNECT).orEarlier(deadline));
            try {
                client.write(Socks.reply(Socks.SUCCEEDED), deadline);
            } catch (IOException e) {
                target.close();
                throw e;
            }
            return target;
        } catch (Socks.Unserved e) {
            finish(client, Socks.reply(e.reply), deadline);
            return null;
        }
    }

    private Link dial(HostPort target, Deadline deadline) throws Socks.Unserved {
        List<InetAddress> permitted = permitted(target, deadline);
        Socks.Unserved last = null;
        for (InetAddress address : permitted) {
            try {
                return network.dial(new HostPort(address.getHostAddress(), target.port()), deadline);
            } catch (IOException e) {
                last = new Socks.Unserved(reply(Failure.kindOf(e)), Failure.text(e));
            }
        }
        throw last;
    }

    private List<InetAddress> permitted(HostPort target, Deadline deadline) throws Socks.Unserved {
        List<InetAddress> all;
        try {
            all = network.resolve(target.host(), deadline);
        } catch (IOException e) {
            throw new Socks.Unserved(Socks.HOST_UNREACHABLE, Failure.text(e));
        }
        TargetFilter current = filter();
        List<InetAddress> permitted = all.stream()
                .filter(address -> current.permits(address, target.port()))
                .limit(MOST_TRIED)
                .toList();
        if (permitted.isEmpty()) {
            refuse("a target that is not allowed");
            throw new Socks.Unserved(Socks.NOT_ALLOWED, "not allowed");
        }
        return permitted;
    }

    /** The configured one, which also knows the addresses this machine has now. */
    private TargetFilter filter() {
        long now = platform.clock().nanoTime();
        lock.lock();
        try {
            if (filter != null && now - filterAt < OWN_ADDRESSES.toNanos()) {
                return filter;
            }
        } finally {
            lock.unlock();
        }
        TargetFilter fresh = config.filter().withOwn(network.ownAddresses());
        lock.lock();
        try {
            filter = fresh;
            filterAt = now;
        } finally {
            lock.unlock();
        }
        return fresh;
    }

    private static int reply(Failure.Kind kind) {
        return switch (kind) {
            case REFUSED -> Socks.REFUSED;
            case TIMEOUT -> Socks.TTL_EXPIRED;
            case UNREACHABLE, NOT_FOUND -> Socks.HOST_UNREACHABLE;
            case CLOSED_HERE, CLOSED_THERE, UNTRUSTED, MALFORMED, LIMIT, CANCELLED -> Socks.FAILED;
        };
    }

    /** Stops serving and ends all conversations. */
    @Override
    public void close() {
        scope.close();
    }
}
