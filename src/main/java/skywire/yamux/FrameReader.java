package skywire.yamux;

import java.io.IOException;
import java.time.Duration;
import skywire.bytes.Buffers;
import skywire.platform.Clock;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Link;

/**
 * The reading half of a session: one thread that takes the frames apart and never waits for anything but the link. Reads
 * into a few hundred bytes while little comes, into a large shared array while much does.
 */
final class FrameReader {
    /** Silence after which the peer is asked for a sign of life, and how long it has to give one. */
    static final Duration SILENCE = Duration.ofSeconds(30);

    static final Duration ANSWER = Duration.ofSeconds(10);

    private static final int SMALL = 512;
    /** Flags that say something of a stream. */
    private static final int MEANING = Frame.SYN | Frame.ACK | Frame.FIN | Frame.RST;

    /** A read that brings less than this ends the use of the large array. */
    private static final int BULK = 8 * 1024;

    private final Link link;
    private final Clock clock;
    private final YamuxSession session;
    private final boolean keepAlive;

    private final byte[] small = new byte[SMALL];
    private byte[] buffer = small;
    private int from; // unread bytes in buffer
    private int to;
    private YamuxStream stream; // of the data frame under way; null: thrown away
    private long payload; // bytes of it still to come
    private int end; // FIN or RST that came with it
    private YamuxStream touched; // got bytes, not yet woken
    private boolean asked; // the peer owes a sign of life

    FrameReader(Link link, YamuxSession session, boolean keepAlive) {
        this.link = link;
        this.session = session;
        this.clock = session.clock();
        this.keepAlive = keepAlive;
    }

    /** Reads until the link or the protocol fails. */
    void run() throws IOException {
        try {
            while (true) {
                int n = readSome();
                if (n < 0) {
                    throw Failure.closedThere(session.name());
                }
                if (n > 0) {
                    to += n;
                    asked = false;
                    session.heard();
                    takeApart();
                    settle(n);
                }
            }
        } finally {
            if (buffer != small) {
                Buffers.give(buffer);
                buffer = small;
            }
        }
    }

    private int readSome() throws IOException {
        Deadline deadline = keepAlive ? clock.in(asked ? ANSWER : SILENCE) : Deadline.NEVER;
        try {
            return link.read(buffer, to, buffer.length - to, deadline);
        } catch (Failure e) {
            if (e.kind() != Failure.Kind.TIMEOUT || !keepAlive) {
                throw e;
            }
            if (asked) {
                throw new Failure(Failure.Kind.TIMEOUT, session.name() + ": no answer to keep-alive");
            }
            asked = true;
            settle(0);
            session.askForLife();
            return 0;
        }
    }

    /** Moves what is left of a header to the front of the buffer that fits the traffic. */
    private void settle(int lastRead) {
        wake(null);
        byte[] next = buffer;
        if (buffer == small && to == small.length) {
            next = Buffers.take();
        } else if (buffer != small && lastRead < BULK) {
            next = small;
        }
        int left = to - from;
        System.arraycopy(buffer, from, next, 0, left);
        if (next != buffer) {
            Buffers.give(buffer);
            buffer = next;
        }
        from = 0;
        to = left;
    }

    private void takeApart() throws IOException {
        while (true) {
            if (payload > 0) {
                takePayload();
                if (payload > 0) {
                    return;
                }
            }
            if (to - from < Frame.HEADER) {
                return;
            }
            int at = from;
            from += Frame.HEADER;
            takeHeader(at);
        }
    }

    private void takePayload() throws IOException {
        int n = (int) Math.min(payload, to - from);
        if (stream != null && n > 0) {
            if (touched != stream) {
                wake(stream);
            }
            stream.receive(buffer, from, n);
            session.received(n);
        }
        from += n;
        payload -= n;
        if (payload == 0) {
            endOfFrame();
        }
    }

    private void endOfFrame() throws IOException {
        YamuxStream ended = stream;
        int flags = end;
        stream = null;
        end = 0;
        if (ended != null && flags != 0) {
            wake(null);
            session.streamEnd(ended, flags);
        }
    }

    private void wake(YamuxStream next) {
        YamuxStream woken = touched;
        touched = next;
        if (woken != null) {
            woken.delivered();
        }
    }

    private void takeHeader(int at) throws IOException {
        int type = Frame.type(buffer, at);
        int flags = Frame.flags(buffer, at);
        int id = Frame.id(buffer, at);
        long length = Frame.length(buffer, at);
        switch (type) {
            case Frame.DATA -> {
                YamuxStream target = session.target(id, flags);
                if (target != null) {
                    target.announce(length);
                } else if (length > Frame.WINDOW) {
                    throw Failure.malformed("yamux frame of " + length + " bytes for no stream");
                }
                if (target == null ? length < SMALL : length == 0 && (flags & MEANING) == 0) {
                    session.idleTalk();
                }
                stream = target;
                payload = length;
                end = flags & (Frame.FIN | Frame.RST);
                if (length == 0) {
                    endOfFrame();
                }
            }
            case Frame.WINDOW_UPDATE -> {
                YamuxStream target = session.target(id, flags);
                if (target == null || (flags & MEANING) == 0 && length < SMALL) {
                    session.idleTalk();
                }
                if (target != null) {
                    target.grant(length);
                    if ((flags & (Frame.FIN | Frame.RST)) != 0) {
                        wake(null);
                        session.streamEnd(target, flags);
                    }
                }
            }
            case Frame.PING -> session.ping(flags, length);
            default -> session.goAway(length);
        }
    }
}
