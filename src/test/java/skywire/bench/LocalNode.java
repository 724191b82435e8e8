package skywire.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import skywire.app.socks.SocksClient;
import skywire.app.socks.SocksClientConfig;
import skywire.control.Progress;
import skywire.entry.TransportEntry;
import skywire.key.SecretKey;
import skywire.link.KeyedLink;
import skywire.link.KeyedListener;
import skywire.local.LocalNetwork;
import skywire.local.LocalSettings;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.HostPort;
import skywire.platform.Platform;
import skywire.route.setup.Dialled;
import skywire.transport.StcpCarrier;
import skywire.visor.Visor;

/** A whole network of eight visors in one process; the first is also linked to the exit, for routes of one hop. */
final class LocalNode implements Node.Role {
    private static final Platform PLATFORM = Platform.system();
    private static final int ECHO = 4000;
    private static final HostPort ANY = new HostPort("127.0.0.1", 0);

    private final LocalNetwork network;
    private final Visor first;
    private final Visor exit;

    LocalNode() throws IOException {
        var settings = new LocalSettings(8, 3, 0, ANY, Optional.empty(), name -> SecretKey.generate(PLATFORM.random()));
        network = LocalNetwork.start(PLATFORM, settings, Progress.NONE);
        first = network.first();
        exit = network.mesh().visor(7).orElseThrow();
        first.know(exit.key(), HostPort.parse(exit.stcpAddress()));
        first.transports().dial(exit.key(), StcpCarrier.TYPE, TransportEntry.USER, soon());
        KeyedListener listener = exit.router().groups().listen(ECHO);
        PLATFORM.start("bench/accept", () -> acceptAll(listener));
        firstDirect();
    }

    private static Deadline soon() {
        return PLATFORM.clock().in(Duration.ofSeconds(30));
    }

    private static void acceptAll(KeyedListener listener) {
        try {
            while (true) {
                KeyedLink link = listener.accept();
                PLATFORM.start("bench/echo", () -> echo(link));
            }
        } catch (IOException e) {
            return; // the network ends
        }
    }

    private static void echo(KeyedLink link) {
        try (link) {
            byte[] one = new byte[1];
            while (link.read(one, 0, 1, soon()) > 0) {
                link.write(one, soon());
            }
        } catch (IOException e) {
            return; // the other side went: it knows why
        }
    }

    /** The direct transport takes a moment until the directory offers it. */
    private void firstDirect() throws IOException {
        Deadline limit = soon();
        while (true) {
            try {
                route(1);
                return;
            } catch (Failure e) {
                limit.check("a route of one hop");
                PLATFORM.clock().sleep(Duration.ofMillis(100));
            }
        }
    }

    @Override
    public String answer(String question, List<String> words) throws Exception {
        return switch (question) {
            case "routes" -> routes(Integer.parseInt(words.get(0)), Integer.parseInt(words.get(1)));
            case "proxy" -> proxy(Integer.parseInt(words.getFirst()));
            default -> "error no question " + question;
        };
    }

    /** Milliseconds until the first byte is back. */
    private double route(int hops) throws IOException {
        long began = System.nanoTime();
        Dialled dialled = first.dialer().dial(exit.key(), ECHO, hops, hops, Progress.NONE, soon());
        try (KeyedLink link = dialled.group()) {
            link.write(new byte[1], soon());
            link.readFully(new byte[1], 0, 1, soon());
            return (System.nanoTime() - began) / 1e6;
        }
    }

    private String routes(int hops, int count) throws IOException {
        var each = new Stats();
        for (int i = 0; i < count; i++) {
            each.add(route(hops));
        }
        return each.median() + " " + each.quantile(0.99);
    }

    /** Where a proxy over so many hops listens. */
    private String proxy(int hops) throws IOException {
        var config = new SocksClientConfig("bench-" + hops, exit.key(), ANY, Optional.empty(), Optional.empty());
        SocksClient client = first.proxies().start(config, hops, Progress.NONE, soon());
        return client.status().socks().toString();
    }
}
