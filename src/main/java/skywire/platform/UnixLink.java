package skywire.platform;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A Unix-domain socket. The JDK has no read timeout for these, so a read with a deadline is watched like a write: past
 * its limit the link is closed (these links are short local conversations).
 */
final class UnixLink implements Link {
    private static final System.Logger LOG = System.getLogger(UnixLink.class.getName());

    private final SocketChannel channel;
    private final String name;
    private final WriteWatch watch;
    private final Watch reads = new Watch();
    private final Watch writes = new Watch();
    private final ReentrantLock writing = new ReentrantLock(); // keeps two frames apart; guards no state
    private volatile boolean closed;

    private UnixLink(SocketChannel channel, String name, WriteWatch watch) {
        this.channel = channel;
        this.name = name;
        this.watch = watch;
    }

    static UnixLink open(SocketChannel channel, String name, WriteWatch watch) {
        var link = new UnixLink(channel, name, watch);
        watch.add(link.reads);
        watch.add(link.writes);
        return link;
    }

    /** One direction as the watch sees it. */
    private final class Watch implements WriteWatch.Watched {
        private volatile long limit;
        private volatile boolean expired;

        void begin(Deadline deadline) {
            limit = WriteWatch.limit(deadline);
        }

        @Override
        public long writeLimit() {
            return limit;
        }

        @Override
        public void expire() {
            expired = true;
            close();
        }
    }

    @Override
    public int read(byte[] b, int off, int len, Deadline deadline) throws IOException {
        try {
            reads.begin(deadline);
            return channel.read(ByteBuffer.wrap(b, off, len));
        } catch (IOException e) {
            throw failed(reads, "read from ", e);
        } finally {
            reads.limit = 0;
        }
    }

    @Override
    public void write(byte[] b, int off, int len, Deadline deadline) throws IOException {
        writing.lock();
        try {
            ByteBuffer buffer = ByteBuffer.wrap(b, off, len);
            while (buffer.hasRemaining()) {
                writes.begin(deadline);
                channel.write(buffer);
            }
        } catch (IOException e) {
            throw failed(writes, "write to ", e);
        } finally {
            writes.limit = 0;
            writing.unlock();
        }
    }

    private Failure failed(Watch direction, String what, IOException e) {
        if (direction.expired) {
            return new Failure(Failure.Kind.TIMEOUT, what + name + " timed out", e);
        }
        return new Failure(TcpLink.kindOfEnd(closed), what + name + ": " + Failure.text(e), e);
    }

    @Override
    public void finishWriting(Deadline deadline) throws IOException {
        channel.shutdownOutput();
    }

    @Override
    public void close() {
        closed = true;
        watch.remove(reads);
        watch.remove(writes);
        try {
            channel.close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "closing " + name, e);
        }
    }

    @Override
    public String local() {
        return name;
    }

    @Override
    public String remote() {
        return name;
    }

    /** Accepts them. */
    static final class UnixListener implements Listener {
        private final ServerSocketChannel server;
        private final Path socket;
        private final Accepting accepting;

        UnixListener(ServerSocketChannel server, Path socket, WriteWatch watch) {
            this.server = server;
            this.socket = socket;
            this.accepting = new Accepting(
                    new SystemClock(), () -> open(server.accept(), socket.toString(), watch), () -> !server.isOpen());
        }

        @Override
        public Link accept() throws IOException {
            return accepting.next(socket.toString());
        }

        @Override
        public HostPort local() {
            return new HostPort(socket.toString(), 0);
        }

        @Override
        public void close() {
            try {
                server.close();
                Files.deleteIfExists(socket);
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "closing " + socket, e);
            }
        }
    }
}
