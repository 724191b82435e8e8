package skywire.yamux;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import skywire.limit.RateLimit;
import skywire.platform.Clock;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Link;
import skywire.platform.Platform;
import skywire.platform.Scope;

/**
 * Many streams over one link (dmsg §3). Owns the link. Thread-safe.
 *
 * <p>One thread reads; a second one writes while there is something to write. Every way in which the peer can break the
 * protocol, and every limit it can exceed, ends the session; everybody waiting on it gets the reason.
 */
public final class YamuxSession implements Closeable {
    /** Opened streams that may wait for their acknowledgement. */
    private static final int MAX_UNACKNOWLEDGED = 256;

    private static final Duration PEER_WAIT = Duration.ofMillis(200);
    /** How long a peer may keep its side of a stream open that we have closed. */
    private static final Duration LINGER = Duration.ofSeconds(10);
    /** Frames without content: so many per second on average, so many at once. */
    private static final int IDLE_TALK_RATE = 1_000;

    private static final int IDLE_TALK_BURST = 10_000;
    /** Streams that the peer opens and resets with nothing done for it. */
    private static final int RESET_RATE = 20;

    private static final int RESET_BURST = 200;

    private static final System.Logger LOG = System.getLogger(YamuxSession.class.getName());

    private final Platform platform;
    private final String name;
    private final Link link;
    private final Side side;
    /** Bytes by which the windows of all streams of a session may have grown. */
    private static final int MOST_GROWTH = 16 * 1024 * 1024;

    private final YamuxConfig config;
    private final long origin;
    private final AtomicInteger growth = new AtomicInteger();
    private final Consumer<YamuxStream> acceptor; // null: accept()
    private final Outbox outbox;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Integer, YamuxStream> streams = new HashMap<>(4); // guarded by lock, like everything below
    private final ArrayDeque<YamuxStream> backlog = new ArrayDeque<>(1);
    private final List<Pending> pings = new ArrayList<>(0);
    private List<Runnable> onEnd = new ArrayList<>(1);
    private ArrayDeque<Lingering> lingering; // null while no thread looks after them
    private Condition noMoreLinger; // made with the first of them
    private int nextId;
    private int nextPing;
    private int unacknowledged;
    private boolean peerGoesAway;
    private boolean goingAway;
    private Failure ended;

    private volatile long received; // bytes of data; written by the reader thread only
    private boolean heard; // reader thread only; the peer has said something
    private RateLimit idleTalk; // reader thread only; made when first needed
    private RateLimit resets; // reader thread only; made when first needed

    private static final class Pending {
        private final int id;
        private final long sentAt;
        private long answeredAt;
        private boolean answered;

        Pending(int id, long sentAt) {
            this.id = id;
            this.sentAt = sentAt;
        }
    }

    private record Lingering(YamuxStream stream, Deadline until) {}

    private YamuxSession(
            Platform platform, String name, Link link, Side side, YamuxConfig config, Consumer<YamuxStream> acceptor) {
        this.platform = platform;
        this.name = name;
        this.link = link;
        this.side = side;
        this.config = config;
        this.origin = platform.clock().nanoTime() - 1;
        this.acceptor = acceptor;
        this.nextId = side == Side.CLIENT ? 1 : 2;
        this.outbox = new Outbox(platform, link, this, config.writeLimit());
    }

    /** Nanoseconds of this session; above 0. */
    long now() {
        return clock().nanoTime() - origin;
    }

    /** By how much the window of a stream may grow now: to twice as much, or not at all. */
    int moreWindow(int window) {
        if (window > config.mostWindow() / 2) {
            return 0;
        }
        if (growth.addAndGet(window) > MOST_GROWTH) {
            growth.addAndGet(-window);
            return 0;
        }
        return window;
    }

    private void lessWindow(int grown) {
        growth.addAndGet(-grown);
    }

    /** Starts a session on a link, which it owns from now on; its streams are taken with {@link #accept}. */
    public static YamuxSession open(Platform platform, String name, Link link, Side side, YamuxConfig config) {
        return open(platform, name, link, side, config, null);
    }

