package skywire.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.FutureTask;
import skywire.dmsg.DmsgCtrl;
import skywire.platform.Platform;

/**
 * Visors of both kinds in one network, once with our services and once with the reference's: transports dialled by
 * either, and files through routes of one, two and three hops in every mix of client, relay and exit.
 */
final class RouteMatrix {
    private static final Platform PLATFORM = Platform.system();

    private final Reference peer;
    private final Report report;
    private final Path dir;

    RouteMatrix(Reference peer, Report report, Path dir) {
        this.peer = peer;
        this.report = report;
        this.dir = dir;
    }

    /** Both networks; the reference's services need its database. */
    void run(boolean withTheirs) throws IOException {
        network("services Java", 21_000, true, true);
        network("services Java, setup node Go", 21_500, true, false);
        if (withTheirs) {
            network("services Go", 22_000, false, false);
            network("services Go, setup node Java", 22_500, false, true);
        } else {
            report.skip("services Go", "PostgreSQL has to be there, and this started as root");
        }
    }

    private void network(String title, int base, boolean ours, boolean ourSetup) throws IOException {
        try (var programs = new Programs(PLATFORM, dir.resolve("routes" + base));
                var services = new Services(peer, base, programs)) {
            Files.createDirectories(programs.dir());
            if (!report.row(title + ": start", Network.LIMIT, () -> services.start(ours, ourSetup))) {
                return;
            }
            try (var network = new Network(peer, services, programs, base)) {
                network.startFiles();
                var rows = new Rows(title, network);
                if (rows.start()) {
                    if (ours == ourSetup) {
                        rows.services();
                    }
                    rows.routes();
                }
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
            return report.row(title + ": " + what, Network.LIMIT, check);
        }

        boolean start() {
            return net.nodes().stream().allMatch(n -> row(n.name() + " starts", () -> n.start(net.nodes())));
        }

        /** What the setup node has no part in. */
        void services() {
            asked();
            transports();
        }

        void routes() {
            oneHop();
            twoHops();
            threeHops();
        }

        private void asked() {
            row(
                    "J1 pings G1 by dmsgctrl",
                    () -> DmsgCtrl.ping(
                            PLATFORM, java("J1").visor().dmsg(), net.node("G1").key(), Network.soon()));
            row("J1 asks G1 for its health over dmsg", () -> java("J1").health(net.node("G1")));
            row("dmsg curl asks J1 for its health", () -> go("G1").health(net.node("J1")));
        }

        private JavaNode java(String name) {
            return (JavaNode) net.node(name);
        }

        private GoNode go(String name) {
            return (GoNode) net.node(name);
        }

        private void transports() {
            for (String type : List.of("stcp", "dmsg")) {
                transport("G1", "J2", type);
                transport("J1", "G2", type);
                transport("G2", "J3", type);
                transport("J2", "G3", type);
            }
            row("all of them end", net::clear);
            for (int i = 0; i < 3; i++) {
                row("stcp transport, both dial at once", () -> crossed("G1", "J2"));
            }
            row("all of them end", net::clear);
        }

        private void transport(String from, String to, String type) {
            row(type + " transport, " + from + " dials " + to, () -> net.connect(from, to, type));
        }

        /** Whoever wins, both have it and it carries packets. */
        private void crossed(String one, String two) throws Exception {
            var other = new FutureTask<Void>(() -> {
                net.node(two).connect(net.node(one), "stcp");
                return null;
            });
            PLATFORM.start("crossed", other);
            net.node(one).connect(net.node(two), "stcp");
            other.get();
            net.awaitTransport(one, two, "stcp");
            net.connect(two, "G3", "stcp");
            net.fetchBy(1, one, two, "G3");
            net.clear();
        }

        private void oneHop() {
            transport("G3", "J1", "dmsg");
            transport("J3", "G1", "dmsg");
            route("G3", "J1");
            route("J3", "G1");
            row("transports end", net::clear);
        }

        private void twoHops() {
            for (String relay : List.of("J2", "G2")) {
                String same = relay.substring(0, 1);
                String other = same.equals("J") ? "G" : "J";
                transport(other + "1", relay, "stcp");
                transport(relay, other + "3", "stcp");
                transport(relay, same + "1", "stcp");
                transport(same + "3", relay, "stcp");
                for (String client : List.of("J1", "G1")) {
                    for (String exit : List.of("J3", "G3")) {
                        route(client, relay, exit);
                    }
                }
                row("8 files at once by J1 - " + relay + " - G3", () -> net.fetchBy(8, "J1", relay, "G3"));
                row("8 files at once by G1 - " + relay + " - J3", () -> net.fetchBy(8, "G1", relay, "J3"));
                row("transports end", net::clear);
            }
        }

        private void threeHops() {
            chain("J1", "G2", "J2", "G3");
            chain("G1", "J2", "G2", "J3");
        }

        /** There is no shorter route. */
        private void chain(String... path) {
            for (int i = 0; i + 1 < path.length; i++) {
                transport(path[i + i % 2], path[i + 1 - i % 2], "stcp");
            }
            route(path);
            row("transports end", net::clear);
        }

        private void route(String... path) {
            row("file by " + String.join(" - ", path), () -> net.fetchBy(1, path));
        }
    }
}
