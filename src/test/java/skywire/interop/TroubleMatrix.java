package skywire.interop;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import skywire.app.socks.SocksClient;
import skywire.platform.HostPort;
import skywire.platform.Platform;

/** Visors of both kinds when something goes wrong, or when nothing happens for long. */
final class TroubleMatrix {
    private static final Platform PLATFORM = Platform.system();
    private static final Duration LIMIT = Duration.ofSeconds(150);

    /** Longer than the keep-alive of rules on either side. */
    private static final Duration IDLE = Duration.ofSeconds(100);

    private static final Duration NOTICED = Duration.ofSeconds(10);

    private final Reference peer;
    private final Report report;
    private final Path dir;

    TroubleMatrix(Reference peer, Report report, Path dir) {
        this.peer = peer;
        this.report = report;
        this.dir = dir;
    }

    /** With our services, and what depends on them with the reference's too, which need its database. */
    void run(boolean withTheirs) throws IOException {
        network("trouble, services Java", 23_000, true);
        if (withTheirs) {
            network("trouble, services Go", 24_000, false);
        }
    }

    private void network(String title, int base, boolean ours) throws IOException {
        try (var programs = new Programs(PLATFORM, dir.resolve("trouble" + base));
                var services = new Services(peer, base, programs)) {
            if (!report.row(title + ": start", LIMIT, () -> services.start(ours, ours))) {
                return;
            }
            try (var net = new Network(peer, services, programs, base)) {
                new Rows(title, net).all(ours);
            }
        }
    }

    private final class Rows {
        private final String title;
        private final Network net;

        Rows(String title, Network net) {
            this.title = title;
            this.net = net;
        }

        private boolean row(String what, Report.Check check) {
            return report.row(title + ": " + what, LIMIT, check);
        }

        void all(boolean ours) throws IOException {
            net.startFiles();
            row("all visors start", () -> {
                for (Node n : net.nodes()) {
                    n.start(net.nodes());
                }
            });
            row("routes idle for " + IDLE.toSeconds() + " s still work", this::idle);
            row("the dmsg server is restarted: all are reachable again", this::restarted);
            if (ours) {
                row("J1 - G2 - J3, G2 is killed: named within 10 s, and J2 is taken", () -> killed("G2", "J2"));
                row("J1 - J2 - G3, J2 ends: named within 10 s, and G2 is taken", () -> killed("J2", "G2"));
                row("J1 - J2 - G2 - J3, G2 is killed: J2 tells, J1 names it", () -> behind("J2", "G2", "J3"));
                row("J1 - G2 - G3 - J3, G3 is killed: G2 is silent, J1 finds it", () -> behind("G2", "G3", "J3"));
            }
        }

        private void idle() throws Exception {
            net.connect("J1", "G2", "stcp");
            net.connect("G2", "G3", "stcp");
            net.connect("G1", "J2", "stcp");
            net.connect("J2", "J3", "stcp");
            HostPort ours = net.node("J1").proxy(net.node("G3"));
            HostPort theirs = net.node("G1").proxy(net.node("J3"));
            net.fetch(ours, 1);
            net.fetch(theirs, 1);
            PLATFORM.clock().sleep(System.getProperty("quick") == null ? IDLE : Duration.ofSeconds(1));
            net.fetch(ours, 1);
            net.fetch(theirs, 1);
            net.node("J1").stopProxy();
            net.node("G1").stopProxy();
            net.clear();
        }

        /** Everybody asks everybody for signs of life, until all answer. */
        private void restarted() throws Exception {
            net.services().restartServer();
            net.programs().await("all answer each other", LIMIT, this::isWhole);
        }

        private boolean isWhole() throws Exception {
            try {
                for (String name : List.of("J2", "G1", "G2")) {
                    ((JavaNode) net.node("J1")).health(net.node(name));
                }
                for (String name : List.of("J2", "G2")) {
                    ((GoNode) net.node("G1")).health(net.node(name));
                }
                return true;
            } catch (IOException e) {
                return false;
            }
        }

        /** The relay dies during a download; the proxy says which hop it was and finds another way. */
        private void killed(String relay, String other) throws Exception {
            String exit = relay.equals("G2") ? "J3" : "G3";
            net.connect("J1", relay, "stcp");
            net.connect(relay, exit, "stcp");
            HostPort proxy = net.node("J1").proxy(net.node(exit));
            net.connect("J1", other, "stcp");
            net.connect(other, exit, "stcp");
            Process download = net.fetchSlowly(proxy);
            net.fetch(proxy, 1);
            SocksClient client =
                    ((JavaNode) net.node("J1")).visor().proxies().list().getFirst();
            net.node(relay).kill();
            awaitNamed(download, client, relay);
            net.programs()
                    .await("the proxy is back", LIMIT, () -> client.status().state() == SocksClient.State.RUNNING);
            net.fetch(proxy, 1);
            net.node("J1").stopProxy();
            net.node(relay).start(net.nodes());
            net.clear();
        }

        /** The second relay dies during a download. */
        private void behind(String first, String second, String exit) throws Exception {
            net.connect("J1", first, "stcp");
            net.connect(first, second, "stcp");
            net.connect(second, exit, "stcp");
            HostPort proxy = net.node("J1").proxy(net.node(exit));
            Process download = net.fetchSlowly(proxy);
            net.fetch(proxy, 1);
            SocksClient client =
                    ((JavaNode) net.node("J1")).visor().proxies().list().getFirst();
            net.node(second).kill();
            awaitNamed(download, client, second);
            net.node("J1").stopProxy();
            net.node(second).start(net.nodes());
            net.clear();
        }

        /** The download ends soon, and the proxy says why. */
        private void awaitNamed(Process download, SocksClient client, String dead) throws Exception {
            String key = net.node(dead).key().brief();
            Set<String> said = new LinkedHashSet<>();
            try {
                net.programs().await("the download has ended and the dead hop is named", NOTICED, () -> {
                    client.status().error().ifPresent(said::add);
                    return !download.isAlive() && said.stream().anyMatch(s -> s.contains(key));
                });
            } catch (IOException e) {
                throw new IOException(
                        e.getMessage() + "; " + key + " was killed; alive " + download.isAlive() + "; " + said, e);
            }
        }
    }
}
