package skywire.testkit;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import skywire.key.PublicKey;
import skywire.packet.RouteDescriptor;
import skywire.packet.Rule;
import skywire.platform.Platform;
import skywire.route.EdgeRules;
import skywire.testkit.RouteNet.Node;
import skywire.transport.StcpCarrier;
import skywire.transport.Transport;

/**
 * Visors of ours and of June 2026, joined by stcp transports; routes between them are laid by hand, over relays that are
 * ours.
 */
public final class JuneNet implements AutoCloseable {
    private static final Duration KEEP_ALIVE = Duration.ofMinutes(10);

    private final Platform platform;
    private final RouteNet net;
    private final Map<PublicKey, JunePeer> peers = new LinkedHashMap<>();

    /** An empty net. */
    public JuneNet(Platform platform) {
        this.platform = platform;
        this.net = new RouteNet(platform);
    }

    /** A visor of ours, an end or a relay. */
    public Node ours(String seed) throws IOException {
        return net.add(seed);
    }

    /** A scripted visor. */
    public JunePeer june(String seed, JuneStyle style) throws IOException {
        JunePeer peer = JunePeer.start(platform, "127.0.0.1", seed, style);
        peers.put(peer.key(), peer);
        return peer;
    }

    /** Transports between each of these visors and the next. */
    public void join(List<Node> path) throws IOException {
        for (int i = 1; i < path.size(); i++) {
            net.join(path.get(i - 1), path.get(i));
        }
    }

    /**
     * A route whose rules are everywhere but at its first visor.
     *
     * @param descriptor as the first visor sees the group
     * @param nextId id of what it sends
     * @param consumeId id of what comes back
     * @param transport its first transport
     * @param forwardId id of its forward rule, if it is a visor of ours
     */
    public record Laid(RouteDescriptor descriptor, long nextId, long consumeId, UUID transport, long forwardId) {
        /** Rules for a first visor of ours. */
        public EdgeRules edge() throws IOException {
            return EdgeRules.of(
                    descriptor,
                    new Rule.Forward(KEEP_ALIVE, forwardId, descriptor.inverted(), nextId, transport),
                    new Rule.Consume(KEEP_ALIVE, consumeId, descriptor));
        }

        /** Rules for a first visor that is scripted. */
        public JuneLeg.Rules june() {
            return new JuneLeg.Rules(consumeId, nextId, transport);
        }
    }

    /** Lays a route along these visors for a group of these ports, as a setup node would: the last visor gets it first. */
    public Laid lay(List<Node> path, int fromPort, int toPort) throws IOException {
        int last = path.size() - 1;
        var forth = new ArrayList<Long>();
        var back = new ArrayList<Long>();
        for (Node node : path) {
            forth.add(reserve(node));
            back.add(reserve(node));
        }
        for (int i = 1; i < last; i++) {
            Rule onward = new Rule.Intermediary(KEEP_ALIVE, forth.get(i), forth.get(i + 1), between(path, i, i + 1));
            Rule returning = new Rule.Intermediary(KEEP_ALIVE, back.get(i), back.get(i - 1), between(path, i, i - 1));
            path.get(i).router().installer().addIntermediary(RouteNet.SETUP, List.of(onward, returning));
        }
        var descriptor =
                new RouteDescriptor(path.getFirst().key(), path.getLast().key(), fromPort, toPort);
        UUID lastTransport = between(path, last, last - 1);
        JunePeer peer = peers.get(path.getLast().key());
        if (peer != null) {
            peer.introduce(descriptor, new JuneLeg.Rules(forth.get(last), back.get(last - 1), lastTransport));
        } else {
            path.get(last)
                    .router()
                    .installer()
                    .addEdge(
                            RouteNet.SETUP,
                            EdgeRules.of(
                                    descriptor,
                                    new Rule.Forward(
                                            KEEP_ALIVE,
                                            back.get(last),
                                            descriptor.inverted(),
                                            back.get(last - 1),
                                            lastTransport),
                                    new Rule.Consume(KEEP_ALIVE, forth.get(last), descriptor)));
        }
        return new Laid(descriptor.inverted(), forth.get(1), back.getFirst(), between(path, 0, 1), forth.getFirst());
    }

    private long reserve(Node node) throws IOException {
        JunePeer peer = peers.get(node.key());
        return peer == null
                ? node.router().installer().reserve(RouteNet.SETUP, 1).getFirst()
                : peer.reserve();
    }

    /**
     * Disjoint paths between two visors: the first without a relay if {@code direct}, each other one over a relay of its
     * own, with all the transports they need.
     */
    public List<List<Node>> paths(Node from, Node to, int n, boolean direct) throws IOException {
        var paths = new ArrayList<List<Node>>();
        for (int i = 0; i < n; i++) {
            List<Node> path = i == 0 && direct ? List.of(from, to) : List.of(from, ours("relay " + i), to);
            join(path);
            paths.add(path);
        }
        return paths;
    }

    /** The transport between two visors of a path. */
    private static UUID between(List<Node> path, int from, int to) {
        return transport(path.get(from), path.get(to)).id();
    }

    /** The transport of the first visor to the second. */
    public static Transport transport(Node from, Node to) {
        return from.transports().find(to.key(), StcpCarrier.TYPE).orElseThrow();
    }

    @Override
    public void close() {
        peers.values().forEach(JunePeer::close);
        net.close();
    }
}
