package skywire.yamux;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import skywire.bytes.Buffers;
import skywire.platform.Clock;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Link;
import skywire.platform.Platform;

/**
 * The sending half of a session: frames of all streams are joined into batches of at most 64 KiB, one link write each.
 * A writer thread exists only while something waits. Each batch is: control frames (windows, pings, SYN, ACK), then data,
 * then the ends of streams (FIN, RST), so that the order within a stream is kept and control never waits behind data.
 *
 * <p>Lock order: session, stream, outbox. Nothing waits for the link under the lock.
 */
final class Outbox {
    /** Answers to the peer (ping replies, refusals) that may wait; more end the session. */
    static final int MAX_REPLIES = 64;

    /** Room in front of the data for control frames, so that a batch is one write. */
    private static final int HEAD = 10 * Frame.HEADER;

    private static final int SMALL = 2048;
    /** Less room than this is not worth a frame of its own when more is to be sent. */
    private static final int WORTH = 512;

    /** A batch takes about so long, so that what comes next need not wait for longer (ns). */
    private static final long BATCH_TIME = 3_000_000;

    private static final int LEAST_BATCH = 4 * 1024;
    /** What a stream that has nothing in a batch yet may add beyond its size: small messages pass those of busy streams. */
    private static final int EXTRA = 2048;

    private static final int MOST_BATCH = Buffers.SIZE - EXTRA;

    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private final Platform platform;
    private final Link link;
    private final YamuxSession session;
    private final Duration writeLimit;

    final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private byte[] control = new byte[2 * Frame.HEADER]; // guarded by lock, like everything below
    private int controlSize;
    private byte[] data; // null while no data waits; data begins at HEAD
    private int dataEnd = HEAD;
    private byte[] tail = new byte[0];
    private int tailSize;
    private long sent; // bytes of data ever queued
    private int replies; // ping replies and refusals among the waiting frames
    private boolean writing; // a writer thread exists or is about to
    private Condition released; // while nothing may be written before release(); else null
    private Deadline holdUntil;
    private Failure ended; // set once
    private int most = MOST_BATCH; // bytes of data in a batch, by how fast the link takes them
    private int batches; // counts them; a stream remembers the one it was last in
    private ArrayDeque<YamuxStream> sources; // relayed streams that wait for room; null while none

    private byte[] batch; // these three: set under lock, then the writer thread only
    private int batchFrom;
    private int batchTo;

    /**
     * @param writeLimit of one batch; also of one flush of the control frames
     */
    Outbox(Platform platform, Link link, YamuxSession session, Duration writeLimit) {
        this.platform = platform;
        this.link = link;
        this.session = session;
        this.writeLimit = writeLimit;
    }

    private Clock clock() {
        return platform.clock();
    }

    // ---- control frames ----

    /** Queues a frame without body; nothing waits. The caller kicks. */
    void control(int type, int flags, int id, int length) {
        lock.lock();
        try {
            if (ended == null) {
                addControl(type, flags, id, length);
            }
        } finally {
            lock.unlock();
        }
    }

