package skywire.route.group;

import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import skywire.bytes.ByteReader;
import skywire.bytes.ByteWriter;
import skywire.bytes.MalformedException;
import skywire.noise.FrameCipher;
import skywire.noise.FrameKey;
import skywire.noise.ReplayWindow;
import skywire.platform.Failure;
import skywire.route.mux.Control;
import skywire.route.mux.Segment;
import skywire.route.mux.Sender;
import skywire.route.mux.Sequence;

/**
 * Seals and opens the frames of a group in the full form (docs/wire/mux.md §2, §3): data under their sequence numbers,
 * control frames under a count of their own, in another range. Thread-safe as said at each method.
 */
final class Seals {
    private static final long CONTROL_RANGE = 1L << 62;
    private static final int COUNT = 8;

    private final FrameKey send;
    private final FrameKey receive;
    private final ReentrantLock lock = new ReentrantLock();
    private final FrameCipher sealer; // guarded by lock
    private final FrameCipher opener; // guarded by lock
    private final ReplayWindow window = new ReplayWindow(); // guarded by lock
    private long count; // guarded by lock; of our control frames

    Seals(FrameKey send, FrameKey receive) {
        this.send = send;
        this.receive = receive;
        this.sealer = send.cipher();
        this.opener = receive.cipher();
    }

    /** For the one thread that seals data of a leg. */
    FrameCipher dataSealer() {
        return send.cipher();
    }

    /** For the one thread that opens data of a leg. */
    FrameCipher dataOpener() {
        return receive.cipher();
    }

    /** Seals a numbered packet in its place. */
    static void seal(FrameCipher cipher, Segment segment) {
        cipher.seal(segment.sequence(), segment.payload(), Sender.HEAD, segment.length());
        segment.ready();
    }

    /** Opens the data of a packet; the failure concerns this packet only. */
    static byte[] open(FrameCipher cipher, long sequence, byte[] payload) throws Failure {
        return cipher.open(sequence, payload, Sender.HEAD, payload.length - Sender.HEAD);
    }

    /** The payload of a Data packet with a control frame. Any thread. */
    byte[] seal(Control control) {
        byte[] plain = control.encode();
        lock.lock();
        try {
            long number = ++count;
            byte[] payload = new ByteWriter(Sender.HEAD + COUNT + plain.length + FrameCipher.OVERHEAD)
                    .u32(Sequence.CONTROL)
                    .i64(number)
                    .bytes(plain)
                    .zeros(FrameCipher.OVERHEAD)
                    .toBytes();
            sealer.seal(CONTROL_RANGE | number, payload, Sender.HEAD + COUNT, plain.length);
            return payload;
        } finally {
            lock.unlock();
        }
    }

    /** The control frame in a payload; empty if it came before, by another leg. Any thread. */
    Optional<Control> openControl(byte[] payload) throws Failure, MalformedException {
        var in = new ByteReader(payload);
        in.skip(Sender.HEAD);
        long number = in.i64();
        if (number <= 0 || number >= CONTROL_RANGE) {
            throw Failure.malformed("control frame " + number);
        }
        byte[] plain;
        lock.lock();
        try {
            if (!window.fresh(number)) {
                return Optional.empty();
            }
            plain = opener.open(CONTROL_RANGE | number, payload, in.position(), in.left());
            window.mark(number);
        } finally {
            lock.unlock();
        }
        return Optional.of(Control.decode(plain));
    }
}
