package skywire.soak;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import skywire.app.socks.SocksServer;
import skywire.control.Progress;
import skywire.dmsg.DmsgAddress;
import skywire.dmsg.DmsgCtrl;
import skywire.dmsg.DmsgStream;
import skywire.local.LocalNetwork;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Platform;
import skywire.route.group.RouteGroup;
import skywire.testkit.ReportFile;
import skywire.transport.Transport;
import skywire.visor.Visor;

/** One thing after the other is done to a network, drawn from a seed. One thread. */
final class Churn {
    private static final Platform WORLD = Platform.system();
    private static final int LARGEST = 2_000_000;

    private final LocalNetwork network;
    private final Web web;
    private final SplittableRandom dice;
    private final Map<String, int[]> counts = new TreeMap<>(); // done, failed

    private interface Action {
        void run() throws IOException;
    }

    Churn(LocalNetwork network, Web web, long seed) {
        this.network = network;
        this.web = web;
        this.dice = new SplittableRandom(seed);
    }

    private static Deadline in(int seconds) {
        return WORLD.clock().in(Duration.ofSeconds(seconds));
    }

    /** Does one thing. A failure of the network is counted, wrong bytes are thrown. */
    void step() {
        switch (dice.nextInt(12)) {
            case 0, 1, 2, 3 -> count("download", () -> web.fetch(proxy(), dice.nextInt(LARGEST), Integer.MAX_VALUE));
            case 4, 5 -> count("download cut", () -> web.fetch(proxy(), LARGEST, dice.nextInt(LARGEST / 2)));
            case 6, 7 -> count("dmsg stream", this::stream);
            case 8, 9 -> count("route", this::route);
            case 10 -> count("transport cut", this::cutTransport);
            default -> count("visor restarted", this::restart);
        }
    }

    private skywire.platform.HostPort proxy() {
        return network.proxy().status().socks();
    }

    private void count(String what, Action action) {
        int[] count = counts.computeIfAbsent(what, w -> new int[2]);
        count[0]++;
        try {
            action.run();
        } catch (IOException e) {
            count[1]++;
        }
    }

    private Visor visor() {
        return network.mesh().visor(dice.nextInt(network.mesh().size())).orElseThrow();
    }

    private void stream() throws IOException {
        Visor from = visor();
        Visor to = visor();
        try (DmsgStream stream = from.dmsg().dial(new DmsgAddress(to.key(), DmsgCtrl.PORT), in(10))) {
            stream.write(new byte[dice.nextInt(1, 100)], in(5));
        }
    }

    private void route() throws IOException {
        Visor exit = network.mesh().visor(network.mesh().size() - 1).orElseThrow();
        int hops = dice.nextInt(2, 4);
        try (RouteGroup group = network.first()
                .dialer()
                .dial(exit.key(), SocksServer.PORT, hops, hops, Progress.NONE, in(20))
                .group()) {
            group.ping(in(5));
        }
    }

    private void cutTransport() throws IOException {
        Visor relay = relay();
        var transports = relay.transports().list();
        if (transports.isEmpty()) {
            throw new Failure(Failure.Kind.NOT_FOUND, "none to cut");
        }
        Transport victim = transports.get(dice.nextInt(transports.size()));
        UUID id = victim.id();
        var other = victim.remoteKey();
        relay.transports().remove(id);
        relay.connect(other, java.util.Optional.of(victim.type()), in(10));
    }

    private Visor relay() {
        return network.mesh().visor(dice.nextInt(1, network.mesh().size() - 1)).orElseThrow();
    }

    private void restart() throws IOException {
        int number = dice.nextInt(1, network.mesh().size() - 1);
        network.mesh().kill(number);
        network.mesh().start(number, in(30));
    }

    /** What was done so far: how often, and how often it failed. */
    String summary() {
        var text = new StringBuilder();
        counts.forEach((what, n) -> text.append(String.format("%s %d (%d failed)  ", what, n[0], n[1])));
        return text.toString().strip();
    }

    /** How often each thing was done, and how often it failed. */
    void report(ReportFile report) {
        counts.forEach((what, n) -> {
            report.add(what, n[0], "times");
            report.add(what + ", failed", n[1], "times");
        });
    }

    /** Whether most of each kind worked; a soak of failures shows nothing. */
    boolean mostlyWorked() {
        return counts.values().stream().allMatch(n -> n[1] * 2 <= n[0] || n[0] < 4);
    }
}