    /**
     * Starts a session that hands each stream of the peer to {@code acceptor} instead of keeping it for {@link #accept}:
     * no thread waits for the next one. It runs on the reader thread and must not wait; usually it starts a thread.
     */
    public static YamuxSession open(
            Platform platform, String name, Link link, Side side, YamuxConfig config, Consumer<YamuxStream> acceptor) {
        var session = new YamuxSession(platform, name, link, side, config, acceptor);
        if (config.waitForPeer()) {
            session.outbox.hold(PEER_WAIT);
        }
        if (config.pingAtOnce()) {
            session.askForLife();
        }
        var reader = new FrameReader(link, session, config.keepAlive());
        platform.start(name + "/reader", () -> session.guard(reader::run));
        return session;
    }

    // ---- what the owner does ----

    /** Opens a stream; it can be written to at once, the peer's consent is not awaited. */
    public YamuxStream open(Deadline deadline) throws IOException {
        YamuxStream stream;
        lock.lock();
        try {
            while (ended == null && !peerGoesAway && unacknowledged >= MAX_UNACKNOWLEDGED) {
                if (!clock().await(lock, changed, deadline) && deadline.passed()) {
                    throw Failure.timeout("opening a stream of " + name);
                }
            }
            checkOpenable();
            stream = new YamuxStream(this, outbox, nextId, false, Frame.WINDOW);
            streams.put(nextId, stream);
            nextId += 2;
            unacknowledged++;
            outbox.control(Frame.WINDOW_UPDATE, Frame.SYN, stream.id(), 0);
        } finally {
            lock.unlock();
        }
        outbox.kick();
        return stream;
    }

    private void checkOpenable() throws Failure {
        if (ended != null) {
            throw new Failure(ended.kind(), ended.getMessage(), ended);
        }
        if (peerGoesAway || nextId < 0) {
            throw new Failure(Failure.Kind.CLOSED_THERE, name + " takes no more streams");
        }
        if (streams.size() >= config.maxStreams()) {
            throw new Failure(Failure.Kind.LIMIT, name + " has " + streams.size() + " streams");
        }
    }

    /** Waits for the next stream that the peer opens and acknowledges it. */
    public YamuxStream accept() throws IOException {
        YamuxStream stream;
        lock.lock();
        try {
            while (backlog.isEmpty()) {
                if (ended != null) {
                    throw new Failure(ended.kind(), ended.getMessage(), ended);
                }
                clock().await(lock, changed, Deadline.NEVER);
            }
            stream = backlog.remove();
        } finally {
            lock.unlock();
        }
        outbox.control(Frame.WINDOW_UPDATE, Frame.ACK, stream.id(), 0);
        outbox.kick();
        return stream;
    }

    /** Asks the peer for an answer and measures how long it takes. */
    public Duration ping(Deadline deadline) throws IOException {
        Pending ping;
        lock.lock();
        try {
            ping = new Pending(nextPing++, clock().nanoTime());
            pings.add(ping);
        } finally {
            lock.unlock();
        }
        outbox.control(Frame.PING, Frame.SYN, 0, ping.id);
        outbox.kick();
        lock.lock();
        try {
            while (!ping.answered) {
                if (ended != null) {
                    throw new Failure(ended.kind(), ended.getMessage(), ended);
                }
                if (!clock().await(lock, changed, deadline) && deadline.passed() && !ping.answered) {
                    throw Failure.timeout("ping of " + name);
                }
            }
            return Duration.ofNanos(ping.answeredAt - ping.sentAt);
        } finally {
            pings.remove(ping);
            lock.unlock();
        }
    }

    /** Tells the peer to open no more streams, and refuses those it still does; existing ones go on. */
    public void goAway() {
        lock.lock();
        try {
            goingAway = true;
        } finally {
            lock.unlock();
        }
        outbox.control(Frame.GO_AWAY, 0, 0, Frame.NORMAL);
        outbox.kick();
    }

    /** Whether it has ended, for whatever reason. */
    public boolean isClosed() {
        lock.lock();
        try {
            return ended != null;
        } finally {
            lock.unlock();
        }
    }

    /** A new failure that says why it has ended; of kind {@code CLOSED_HERE} also while it is open. */
    public Failure ended() {
        lock.lock();
        try {
            return ended == null ? Failure.closedHere(name) : new Failure(ended.kind(), ended.getMessage(), ended);
        } finally {
            lock.unlock();
        }
    }

    /** Runs once when the session ends, at once if it has; must not wait. */
    public void onEnd(Runnable action) {
        lock.lock();
        try {
            if (ended == null) {
                onEnd.add(action);
                return;
            }
        } finally {
            lock.unlock();
        }
        action.run();
    }

