package skywire.route.setup;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import skywire.directory.Path;
import skywire.key.PublicKey;
import skywire.packet.Hop;
import skywire.packet.RouteDescriptor;
import skywire.platform.Failure;
import skywire.route.EdgeRules;
import skywire.route.RuleInstaller;
import skywire.route.RuleTable;
import skywire.rpc.RpcListener;
import skywire.service.setup.SetupNode;
import skywire.sim.SimHost;
import skywire.sim.Simulation;

/** Visors in a row and a setup node. */
final class SetupWorld implements AutoCloseable {
    final Simulation sim;
    final SimDmsg dmsg;
    final PublicKey setupKey = SimDmsg.key("setup");
    final Map<PublicKey, Node> nodes = new LinkedHashMap<>();
    final List<PublicKey> keys = new ArrayList<>();
    final SetupNode setup;
    private final SimHost setupHost;

    /** A visor as far as route setup sees it. */
    static final class Node {
        final SimHost host;
        final RuleTable table;
        final RpcListener gateway;
        final List<EdgeRules> introduced = new ArrayList<>();
        boolean refuseEdges;

        Node(SetupWorld world, PublicKey key) throws IOException {
            host = world.dmsg.join(key);
            table = new RuleTable(host.clock(), host.random(), key);
            var installer = new RuleInstaller(key, table, id -> true, this::introduce, rule -> {});
            gateway = new RouterGateway(host, installer, true)
                    .start(world.dmsg.listen(key, SetupPorts.GATEWAY), world.setupKey::equals);
        }

        private void introduce(PublicKey owner, EdgeRules rules) throws Failure {
            if (refuseEdges) {
                throw new Failure(Failure.Kind.LIMIT, "too many route groups");
            }
            table.install(owner, rules.consume());
            table.install(owner, rules.forward());
            introduced.add(rules);
        }

        int left() {
            return table.size() + table.reservedIds();
        }
    }

    SetupWorld(Simulation sim, int visors) throws IOException {
        this.sim = sim;
        this.dmsg = new SimDmsg(sim);
        sim.faults().between(Duration.ofMillis(5), Duration.ofMillis(1), 10_000_000);
        setupHost = dmsg.join(setupKey);
        for (int i = 0; i < visors; i++) {
            PublicKey key = SimDmsg.key("visor " + i);
            keys.add(key);
            nodes.put(key, new Node(this, key));
        }
        setup = SetupNode.start(
                setupHost,
                dmsg.listen(setupKey, SetupPorts.SETUP_NODE),
                dmsg.dialer(setupKey),
                SetupNode.Config.DEFAULT);
    }

    SimHost setupHost() {
        return setupHost;
    }

    Node node(int i) {
        return nodes.get(keys.get(i));
    }

    /** A request for the path from the first to the last visor. */
    RouteRequest request() {
        List<Hop> hops = new ArrayList<>();
        for (int i = 0; i + 1 < keys.size(); i++) {
            hops.add(new Hop(new UUID(7, i), keys.get(i), keys.get(i + 1)));
        }
        var descriptor = new RouteDescriptor(keys.getFirst(), keys.getLast(), 49153, 3);
        return RouteRequest.symmetric(descriptor, Duration.ofSeconds(30), new Path(hops));
    }

    /** The first visor's way to the setup node. */
    SetupClient client() {
        return new SetupClient(node(0).host, dmsg.dialer(keys.getFirst()), List.of(setupKey));
    }

    @Override
    public void close() {
        setup.close();
        nodes.values().forEach(node -> node.gateway.close());
    }
}
