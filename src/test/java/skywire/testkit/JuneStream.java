package skywire.testkit;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import skywire.platform.Clock;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Link;
import skywire.platform.Mailbox;

/**
 * The bytes of a {@link JuneGroup} below its encryption. Each write is cut into noise frames, which become one Data packet
 * each (routing §6); what arrives waits in a queue of 1024 payloads for the application, and is lost when that is full for
 * 30 s (mux §3.2).
 */
final class JuneStream implements Link {
    private static final int QUEUE = 1024;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final JuneGroup group;
    private final Clock clock;
    private final JuneWatch watch;
    private final Mailbox<byte[]> queue;
    private byte[] rest = {}; // reader only
    private volatile boolean orderly;

    JuneStream(JuneGroup group, Clock clock, JuneWatch watch) {
        this.group = group;
        this.clock = clock;
        this.watch = watch;
        this.queue = new Mailbox<>(clock, QUEUE);
    }

    /** For the loop of the visor: the application gets this next. */
    void deliver(byte[] data) {
        try {
            queue.put(data, clock.in(PATIENCE));
        } catch (IOException e) {
            if (Failure.kindOf(e) == Failure.Kind.TIMEOUT) {
                watch.note("data was dropped, since the application took nothing for 30 s");
            }
        }
    }

    /** Nothing more will come. */
    void end(Failure why) {
        orderly |= why.kind() == Failure.Kind.CLOSED_THERE;
        queue.close(why);
    }

    @Override
    public int read(byte[] b, int off, int len, Deadline deadline) throws IOException {
        while (rest.length == 0) {
            try {
                rest = queue.take(deadline);
            } catch (Failure e) {
                if (orderly && e.kind() == Failure.Kind.CLOSED_THERE) {
                    return -1;
                }
                throw e;
            }
        }
        int n = Math.min(len, rest.length);
        System.arraycopy(rest, 0, b, off, n);
        rest = Arrays.copyOfRange(rest, n, rest.length);
        return n;
    }

    @Override
    public void write(byte[] b, int off, int len, Deadline deadline) throws IOException {
        for (int done = 0, n; done < len; done += n) {
            n = 2 + ((b[off + done] & 0xff) << 8 | b[off + done + 1] & 0xff);
            group.send(Arrays.copyOfRange(b, off + done, off + done + n), deadline);
        }
    }

    @Override
    public void finishWriting(Deadline deadline) {
        // a group ends both directions at once
    }

    @Override
    public void close() {
        group.close();
    }

    @Override
    public String local() {
        return "june";
    }

    @Override
    public String remote() {
        return group.descriptor().srcKey().hex();
    }
}