    /** Number of streams alive. */
    public int streamCount() {
        lock.lock();
        try {
            return streams.size();
        } finally {
            lock.unlock();
        }
    }

    /** Bytes that all its streams have carried so far, both directions together. */
    public long bytes() {
        return received + outbox.sent();
    }

    /** Ends the session and all its streams at once. Quick, idempotent. */
    @Override
    public void close() {
        end(Failure.closedHere(name), -1);
    }

    // ---- for the parts ----

    Clock clock() {
        return platform.clock();
    }

    Link link() {
        return link;
    }

    String name() {
        return name;
    }

    String writerName() {
        return name + "/writer";
    }

    /** The only place where bugs of the session's threads are caught. */
    void guard(Scope.Body body) {
        try {
            body.run();
        } catch (Failure e) {
            end(e, e.kind() == Failure.Kind.MALFORMED ? Frame.PROTOCOL_ERROR : -1);
        } catch (IOException e) {
            boolean malformed = e instanceof skywire.bytes.MalformedException;
            Failure.Kind kind = malformed ? Failure.Kind.MALFORMED : Failure.Kind.CLOSED_THERE;
            end(new Failure(kind, name + ": " + Failure.text(e), e), malformed ? Frame.PROTOCOL_ERROR : -1);
        } catch (RuntimeException | Error e) {
            LOG.log(System.Logger.Level.ERROR, "bug: " + Thread.currentThread().getName() + " failed", e);
            end(new Failure(Failure.Kind.CLOSED_HERE, name + " failed: " + Failure.text(e), e), -1);
        }
    }

    void debug(String what, IOException e) {
        LOG.log(System.Logger.Level.DEBUG, name + ": " + what, e);
    }

    private void end(Failure why, int goAway) {
        List<YamuxStream> all;
        List<Runnable> actions;
        lock.lock();
        try {
            if (ended != null) {
                return;
            }
            ended = why;
            all = new ArrayList<>(streams.values());
            streams.clear();
            backlog.clear();
            actions = onEnd;
            onEnd = List.of();
            changed.signalAll();
            if (noMoreLinger != null) {
                noMoreLinger.signalAll();
            }
        } finally {
            lock.unlock();
        }
        if (!outbox.end(why, goAway)) {
            link.close();
        }
        all.forEach(stream -> stream.fail(why));
        actions.forEach(Runnable::run);
    }

    /** Forgets the stream; false if it was forgotten before. */
    boolean remove(YamuxStream stream) {
        lock.lock();
        try {
            boolean known = streams.remove(stream.id(), stream);
            if (known) {
                lessWindow(stream.grown());
            }
            if (known) {
                backlog.remove(stream);
                acknowledged(stream);
            }
            return known;
        } finally {
            lock.unlock();
        }
    }

    /** Notes that the peer has taken the stream; false if that was known. */
    private boolean acknowledged(YamuxStream stream) {
        boolean first = stream.acknowledge();
        if (first) {
            unacknowledged--;
            changed.signalAll();
        }
        return first;
    }

    // ---- what the reader finds ----

    /** Bytes came. Reader thread only. */
    void heard() {
        if (!heard) {
            heard = true;
            outbox.release();
        }
    }

    /** Bytes of a stream came. Reader thread only. */
    void received(int n) {
        received = received + n;
    }

    /** Sends a ping whose answer nobody waits for: any byte shows that the peer is alive. */
    void askForLife() {
        int id;
        lock.lock();
        try {
            id = nextPing++;
        } finally {
            lock.unlock();
        }
        outbox.control(Frame.PING, Frame.SYN, 0, id);
        outbox.kick();
    }

    /** A frame that brings nothing: no content, no change of a stream. Reader thread only. */
    void idleTalk() throws Failure {
        if (idleTalk == null) {
            idleTalk = new RateLimit(clock(), IDLE_TALK_RATE, IDLE_TALK_BURST);
        }
        if (!idleTalk.take()) {
            throw new Failure(Failure.Kind.LIMIT, name + ": too many frames without content");
        }
    }

