package skywire.link;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketTimeoutException;
import java.time.Duration;
import skywire.platform.Clock;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Link;

/**
 * A {@link Socket} view of a link, for libraries that only know sockets. Reads and writes go to the link; the read
 * timeout counts by the platform's clock and shows as {@link SocketTimeoutException}, as libraries expect. Every call is
 * also bound by one overall deadline. Options of TCP are accepted and mean nothing here.
 */
public final class LinkSocket extends Socket {
    private final Link link;
    private final Clock clock;
    private final InputStream in;
    private final OutputStream out;
    private volatile Deadline overall = Deadline.NEVER;
    private volatile int timeoutMillis; // 0 = none
    private volatile boolean closed;
    private volatile boolean inputShut;
    private volatile boolean outputShut;

    private static final class Address extends SocketAddress {
        private static final long serialVersionUID = 1L;
        private final String text;

        Address(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** Views the link; closing the socket closes it. */
    public LinkSocket(Link link, Clock clock) throws IOException {
        super((SocketImpl) null); // without a real socket behind it
        this.link = link;
        this.clock = clock;
        this.in = new TimeoutInput(LinkStreams.input(link, this::readDeadline));
        this.out = LinkStreams.output(link, () -> overall);
    }

    /** Bounds all reads and writes from now on, whatever timeout is set. */
    public void deadline(Deadline deadline) {
        overall = deadline;
    }

    private Deadline readDeadline() {
        return timeoutMillis == 0 ? overall : overall.orEarlier(clock, Duration.ofMillis(timeoutMillis));
    }

    private static final class TimeoutInput extends java.io.FilterInputStream {
        TimeoutInput(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] b, int off, int len) throws IOException {
            try {
                return in.read(b, off, len);
            } catch (Failure e) {
                if (e.kind() != Failure.Kind.TIMEOUT) {
                    throw e;
                }
                var timeout = new SocketTimeoutException(e.getMessage());
                timeout.initCause(e);
                throw timeout;
            }
        }
    }

    @Override
    public InputStream getInputStream() {
        return in;
    }

    @Override
    public OutputStream getOutputStream() {
        return out;
    }

    @Override
    public void setSoTimeout(int millis) throws SocketException {
        if (millis < 0) {
            throw new IllegalArgumentException("negative timeout");
        }
        timeoutMillis = millis;
    }

    @Override
    public int getSoTimeout() {
        return timeoutMillis;
    }

    @Override
    public void shutdownInput() {
        inputShut = true;
    }

    @Override
    public void shutdownOutput() throws IOException {
        outputShut = true;
        link.finishWriting(overall);
    }

    @Override
    public void close() {
        closed = true;
        link.close();
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public boolean isConnected() {
        return true;
    }

    @Override
    public boolean isBound() {
        return true;
    }

    @Override
    public boolean isInputShutdown() {
        return inputShut;
    }

    @Override
    public boolean isOutputShutdown() {
        return outputShut;
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return new Address(link.remote());
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return new Address(link.local());
    }

    @Override
    public InetAddress getInetAddress() {
        return null; // none: the other end is a key
    }

    @Override
    public InetAddress getLocalAddress() {
        return new InetSocketAddress(0).getAddress();
    }

    @Override
    public int getPort() {
        return port(link.remote());
    }

    @Override
    public int getLocalPort() {
        return port(link.local());
    }

    private static int port(String address) {
        String digits = address.substring(address.lastIndexOf(':') + 1);
        return digits.matches("[0-9]{1,5}") ? Integer.parseInt(digits) : 0;
    }

    @Override
    public void setSoLinger(boolean on, int seconds) {}

    @Override
    public int getSoLinger() {
        return -1;
    }

    @Override
    public void setTcpNoDelay(boolean on) {}

    @Override
    public boolean getTcpNoDelay() {
        return true;
    }

    @Override
    public void setKeepAlive(boolean on) {}

    @Override
    public boolean getKeepAlive() {
        return true;
    }

    @Override
    public String toString() {
        return link.remote();
    }
}
