package skywire.testkit;

import java.io.IOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Link;
import skywire.platform.Platform;

/** Two links joined in memory, 256 KiB each way. */
public final class Pipe {
    private Pipe() {}

    /** Both ends. */
    public record Ends(Link left, Link right) {}

    /** A fresh pipe. */
    public static Ends open(Platform platform) {
        var there = new Way(platform);
        var back = new Way(platform);
        return new Ends(new End(back, there), new End(there, back));
    }

    private static final class Way {
        final Platform platform;
        final ReentrantLock lock = new ReentrantLock();
        final Condition changed = lock.newCondition();
        final byte[] ring = new byte[256 * 1024]; // guarded by lock
        int at; // guarded by lock
        int size; // guarded by lock
        boolean finished; // guarded by lock
        boolean cut; // guarded by lock

        Way(Platform platform) {
            this.platform = platform;
        }

        int read(byte[] b, int off, int len, Deadline deadline) throws IOException {
            lock.lock();
            try {
                while (size == 0 || cut) {
                    if (cut) {
                        throw Failure.closedHere("pipe");
                    }
                    if (finished) {
                        return -1;
                    }
                    if (!platform.clock().await(lock, changed, deadline) && size == 0) {
                        throw Failure.timeout("read");
                    }
                }
                int n = Math.min(len, size);
                for (int i = 0; i < n; i++) {
                    b[off + i] = ring[(at + i) % ring.length];
                }
                at = (at + n) % ring.length;
                size -= n;
                changed.signalAll();
                return n;
            } finally {
                lock.unlock();
            }
        }

        void write(byte[] b, int off, int len, Deadline deadline) throws IOException {
            lock.lock();
            try {
                for (int done = 0; done < len; ) {
                    if (finished || cut) {
                        throw Failure.closedThere("pipe");
                    }
                    if (size == ring.length) {
                        if (!platform.clock().await(lock, changed, deadline) && size == ring.length) {
                            throw Failure.timeout("write");
                        }
                        continue;
                    }
                    ring[(at + size++) % ring.length] = b[off + done++];
                    changed.signalAll();
                }
            } finally {
                lock.unlock();
            }
        }

        void end(boolean cutNow) {
            lock.lock();
            try {
                finished = true;
                cut |= cutNow;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private record End(Way in, Way out) implements Link {
        @Override
        public int read(byte[] b, int off, int len, Deadline deadline) throws IOException {
            return in.read(b, off, len, deadline);
        }

        @Override
        public void write(byte[] b, int off, int len, Deadline deadline) throws IOException {
            out.write(b, off, len, deadline);
        }

        @Override
        public void finishWriting(Deadline deadline) {
            out.end(false);
        }

        @Override
        public void close() {
            out.end(false);
            in.end(true);
        }

        @Override
        public String local() {
            return "pipe";
        }

        @Override
        public String remote() {
            return "pipe";
        }
    }
}