    /** As {@link #control}, for what the peer can provoke; false if too many such frames wait already. */
    boolean reply(int type, int flags, int id, int length) {
        lock.lock();
        try {
            if (ended != null) {
                return true;
            }
            if (replies >= MAX_REPLIES) {
                return false;
            }
            replies++;
            addControl(type, flags, id, length);
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void addControl(int type, int flags, int id, int length) {
        if (controlSize + Frame.HEADER > control.length) {
            control = Arrays.copyOf(control, control.length * 2);
        }
        Frame.put(control, controlSize, type, flags, id, length);
        controlSize += Frame.HEADER;
    }

    /** Queues FIN or RST behind the data that waits. The caller kicks. */
    void end(int flag, int id) {
        lock.lock();
        try {
            if (ended != null) {
                return;
            }
            if (tailSize + Frame.HEADER > tail.length) {
                tail = Arrays.copyOf(tail, Math.max(2 * Frame.HEADER, tail.length * 2));
            }
            Frame.put(tail, tailSize, Frame.WINDOW_UPDATE, flag, id, 0);
            tailSize += Frame.HEADER;
        } finally {
            lock.unlock();
        }
    }

    // ---- data ----

    /** Queues up to {@code len > 0} bytes as one frame, waiting for window and room; returns how many. Kicks. */
    int send(YamuxStream stream, byte[] b, int off, int len, Deadline deadline) throws IOException {
        lock.lock();
        try {
            while (true) {
                stream.checkSendable();
                int n = append(stream, b, off, len);
                if (n > 0) {
                    return n;
                }
                Condition what = stream.sendWindow == 0 ? stream.windowCondition() : room;
                if (!clock().await(lock, what, deadline) && deadline.passed()) {
                    throw Failure.timeout("write to " + stream.remote());
                }
            }
        } finally {
            if (room(null) >= WORTH) {
                room.signal(); // the next one that waits; it passes the signal on
            }
            boolean start = needsWriter();
            lock.unlock();
            if (start) {
                startWriter();
            }
        }
    }

    /**
     * Queues what window and room allow, without waiting. If it is the room that lacks, {@code source} will be pumped once
     * there is some. The caller kicks.
     *
     * @return the number of bytes taken; -1 if the stream takes none any more
     */
    int offer(YamuxStream stream, byte[] b, int off, int len, YamuxStream source) {
        lock.lock();
        try {
            if (stream.sendFailure != null || ended != null) {
                return -1;
            }
            int done = append(stream, b, off, len);
            if (done < len && stream.sendWindow > 0 && !source.awaitsRoom) {
                source.awaitsRoom = true;
                if (sources == null) {
                    sources = new ArrayDeque<>();
                }
                sources.add(source);
            }
            return done;
        } finally {
            lock.unlock();
        }
    }

    /** Bytes of data that still fit; of nobody in particular if null. */
    private int room(YamuxStream stream) {
        int extra = stream != null && stream.batch != batches ? EXTRA : 0;
        return most + extra - dataEnd - Frame.HEADER;
    }

    private int append(YamuxStream stream, byte[] b, int off, int len) {
        int space = room(stream);
        int n = (int) Math.min(Math.min(len, space), stream.sendWindow);
        if (n <= 0 || n < len && space < (stream.batch != batches ? EXTRA + WORTH : WORTH)) {
            return 0;
        }
        ensure(dataEnd + Frame.HEADER + n);
        Frame.put(data, dataEnd, Frame.DATA, 0, stream.id(), n);
        System.arraycopy(b, off, data, dataEnd + Frame.HEADER, n);
        dataEnd += Frame.HEADER + n;
        stream.batch = batches;
        stream.sendWindow -= n;
        stream.sent += n;
        sent += n;
        return n;
    }

    /** Bytes of data that were queued so far. */
    long sent() {
        lock.lock();
        try {
            return sent;
        } finally {
            lock.unlock();
        }
    }

    private void ensure(int need) {
        if (data == null) {
            data = need <= SMALL ? new byte[SMALL] : Buffers.take();
        } else if (need > data.length) {
            byte[] bigger = Buffers.take();
            System.arraycopy(data, HEAD, bigger, HEAD, dataEnd - HEAD);
            data = bigger;
        }
    }

    // ---- the writer ----

    /** Starts a writer if something waits and there is none. */
    void kick() {
        lock.lock();
        boolean start;
        try {
            start = needsWriter();
        } finally {
            lock.unlock();
        }
        if (start) {
            startWriter();
        }
    }

    private boolean needsWriter() {
        if (writing || ended != null || !pending()) {
            return false;
        }
        writing = true;
        return true;
    }

    private boolean pending() {
        return dataEnd > HEAD || controlSize > 0 || tailSize > 0;
    }

    private void startWriter() {
        platform.start(session.writerName(), () -> session.guard(this::write));
    }

    /** Holds everything back until {@link #release}, at most that long. Before the first frame only. */
    void hold(Duration limit) {
        lock.lock();
        try {
            released = lock.newCondition();
            holdUntil = clock().in(limit);
        } finally {
            lock.unlock();
        }
    }

    /** The peer has spoken: writing may begin. */
    void release() {
        lock.lock();
        try {
            if (released != null) {
                released.signalAll();
                released = null;
            }
        } finally {
            lock.unlock();
        }
    }

    private void write() throws IOException {
        awaitRelease();
        while (true) {
            ArrayDeque<YamuxStream> pump;
            lock.lock();
            try {
                if (!takeBatch()) {
                    writing = false;
                    return;
                }
                pump = takeSources();
                room.signal();
            } finally {
                lock.unlock();
            }
            if (pump != null) {
                pump.forEach(YamuxStream::pump);
            }
            long began = clock().nanoTime();
            link.write(batch, batchFrom, batchTo - batchFrom, clock().in(writeLimit));
            adapt(batchTo - batchFrom, clock().nanoTime() - began);
            Buffers.give(batch);
            batch = null;
        }
    }

    /** The next batches are as large as the link takes in {@link #BATCH_TIME}; changes by half or double at most. */
    private void adapt(int bytes, long nanos) {
        if (nanos < BATCH_TIME / 2 && most == MOST_BATCH) {
            return; // a quick link
        }
        long fitting = nanos <= 0 ? MOST_BATCH : (long) ((double) bytes * BATCH_TIME / nanos);
        lock.lock();
        try {
            if (fitting < most && nanos > BATCH_TIME) {
                most = (int) Math.max(Math.max(LEAST_BATCH, most / 2), fitting);
            } else if (nanos < BATCH_TIME) {
                most = (int) Math.min(MOST_BATCH, Math.max(most, Math.min(2L * most, fitting)));
            }
        } finally {
            lock.unlock();
        }
    }

    /** The relayed streams that wait for room, to be pumped without the lock. Lock held. */
    private ArrayDeque<YamuxStream> takeSources() {
        ArrayDeque<YamuxStream> taken = sources;
        sources = null;
        if (taken != null) {
            taken.forEach(source -> source.awaitsRoom = false);
        }
        return taken;
    }

    /** Wakes the threads that wait for room, because one of their streams has ended. Lock held. */
    void wakeWriters() {
        room.signalAll();
    }

    private void awaitRelease() throws IOException {
        lock.lock();
        try {
            while (released != null && ended == null && clock().await(lock, released, holdUntil)) {
                continue;
            }
            released = null;
        } finally {
            lock.unlock();
        }
    }

    /** Joins what waits into one array; false if nothing does. Lock held. */
    private boolean takeBatch() {
        if (!pending() || ended != null) {
            return false;
        }
        if (data != null && controlSize <= HEAD && dataEnd + tailSize <= data.length) {
            batch = data;
            batchFrom = HEAD - controlSize;
            batchTo = dataEnd + tailSize;
            System.arraycopy(tail, 0, batch, dataEnd, tailSize);
        } else {
            int dataSize = dataEnd - HEAD;
            batch = new byte[controlSize + dataSize + tailSize];
            batchFrom = 0;
            batchTo = batch.length;
            if (data != null) {
                System.arraycopy(data, HEAD, batch, controlSize, dataSize);
                Buffers.give(data);
            }
            System.arraycopy(tail, 0, batch, controlSize + dataSize, tailSize);
        }
        System.arraycopy(control, 0, batch, batchFrom, controlSize);
        data = null;
        dataEnd = HEAD;
        controlSize = 0;
        tailSize = 0;
        replies = 0;
        batches++;
        return true;
    }

    // ---- the end ----

    /**
     * Refuses everything from now on and drops what waits. If no write is under way, a GoAway with that code is written
     * within a second; returns false if the link is to be closed at once instead.
     */
    boolean end(Failure why, int goAway) {
        boolean say;
        ArrayDeque<YamuxStream> pump;
        lock.lock();
        try {
            ended = why;
            say = !writing && goAway >= 0;
            writing = true;
            pump = takeSources();
            room.signalAll();
            if (released != null) {
                released.signalAll();
            }
        } finally {
            lock.unlock();
        }
        if (pump != null) {
            pump.forEach(YamuxStream::pump);
        }
        if (say) {
            platform.start(session.writerName(), () -> sayGoAway(goAway));
        }
        return say;
    }

    private void sayGoAway(int code) {
        var frame = new byte[Frame.HEADER];
        Frame.put(frame, 0, Frame.GO_AWAY, 0, 0, code);
        try {
            link.write(frame, clock().in(LAST_WORDS));
        } catch (IOException e) {
            session.debug("no last words", e);
        } finally {
            link.close();
        }
    }

    /** The reason why nothing is sent any more, or null. Lock held. */
    Failure ended() {
        return ended;
    }
}
