package skywire.route.setup;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import skywire.entry.TransportEntry;
import skywire.key.PublicKey;
import skywire.platform.Deadline;
import skywire.rpc.RpcListener;
import skywire.service.setup.SetupNode;
import skywire.sim.SimHost;
import skywire.sim.Simulation;
import skywire.testkit.RouteNet;
import skywire.transport.Transport;

/** Whole visors, as far as routing goes, on simulated machines, joined as a test likes, with one setup node. */
final class DialWorld implements AutoCloseable {
    final Simulation sim;
    final SimDmsg dmsg;
    final RouteNet net;
    final PublicKey setupKey = SimDmsg.key("setup node");
    final SimHost setupHost;
    final SetupNode setup;
    final List<Visor> visors = new ArrayList<>();
    private List<TransportEntry> listed = List.of();

    /** One visor and its machine. */
    record Visor(SimHost host, RouteNet.Node node, RpcListener gateway) {
        PublicKey key() {
            return node.key();
        }

        /** Rules and reserved ids. */
        int left() {
            return node.router().table().size() + node.router().table().reservedIds();
        }
    }

    DialWorld(Simulation sim, int n) throws IOException {
        this.sim = sim;
        this.dmsg = new SimDmsg(sim);
        this.net = new RouteNet(sim);
        sim.faults().between(Duration.ofMillis(5), Duration.ofMillis(1), 10_000_000);
        this.setupHost = dmsg.join(setupKey);
        for (int i = 0; i < n; i++) {
            String name = "visor " + i;
            PublicKey key = SimDmsg.key(name);
            SimHost host = dmsg.join(key);
            RouteNet.Node node = net.add(host, host.address(), name);
            RpcListener gateway = new RouterGateway(host, node.router().installer(), true)
                    .start(dmsg.listen(key, SetupPorts.GATEWAY), setupKey::equals);
            visors.add(new Visor(host, node, gateway));
        }
        this.setup = SetupNode.start(
                setupHost,
                dmsg.listen(setupKey, SetupPorts.SETUP_NODE),
                dmsg.dialer(setupKey),
                SetupNode.Config.DEFAULT);
    }

    Visor visor(int i) {
        return visors.get(i);
    }

    /** A transport between two visors. */
    void join(int from, int to) throws IOException {
        net.join(visor(from).node(), visor(to).node());
    }

    /** A row of them. */
    void row(int... which) throws IOException {
        for (int i = 1; i < which.length; i++) {
            join(which[i - 1], which[i]);
        }
    }

    /** What the directory lists from now on: what there is now, and it never hears of anything else. */
    void list() {
        listed = visors.stream()
                .flatMap(v -> entries(v.node()).stream())
                .distinct()
                .toList();
    }

    private static List<TransportEntry> entries(RouteNet.Node node) {
        return node.transports().list().stream()
                .map(Transport::entry)
                .map(signed -> signed.entry())
                .toList();
    }

    RouteDialer dialer(int i) {
        return dialer(i, RouteDialer.Settings.DEFAULT, List.of(setupKey));
    }

    RouteDialer dialer(int i, RouteDialer.Settings settings, List<PublicKey> setupNodes) {
        Visor visor = visor(i);
        RouteSource source = (ends, wish, deadline) ->
                new PathSearch(listed, wish, visor.host().random()).find(ends, LocalRoutes.MOST_PATHS);
        return new RouteDialer(
                visor.host(),
                visor.key(),
                visor.node().router().groups(),
                new SetupClient(visor.host(), dmsg.dialer(visor.key()), setupNodes),
                () -> entries(visor.node()),
                List.of(source),
                settings,
                surroundings());
    }

    private Surroundings surroundings() {
        return new Surroundings() {
            @Override
            public List<TransportEntry> listed(Deadline deadline) {
                return listed;
            }

            @Override
            public List<Sighting> sightings() {
                return List.of();
            }
        };
    }

    Deadline soon() {
        return sim.clock().in(Duration.ofSeconds(60));
    }

    @Override
    public void close() {
        setup.close();
        visors.forEach(visor -> visor.gateway().close());
        net.close();
    }
}
