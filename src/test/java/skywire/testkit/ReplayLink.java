package skywire.testkit;

import java.io.ByteArrayOutputStream;
import skywire.platform.Deadline;
import skywire.platform.Link;

/** A link whose peer has said everything already, in pieces of a fixed size; keeps what is written to it. */
public final class ReplayLink implements Link {
    private final byte[] input;
    private final int piece;
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private int at;
    private boolean closed;

    /** A peer that sends {@code input} in pieces of {@code piece} bytes, and then ends. */
    public ReplayLink(byte[] input, int piece) {
        this.input = input;
        this.piece = piece;
    }

    /** What was written so far. */
    public byte[] written() {
        return output.toByteArray();
    }

    /** Whether it has been closed on our side. */
    public boolean isClosed() {
        return closed;
    }

    @Override
    public int read(byte[] b, int off, int len, Deadline deadline) {
        int n = Math.min(Math.min(len, piece), input.length - at);
        System.arraycopy(input, at, b, off, n);
        at += n;
        return n == 0 && len > 0 ? -1 : n;
    }

    @Override
    public void write(byte[] b, int off, int len, Deadline deadline) {
        output.write(b, off, len);
    }

    @Override
    public void finishWriting(Deadline deadline) {}

    @Override
    public void close() {
        closed = true;
    }

    @Override
    public String local() {
        return "replay";
    }

    @Override
    public String remote() {
        return "recording";
    }
}
