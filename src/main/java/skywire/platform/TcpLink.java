package skywire.platform;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;

/** A TCP connection. Only threads owned by its user touch it: an interrupt closes it (JDK behaviour). */
final class TcpLink implements Link, WriteWatch.Watched {
    /** A slow but moving peer is not cut off: the limit counts per chunk of this size. */
    static final int CHUNK = 64 * 1024;

    private static final System.Logger LOG = System.getLogger(TcpLink.class.getName());

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final WriteWatch watch;
    private volatile long writeLimit; // nanoTime by which the write under way must be over; 0 = none
    private volatile boolean expired; // set by the watch before it closes
    private volatile boolean closed;

    private TcpLink(Socket socket, WriteWatch watch) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
        this.watch = watch;
    }

    static TcpLink open(Socket socket, WriteWatch watch) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setKeepAlive(true);
        var link = new TcpLink(socket, watch);
        watch.add(link);
        return link;
    }

    /** Milliseconds for the JDK's timeouts: at least 1, 0 for no limit. */
    static int millis(Deadline deadline) {
        if (deadline.isNever()) {
            return 0;
        }
        long millis = (deadline.nanosLeft() + 999_999) / 1_000_000;
        return Math.clamp(millis, 1, Integer.MAX_VALUE);
    }

    @Override
    public int read(byte[] b, int off, int len, Deadline deadline) throws IOException {
        try {
            socket.setSoTimeout(millis(deadline));
            return in.read(b, off, len);
        } catch (SocketTimeoutException e) {
            throw new Failure(Failure.Kind.TIMEOUT, "read from " + remote() + " timed out", e);
        } catch (IOException e) {
            throw failed("read from ", e);
        }
    }

    @Override
    public void write(byte[] b, int off, int len, Deadline deadline) throws IOException {
        try {
            for (int at = off, end = off + len, n; at < end; at += n) {
                n = Math.min(CHUNK, end - at);
                writeLimit = WriteWatch.limit(deadline);
                out.write(b, at, n);
            }
        } catch (IOException e) {
            throw failed("write to ", e);
        } finally {
            writeLimit = 0;
        }
    }

    private Failure failed(String what, IOException e) {
        if (expired) {
            return new Failure(Failure.Kind.TIMEOUT, what + remote() + " timed out", e);
        }
        return new Failure(kindOfEnd(closed), what + remote() + ": " + Failure.text(e), e);
    }

    /** Why an operation on a link failed that no limit ended. */
    static Failure.Kind kindOfEnd(boolean closed) {
        if (closed) {
            return Failure.Kind.CLOSED_HERE;
        }
        return Thread.currentThread().isInterrupted() ? Failure.Kind.CANCELLED : Failure.Kind.CLOSED_THERE;
    }

    @Override
    public void finishWriting(Deadline deadline) throws IOException {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            throw failed("end of writing to ", e);
        }
    }

    @Override
    public long writeLimit() {
        return writeLimit;
    }

    @Override
    public void expire() {
        expired = true;
        close();
    }

    @Override
    public void close() {
        closed = true;
        watch.remove(this);
        try {
            socket.close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "closing " + remote(), e);
        }
    }

    @Override
    public String local() {
        return text(socket.getLocalAddress(), socket.getLocalPort());
    }

    @Override
    public String remote() {
        return text(socket.getInetAddress(), socket.getPort());
    }

    private static String text(java.net.InetAddress address, int port) {
        return address == null ? "?" : new HostPort(address.getHostAddress(), port).toString();
    }
}
