package skywire.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import skywire.bytes.ByteReader;
import skywire.bytes.ByteWriter;
import skywire.dmsg.DmsgAddress;
import skywire.dmsg.DmsgClient;
import skywire.dmsg.DmsgListener;
import skywire.dmsg.DmsgSession;
import skywire.link.KeyedLink;
import skywire.platform.Deadline;
import skywire.platform.Platform;

/** What is done with dmsg streams to measure them, on both sides. */
final class Streams {
    /** Port that answers with what it gets. */
    static final int ECHO = 1;
    /** Port that reads a length and so many bytes, and answers one byte. */
    static final int SINK = 2;
    /** Port that accepts and waits for the end. */
    static final int NOTHING = 3;

    private static final int PIECE = 32 * 1024;

    private final Platform platform;
    private final DmsgClient client;

    Streams(Platform platform, DmsgClient client) {
        this.platform = platform;
        this.client = client;
    }

    private static Deadline soon() {
        return ClientNode.soon();
    }

    @FunctionalInterface
    private interface Service {
        void serve(KeyedLink stream) throws IOException;
    }

    void listen() throws IOException {
        listen(ECHO, Streams::serveEcho);
        listen(SINK, Streams::serveSink);
        listen(NOTHING, stream -> stream.read(new byte[1], 0, 1, soon()));
    }

    private void listen(int port, Service service) throws IOException {
        DmsgListener listener = client.listen(port);
        platform.start("bench/accept", () -> acceptAll(listener, service));
    }

    private void acceptAll(DmsgListener listener, Service service) {
        try {
            while (true) {
                KeyedLink stream = listener.accept();
                platform.start("bench/serve", () -> serve(stream, service));
            }
        } catch (IOException e) {
            e.printStackTrace();
        }
    }

    private static void serve(KeyedLink stream, Service service) {
        try (stream) {
            service.serve(stream);
        } catch (IOException e) {
            return; // the other side went: it knows why
        }
    }

    private static void serveEcho(KeyedLink stream) throws IOException {
        byte[] buffer = new byte[PIECE];
        for (int n; (n = stream.read(buffer, 0, buffer.length, soon())) >= 0; ) {
            stream.write(buffer, 0, n, soon());
        }
    }

    private static void serveSink(KeyedLink stream) throws IOException {
        byte[] buffer = new byte[PIECE];
        stream.readFully(buffer, 0, 8, soon());
        long left = new ByteReader(buffer).i64();
        while (left > 0) {
            int n = stream.read(buffer, 0, buffer.length, soon());
            if (n < 0) {
                throw new IOException("early end");
            }
            left -= n;
        }
        stream.write(new byte[1], soon());
        stream.read(buffer, 0, 1, soon());
    }

    private KeyedLink dial(DmsgAddress peer, int port) throws IOException {
        return client.dial(new DmsgAddress(peer.key(), port), soon());
    }

    /** Sends so many megabytes over some streams together; seconds until the last byte is acknowledged. */
    String throughput(DmsgAddress peer, int streams, int megabytes) throws Exception {
        List<KeyedLink> open = new ArrayList<>();
        for (int i = 0; i < streams; i++) {
            open.add(dial(peer, SINK));
        }
        long each = megabytes * 1_000_000L / streams;
        long began = System.nanoTime();
        var next = open.iterator();
        ClientNode.parallel(streams, streams, () -> {
            KeyedLink stream;
            synchronized (next) {
                stream = next.next();
            }
            send(stream, each);
            return null;
        });
        double seconds = (System.nanoTime() - began) / 1e9;
        open.forEach(KeyedLink::close);
        return String.valueOf(seconds);
    }

    private static void send(KeyedLink stream, long bytes) throws IOException {
        stream.write(new ByteWriter(8).i64(bytes).toBytes(), soon());
        byte[] piece = new byte[PIECE];
        for (long left = bytes; left > 0; ) {
            int n = (int) Math.min(left, PIECE);
            stream.write(piece, 0, n, soon());
            left -= n;
        }
        stream.readFully(piece, 0, 1, soon());
    }

    /** Round trips of that size, one after another; p50 and p99 in microseconds. */
    String echo(DmsgAddress peer, int size, int count) throws IOException {
        try (KeyedLink stream = dial(peer, ECHO)) {
            byte[] message = new byte[size];
            var each = new Stats();
            for (int i = 0; i < count; i++) {
                long began = System.nanoTime();
                stream.write(message, soon());
                stream.readFully(message, 0, size, soon());
                each.add((System.nanoTime() - began) / 1e3);
            }
            return each.median() + " " + each.quantile(0.99);
        }
    }

    /** Dials so many streams, some at a time, and closes each; seconds, p50 and p99 in ms. */
    String dial(DmsgAddress peer, int count, int atOnce) throws Exception {
        var each = new Stats();
        long began = System.nanoTime();
        ClientNode.parallel(count, atOnce, () -> {
            long start = System.nanoTime();
            KeyedLink stream = dial(peer, NOTHING);
            double millis = (System.nanoTime() - start) / 1e6;
            stream.close();
            synchronized (each) {
                each.add(millis);
            }
            return null;
        });
        double seconds = (System.nanoTime() - began) / 1e9;
        return seconds + " " + each.median() + " " + each.quantile(0.99);
    }

    /** Pings the server while two streams send as fast as they can; p50 and the longest in ms. */
    String ping(DmsgAddress peer, int count) throws Exception {
        var over = new AtomicBoolean();
        List<KeyedLink> busy = List.of(dial(peer, SINK), dial(peer, SINK));
        for (KeyedLink stream : busy) {
            platform.start("bench/busy", () -> saturate(stream, over));
        }
        DmsgSession session = client.sessions().getFirst();
        var each = new Stats();
        for (int i = 0; i < count; i++) {
            each.add(session.ping(soon()).toNanos() / 1e6);
            Thread.sleep(20);
        }
        over.set(true);
        busy.forEach(KeyedLink::close);
        return each.median() + " " + each.quantile(1);
    }

    private static void saturate(KeyedLink stream, AtomicBoolean over) {
        try {
            stream.write(new ByteWriter(8).i64(Long.MAX_VALUE).toBytes(), soon());
            byte[] piece = new byte[PIECE];
            while (!over.get()) {
                stream.write(piece, soon());
            }
        } catch (IOException e) {
            return; // closed at the end
        }
    }
}
