package skywire.bench;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import skywire.directory.FixedDirectory;
import skywire.dmsg.DmsgAddress;
import skywire.dmsg.DmsgClient;
import skywire.dmsg.DmsgConfig;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.link.HandshakeFrames;
import skywire.noise.Handshake;
import skywire.noise.Pattern;
import skywire.platform.Deadline;
import skywire.platform.HostPort;
import skywire.platform.Link;
import skywire.platform.Platform;
import skywire.yamux.Side;
import skywire.yamux.YamuxConfig;
import skywire.yamux.YamuxSession;

/** Clients of one server; the first of them listens and dials. */
final class ClientNode implements Node.Role {
    private static final Platform PLATFORM = Platform.system();

    private final PublicKey serverKey;
    private final HostPort address;
    private final FixedDirectory directory = new FixedDirectory();
    private final DmsgClient client;
    private final Streams streams;
    private final List<Closeable> kept = new ArrayList<>();

    /** With the key and the address of the server. */
    ClientNode(List<String> server) throws IOException {
        serverKey = PublicKey.parse(server.get(0));
        address = HostPort.parse(server.get(1));
        directory.addServer(serverKey, address.toString());
        client = client();
        streams = new Streams(PLATFORM, client);
        streams.listen();
    }

    static Deadline soon() {
        return PLATFORM.clock().in(Duration.ofSeconds(60));
    }

    private DmsgClient client() throws IOException {
        SecretKey key = SecretKey.generate(PLATFORM.random());
        directory.addClient(key.publicKey());
        DmsgClient started =
                DmsgClient.start(PLATFORM, DmsgConfig.of(key).withSessions(1).unpublished(), directory);
        started.awaitReady(soon());
        return started;
    }

    @Override
    public String answer(String question, List<String> words) throws Exception {
        return switch (question) {
            case "key" -> client.publicKey().hex();
            case "throughput" -> streams.throughput(peer(words.get(0)), integer(words, 1), integer(words, 2));
            case "echo" -> streams.echo(peer(words.get(0)), integer(words, 1), integer(words, 2));
            case "dial" -> streams.dial(peer(words.get(0)), integer(words, 1), integer(words, 2));
            case "ping" -> streams.ping(peer(words.get(0)), integer(words, 1));
            case "connect" -> connect(integer(words, 0), integer(words, 1));
            case "idle" -> idle(integer(words, 0));
            case "drop" -> drop();
            default -> "error no question " + question;
        };
    }

    private DmsgAddress peer(String key) throws IOException {
        PublicKey peer = PublicKey.parse(key);
        directory.addClient(peer);
        return new DmsgAddress(peer, Streams.ECHO);
    }

    private static int integer(List<String> words, int index) {
        return Integer.parseInt(words.get(index));
    }

    /** Connects so many sessions with fresh keys, some at a time, and keeps them; seconds, p50 and p99 in ms. */
    private String connect(int count, int atOnce) throws Exception {
        var each = new Stats();
        long began = System.nanoTime();
        parallel(count, atOnce, () -> {
            SecretKey key = SecretKey.generate(PLATFORM.random());
            long start = System.nanoTime();
            Closeable session = session(key);
            synchronized (kept) {
                kept.add(session);
                each.add((System.nanoTime() - start) / 1e6);
            }
            return null;
        });
        double seconds = (System.nanoTime() - began) / 1e9;
        return seconds + " " + each.median() + " " + each.quantile(0.99);
    }

    /** A session and nothing above it; connected when message 3 is sent. */
    private Closeable session(SecretKey key) throws IOException {
        Link link = PLATFORM.network().dial(address, soon());
        Handshake handshake = Handshake.initiator(Pattern.XK, key, serverKey, PLATFORM.random());
        HandshakeFrames.initiate(link, handshake, soon());
        return YamuxSession.open(PLATFORM, "bench", link, Side.CLIENT, YamuxConfig.CLIENT);
    }

    /** Adds so many whole clients. */
    private String idle(int count) throws Exception {
        parallel(count, 8, () -> {
            DmsgClient added = client();
            synchronized (kept) {
                kept.add(added);
            }
            return null;
        });
        return "ok";
    }

    private String drop() throws IOException {
        for (Closeable each : kept) {
            each.close();
        }
        kept.clear();
        return "ok";
    }

    /** Runs a task so many times on some threads. */
    static void parallel(int count, int atOnce, Callable<Void> task) throws Exception {
        var left = new AtomicInteger(count);
        List<FutureTask<Void>> workers = new ArrayList<>();
        for (int i = 0; i < atOnce; i++) {
            var worker = new FutureTask<Void>(() -> {
                while (left.getAndDecrement() > 0) {
                    task.call();
                }
                return null;
            });
            workers.add(worker);
            PLATFORM.start("bench/worker", worker);
        }
        for (FutureTask<Void> worker : workers) {
            worker.get();
        }
    }
}
