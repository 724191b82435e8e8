package skywire.route.group;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import skywire.link.KeyedListener;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Mailbox;
import skywire.platform.Platform;
import skywire.route.mux.LegState;
import skywire.testkit.JuneGroup;
import skywire.testkit.JuneLeg;
import skywire.testkit.JuneNet;
import skywire.testkit.JunePeer;
import skywire.testkit.JuneStyle;
import skywire.testkit.RouteNet;
import skywire.testkit.RouteNet.Node;

/** A visor of ours and one of June 2026, and a group between them whose first leg is direct and whose others are not. */
final class JuneBench implements AutoCloseable {
    static final int PORT = 3;
    private static final int JUNE_PORT = 50_000;

    final Platform platform;
    final JuneNet net;
    final Node ours;
    final JunePeer june;
    private final List<List<Node>> paths = new ArrayList<>(); // from our end
    RouteGroup group; // ours
    JuneGroup peer; // theirs
    private int local;

    private JuneBench(Platform platform, JuneStyle style) throws IOException {
        this.platform = platform;
        this.net = new JuneNet(platform);
        this.ours = net.ours("ours");
        this.june = net.june("june", style);
    }

    /** No group yet, and paths for one leg. */
    static JuneBench bare(Platform platform, JuneStyle style) throws IOException {
        var bench = new JuneBench(platform, style);
        bench.paths.addAll(bench.net.paths(bench.ours, bench.june.node(), 1, true));
        return bench;
    }

    /** A group that we dialled, or that they did, with so many legs that carry data both ways. */
    static JuneBench open(Platform platform, JuneStyle style, boolean dialled, int legs) throws IOException {
        JuneBench bench = bare(platform, style);
        try {
            bench.open(dialled);
            for (int i = 1; i < legs; i++) {
                bench.addLeg();
            }
            bench.awaitLegs(legs);
            bench.group.width(legs, legs);
            return bench;
        } catch (Throwable e) {
            e.addSuppressed(new AssertionError(bench.june.watch().toString()));
            bench.close();
            throw e;
        }
    }

    void open(boolean dialled) throws IOException {
        if (dialled) {
            local = ours.router().groups().ports().take();
            JuneNet.Laid laid = net.lay(paths.getFirst(), local, PORT);
            group = ours.router().groups().initiateMux(RouteNet.SETUP, laid.edge(), laid.transport(), soon());
            peer = june.accept(soon());
        } else {
            try (KeyedListener listener = ours.router().groups().listen(PORT)) {
                JuneNet.Laid laid = net.lay(paths.getFirst().reversed(), JUNE_PORT, PORT);
                peer = june.initiate(laid.descriptor(), laid.june(), soon());
                group = (RouteGroup) listener.accept();
            }
        }
    }

    /** They dial, and we write as soon as the group is ours, before they can have said so. */
    Task writeOnceAccepted(byte[] bytes) throws IOException {
        KeyedListener listener = ours.router().groups().listen(PORT);
        Task writer = start("our early writer", () -> {
            try (listener) {
                group = (RouteGroup) listener.accept();
                group.write(bytes, soon());
            }
        });
        JuneNet.Laid laid = net.lay(paths.getFirst().reversed(), JUNE_PORT, PORT);
        peer = june.initiate(laid.descriptor(), laid.june(), soon());
        return writer;
    }

    /** Another leg, over a relay of its own; dialled by whoever dialled the group. */
    void addLeg() throws IOException {
        List<Node> path = List.of(ours, net.ours("relay " + paths.size()), june.node());
        net.join(path);
        paths.add(path);
        if (group.isDialled()) {
            JuneNet.Laid laid = net.lay(path, local, PORT);
            ours.router().groups().addLeg(group, RouteNet.SETUP, laid.edge(), laid.transport(), soon());
        } else {
            june.addLeg(peer, net.lay(path.reversed(), JUNE_PORT, PORT).june());
        }
    }

    /** Waits until both ends have so many legs, and ours are proven. */
    void awaitLegs(int legs) throws IOException {
        await(
                "legs",
                () -> peer.legs().size() == legs
                        && group.legs().stream().filter(JuneBench::isProven).count() == legs
                        && peer.legs().stream().allMatch(JuneLeg::isReady));
    }

    private static boolean isProven(skywire.route.mux.LegInfo leg) {
        return leg.state() == LegState.ACTIVE || leg.state() == LegState.STANDBY;
    }

    Deadline soon() {
        return platform.clock().in(Duration.ofSeconds(20));
    }

    void await(String what, BooleanSupplier condition) throws IOException {
        Deadline limit = soon();
        while (!condition.getAsBoolean()) {
            if (limit.passed()) {
                throw Failure.timeout(what + ", " + (group == null ? "" : group.legs()) + ", " + june.watch());
            }
            platform.clock().sleep(Duration.ofMillis(1));
        }
    }

    static byte[] bytes(int n, long seed) {
        byte[] bytes = new byte[n];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }

    private interface Part {
        void run() throws IOException;
    }

    /** Something under way on a thread of its own. */
    final class Task {
        private final Mailbox<Optional<Throwable>> done = new Mailbox<>(platform.clock(), 1);

        /** Waits for its end, and throws what it threw. */
        void join() throws IOException {
            Optional<Throwable> why = done.take(platform.clock().in(Duration.ofSeconds(40)));
            if (why.isPresent()) {
                throw new AssertionError(why.get().getMessage() + ", " + june.watch(), why.get());
            }
        }
    }

    private Task start(String name, Part part) {
        var task = new Task();
        platform.start(name, () -> {
            try {
                part.run();
                task.done.offer(Optional.empty());
            } catch (Throwable e) { // thrown to who joins it
                task.done.offer(Optional.of(e));
            }
        });
        return task;
    }

    /** Their end is to read all of what our end begins to write. */
    Task toJune(int n, long seed) {
        byte[] sent = bytes(n, seed);
        Task writer = start("our writer", () -> group.write(sent, soon()));
        return start("june reader", () -> {
            byte[] got = new byte[n];
            peer.readFully(got, soon());
            assertArrayEquals(sent, got);
            writer.join();
        });
    }

    /** Our end is to read all of what their end begins to write. */
    Task fromJune(int n, long seed) {
        byte[] sent = bytes(n, seed);
        Task writer = start("june writer", () -> peer.write(sent, soon()));
        return start("our reader", () -> {
            byte[] got = new byte[n];
            group.readFully(got, 0, n, soon());
            assertArrayEquals(sent, got);
            writer.join();
        });
    }

    void eachPeerLeg(Consumer<JuneLeg> what) {
        peer.legs().forEach(what);
    }

    /** What our end did was all right for a peer of June 2026. */
    void assertNoViolations() {
        assertEquals(List.of(), june.watch().violations(), june.watch()::toString);
    }

    /** Both ends close; nothing is left of the group at ours. */
    void closeGroup() throws IOException {
        group.close();
        await("rules to go", () -> ours.router().table().size() == 0 && peer.isClosed());
    }

    @Override
    public void close() {
        net.close();
    }
}