    void ping(int flags, long value) throws Failure {
        idleTalk();
        if ((flags & Frame.SYN) != 0) {
            reply(Frame.PING, Frame.ACK, 0, (int) value);
            return;
        }
        long now = clock().nanoTime();
        lock.lock();
        try {
            for (Pending ping : pings) {
                if (ping.id == (int) value && !ping.answered) {
                    ping.answered = true;
                    ping.answeredAt = now;
                    changed.signalAll();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void reply(int type, int flags, int id, int length) throws Failure {
        if (!outbox.reply(type, flags, id, length)) {
            throw new Failure(Failure.Kind.LIMIT, name + ": the peer does not read the answers it asks for");
        }
        outbox.kick();
    }

    void goAway(long code) throws Failure {
        if (code != Frame.NORMAL) {
            throw new Failure(Failure.Kind.CLOSED_THERE, name + ": peer went away with error " + code);
        }
        idleTalk();
        lock.lock();
        try {
            peerGoesAway = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The stream of a data or window frame, made first if it has a SYN; null if there is none, or it was refused. */
    YamuxStream target(int id, int flags) throws Failure {
        if ((flags & Frame.SYN) != 0) {
            return incoming(id);
        }
        lock.lock();
        try {
            YamuxStream stream = streams.get(id);
            boolean again = stream != null && (flags & Frame.ACK) != 0 && !acknowledged(stream);
            if (again) {
                idleTalk();
            }
            return stream;
        } finally {
            lock.unlock();
        }
    }

    private YamuxStream incoming(int id) throws Failure {
        boolean ours = (id & 1) == (side == Side.CLIENT ? 1 : 0);
        if (id == 0 || ours) {
            throw Failure.malformed("yamux SYN for stream " + Integer.toUnsignedString(id));
        }
        YamuxStream stream = null;
        lock.lock();
        try {
            if (ended != null) {
                return null;
            }
            if (streams.containsKey(id)) {
                throw Failure.malformed("yamux SYN for live stream " + Integer.toUnsignedString(id));
            }
            boolean full = acceptor == null && backlog.size() >= config.acceptBacklog();
            if (!goingAway && !full && streams.size() < config.maxStreams()) {
                stream = new YamuxStream(this, outbox, id, true, Frame.WINDOW);
                streams.put(id, stream);
                if (acceptor == null) {
                    backlog.add(stream);
                    changed.signalAll();
                }
            }
        } finally {
            lock.unlock();
        }
        if (stream == null) {
            idleTalk();
            reply(Frame.WINDOW_UPDATE, Frame.RST, id, 0);
        } else if (acceptor != null) {
            outbox.control(Frame.WINDOW_UPDATE, Frame.ACK, id, 0);
            outbox.kick();
            acceptor.accept(stream);
        }
        return stream;
    }

    /** FIN or RST of the peer. */
    void streamEnd(YamuxStream stream, int flags) throws Failure {
        if ((flags & Frame.RST) == 0) {
            if (stream.peerDone()) {
                idleTalk(); // it has said so
            }
            stream.peerFinished();
            return;
        }
        remove(stream);
        boolean used = stream.fail(new Failure(Failure.Kind.CLOSED_THERE, stream.remote() + " was reset by the peer"));
        if (stream.incoming() && !used) {
            if (resets == null) {
                resets = new RateLimit(clock(), RESET_RATE, RESET_BURST);
            }
            if (!resets.take()) {
                throw new Failure(Failure.Kind.LIMIT, name + ": too many streams opened and reset");
            }
        }
    }

    // ---- streams closed here whose peer has not ended yet ----

    /** Forgets a closed stream, after {@link #LINGER} at most. */
    void closedHere(YamuxStream stream) {
        if (stream.peerDone()) {
            remove(stream);
            return;
        }
        boolean start;
        lock.lock();
        try {
            if (ended != null || streams.get(stream.id()) != stream) {
                return;
            }
            start = lingering == null;
            if (start) {
                lingering = new ArrayDeque<>();
                noMoreLinger = lock.newCondition();
            }
            lingering.add(new Lingering(stream, clock().in(LINGER)));
        } finally {
            lock.unlock();
        }
        if (start) {
            platform.start(name + "/linger", () -> guard(this::linger));
        }
    }

    private void linger() throws IOException {
        while (true) {
            Lingering first;
            lock.lock();
            try {
                lingering.removeIf(l -> streams.get(l.stream.id()) != l.stream);
                first = lingering.peek();
                if (first == null || ended != null) {
                    lingering = null;
                    return;
                }
                if (!first.until.passed()) {
                    clock().await(lock, noMoreLinger, first.until);
                    continue;
                }
                lingering.remove();
            } finally {
                lock.unlock();
            }
            first.stream.reset("closed, and the peer did not end its side");
        }
    }
}
