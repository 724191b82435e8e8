package skywire.route.group;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.limit.LogLimit;
import skywire.limit.Quota;
import skywire.link.KeyedListener;
import skywire.packet.Handshake;
import skywire.packet.RouteDescriptor;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Platform;
import skywire.platform.Scope;
import skywire.route.EdgeRules;
import skywire.route.Hops;
import skywire.route.RuleInstaller;
import skywire.route.RuleTable;
import skywire.route.mux.Extension;

/**
 * The route groups of a visor, those being set up and those in use, and who listens for new ones (routing §6, §9, §10).
 * Thread-safe.
 */
public final class GroupSet implements RuleInstaller.EdgeSink, Closeable {
    /** Route groups of a visor. */
    public static final int MOST_GROUPS = 1_000;

    private static final int MOST_JOINING = 256;

    private static final System.Logger LOG = System.getLogger(GroupSet.class.getName());

    private final Platform platform;
    private final RuleTable table;
    private final Hops hops;
    private final Scope scope;
    private final LogLimit peerLog;
    private final Ports ports;
    private final GroupHandshake handshake;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<RouteDescriptor, Opening> settingUp = new LinkedHashMap<>(); // guarded by lock
    private final Map<RouteDescriptor, RouteGroup> active = new LinkedHashMap<>(); // guarded by lock
    private final Map<Integer, GroupListener> listeners = new TreeMap<>(); // guarded by lock
    private final Set<Opening> joining = new LinkedHashSet<>(); // guarded by lock; may be legs, it is not known yet

    GroupSet(Platform platform, SecretKey own, RuleTable table, Hops hops, Quota quota) {
        this.platform = platform;
        this.handshake = new GroupHandshake(platform, own, quota, new Quota(Credit.NODE));
        this.table = table;
        this.hops = hops;
        this.scope = new Scope(platform, "groups");
        this.peerLog = new LogLimit(platform.clock(), LOG);
        this.ports = new Ports();
    }

    /** Ports of this visor for dialling: take one, name it in the request for the route, give it back afterwards. */
    public Ports ports() {
        return ports;
    }

    /**
     * Takes new groups for a port.
     *
     * @param port 1 to 65535
     * @throws Failure of kind {@code REFUSED} if somebody listens there already
     */
    public KeyedListener listen(int port) throws Failure {
        if (port < 1 || port > 65535) {
            throw new Failure(Failure.Kind.NOT_FOUND, "no port " + port);
        }
        lock.lock();
        try {
            if (listeners.containsKey(port)) {
                throw new Failure(Failure.Kind.REFUSED, "port already bound");
            }
            var listener = new GroupListener(platform.clock(), port, this::unlisten);
            listeners.put(port, listener);
            return listener;
        } finally {
            lock.unlock();
        }
    }

    private void unlisten(GroupListener listener) {
        lock.lock();
        try {
            listeners.remove(listener.port(), listener);
        } finally {
            lock.unlock();
        }
    }

    /** The ports somebody listens on, ascending. */
    public List<Integer> listening() {
        lock.lock();
        try {
            return new ArrayList<>(listeners.keySet());
        } finally {
            lock.unlock();
        }
    }

    /**
     * Begins a group on a route that a setup node has made for us, and waits until both ends have agreed. The local
     * port is given back to {@link #ports} when the group ends, also if it never begins.
     *
     * @param owner the setup node, who reserved the ids of the rules
     * @throws Failure of kind {@code UNTRUSTED} if the other end cannot be authenticated or wants no encryption, {@code
     *     TIMEOUT} if it does not answer, {@code REFUSED} if it answered and then closed the group at once, {@code
     *     UNREACHABLE} if our first transport ended; no rule is left then
     */
    public RouteGroup initiate(PublicKey owner, EdgeRules rules, Deadline deadline) throws IOException {
        return initiate(owner, rules, null, false, deadline);
    }

    /** As {@link #initiate}, for a route whose way back is known to arrive by this transport. */
    public RouteGroup initiateBound(PublicKey owner, EdgeRules rules, UUID arrivesBy, Deadline deadline)
            throws IOException {
        return initiate(owner, rules, arrivesBy, false, deadline);
    }

    /**
     * As {@link #initiateBound}, and offers to spread over several legs; {@link RouteGroup#kind} tells what the other end
     * agreed to.
     */
    public RouteGroup initiateMux(PublicKey owner, EdgeRules rules, UUID arrivesBy, Deadline deadline)
            throws IOException {
        return initiate(owner, rules, arrivesBy, true, deadline);
    }

    /**
     * Adds a leg to a multiplexed group over a route that a setup node has made for us with the group's own ports, and
     * waits until the other end has proven that it knows the leg. No rule is left if that fails.
     *
     * @param owner the setup node, who reserved the ids of the rules
     * @param arrivesBy the transport its packets come back by: the first of the route
     * @throws Failure of kind {@code REFUSED} if the group is plain or has a leg over that transport already; {@code
     *     LIMIT} if it has {@link RouteGroup#MOST_LEGS}; why it is closed, if it is; {@code TIMEOUT} if the other end does not answer; {@code UNREACHABLE} if the
     *     first transport has ended
     */
    public void addLeg(RouteGroup group, PublicKey owner, EdgeRules rules, UUID arrivesBy, Deadline deadline)
            throws IOException {
        MuxStream stream = group.mux()
                .orElseThrow(() -> new Failure(
                        Failure.Kind.REFUSED, "the other end knows no more than one leg for a route group"));
        if (!rules.descriptor().equals(stream.descriptor())) {
            throw new Failure(Failure.Kind.REFUSED, "a route between other ports is no leg of this group");
        }
        if (stream.has(rules.forward().nextTransport())) {
            throw new Failure(
                    Failure.Kind.REFUSED,
                    "a leg over transport " + rules.forward().nextTransport() + " is in the group already");
        }
        Opening opening = prepare(owner, rules, arrivesBy, () -> {});
        MuxLane lane;
        try {
            lane = stream.join(opening.route(), -1, null);
        } catch (IOException e) {
            abandon(opening);
            throw e;
        }
        try {
            opening.handOver(lane);
            stream.introduce(lane, deadline);
        } catch (IOException e) {
            lane.gone(e instanceof Failure f ? f : Failure.wrap("new leg", e));
            throw e;
        }
    }

    private RouteGroup initiate(PublicKey owner, EdgeRules rules, UUID arrivesBy, boolean mux, Deadline deadline)
            throws IOException {
        int port = rules.descriptor().dstPort();
        Opening opening;
        try {
            opening = begin(owner, rules, arrivesBy, () -> ports.free(port));
        } catch (Failure e) {
            ports.free(port);
            throw e;
        }
        try {
            own(opening);
            return activate(opening, handshake.initiate(opening, mux, deadline), true, () -> ports.free(port));
        } catch (IOException e) {
            abandon(opening);
            throw e;
        }
    }

    private static void abandon(Opening opening) {
        opening.abandon(Failure.closedHere("route group"));
    }

    /** Ends the opening with this set, if it has not become a group by then. */
    private void own(Opening opening) throws IOException {
        Closeable whole = () -> abandon(opening);
        opening.ownedBy(scope, scope.own(whole));
    }

    @Override
    public void introduce(PublicKey owner, EdgeRules rules) throws Failure {
        boolean leg = isLegOf(rules);
        Opening opening = leg ? prepare(owner, rules, null, () -> {}) : begin(owner, rules, null, () -> {});
        try {
            own(opening);
            if (leg) {
                joins(opening, true);
            }
            scope.forkChild("handshake/" + rules.descriptor().srcKey().brief(), () -> respond(opening));
        } catch (IOException e) {
            abandon(opening);
            throw Failure.wrap("new route group", e);
        }
    }

    /**
     * Whether a route with these ends seems to be another leg of a group that is here already, or about to be.
     *
     * @throws Failure of kind {@code REFUSED} if it would be the second one over a first transport of ours
     */
    private boolean isLegOf(EdgeRules rules) throws Failure {
        lock.lock();
        try {
            RouteGroup group = active.get(rules.descriptor());
            boolean leg = group != null && group.kind() != GroupKind.PLAIN;
            UUID transport = rules.forward().nextTransport();
            if (leg && group.hasLeg(transport)) {
                throw new Failure(
                        Failure.Kind.REFUSED, "a leg over transport " + transport + " is in the group already");
            }
            boolean soon = group == null && settingUp.containsKey(rules.descriptor());
            if ((leg || soon) && joining.size() >= MOST_JOINING) {
                throw new Failure(Failure.Kind.LIMIT, "too many legs are being added here");
            }
            return leg || soon;
        } finally {
            lock.unlock();
        }
    }

    /** Registers the group before its rules exist, so that no packet can be too early for it. */
    private Opening begin(PublicKey owner, EdgeRules rules, UUID arrivesBy, Runnable onEnd) throws Failure {
        RouteDescriptor descriptor = rules.descriptor();
        var opening = opening(descriptor);
        opening.onEnd(() -> {
            forget(opening);
            onEnd.run();
        });
        lock.lock();
        try {
            if (settingUp.size() + active.size() >= MOST_GROUPS) {
                throw new Failure(Failure.Kind.LIMIT, "this visor has " + MOST_GROUPS + " route groups");
            }
            if (settingUp.putIfAbsent(descriptor, opening) != null) {
                throw new Failure(Failure.Kind.REFUSED, "this route group is being set up already");
            }
        } finally {
            lock.unlock();
        }
        try {
            install(opening, owner, rules, arrivesBy);
            return opening;
        } catch (Failure e) {
            forget(opening);
            throw e;
        }
    }

    /** As {@link #begin}, for a leg: no group is registered for it. */
    private Opening prepare(PublicKey owner, EdgeRules rules, UUID arrivesBy, Runnable onEnd) throws Failure {
        var opening = opening(rules.descriptor());
        opening.onEnd(() -> {
            opening.disown();
            onEnd.run();
        });
        if (isCompatible(rules.descriptor())) {
            opening.quiet();
        }
        install(opening, owner, rules, arrivesBy);
        return opening;
    }

    private boolean isCompatible(RouteDescriptor descriptor) {
        lock.lock();
        try {
            RouteGroup group = active.get(descriptor);
            return group != null && group.kind() == GroupKind.COMPATIBLE;
        } finally {
            lock.unlock();
        }
    }

    private Opening opening(RouteDescriptor descriptor) {
        return new Opening(platform.clock(), new RouteLeg(platform.clock(), descriptor, table, hops));
    }

    private void install(Opening opening, PublicKey owner, EdgeRules rules, UUID arrivesBy) throws Failure {
        opening.route()
                .attach(
                        arrivesBy == null
                                ? table.installEdge(owner, rules, opening)
                                : table.installBoundEdge(owner, rules, arrivesBy, opening));
    }

    private void respond(Opening opening) {
        PublicKey from = opening.route().descriptor().srcKey();
        try {
            Handshake first = GroupHandshake.requireEncryption(
                    opening.await(platform.clock().in(GroupHandshake.RESPONDER_LIMIT)));
            Optional<MuxStream> group = groupOf(opening, first);
            if (group.isPresent()) {
                joinLeg(group.get(), opening, first);
            } else {
                claim(opening);
                hand(activate(opening, handshake.respond(opening, first), false, () -> {}));
            }
        } catch (IOException e) {
            abandon(opening);
            peerLog.log(System.Logger.Level.DEBUG, "route group from " + from.brief() + ": " + Failure.text(e));
        } finally {
            joins(opening, false);
        }
    }

    private void joins(Opening opening, boolean begins) {
        lock.lock();
        try {
            if (begins) {
                joining.add(opening);
            } else {
                joining.remove(opening);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The group that a Handshake announces a leg of; waits for one that is just being made. */
    private Optional<MuxStream> groupOf(Opening opening, Handshake first) throws IOException {
        RouteDescriptor descriptor = opening.route().descriptor();
        Deadline limit = platform.clock().in(GroupHandshake.INITIATOR_LIMIT);
        lock.lock();
        try {
            while (true) {
                RouteGroup group = active.get(descriptor);
                if (group != null) {
                    return group.mux().filter(mux -> mux.isFor(first));
                }
                Opening other = settingUp.get(descriptor);
                if (other == null || other == opening) {
                    return Optional.empty();
                }
                if (!platform.clock().await(lock, changed, limit)) {
                    throw Failure.timeout("the group of a new leg");
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void joinLeg(MuxStream group, Opening opening, Handshake first) throws IOException {
        int number = Extension.of(first).map(Extension::leg).orElse(-1);
        MuxLane lane = group.join(opening.route(), number, null);
        try {
            opening.handOver(lane);
        } catch (Failure e) {
            lane.gone(e);
            throw e;
        }
        opening.settled();
        lane.packet(first);
    }

    /** What looked like a leg is a new group: it needs the place of one that is being set up. */
    private void claim(Opening opening) throws Failure {
        lock.lock();
        try {
            Opening other = settingUp.putIfAbsent(opening.route().descriptor(), opening);
            if (other != null && other != opening) {
                throw new Failure(Failure.Kind.REFUSED, "this route group is being set up already");
            }
        } finally {
            lock.unlock();
        }
    }

    private RouteGroup activate(Opening opening, GroupHandshake.Made made, boolean dialled, Runnable onEnd)
            throws IOException {
        GroupLink link = made.link();
        var group = new RouteGroup(link, made.app(), dialled, platform.clock().now());
        RouteGroup older;
        try {
            scope.own(link);
            lock.lock();
            try {
                if (!settingUp.remove(link.descriptor(), opening)) {
                    throw closedAtOnce(link.ended());
                }
                older = active.put(link.descriptor(), group);
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        } catch (IOException e) {
            scope.disown(link);
            link.close();
            throw e;
        }
        opening.settled();
        if (older != null) {
            older.close();
        }
        link.onEnd(() -> {
            forget(group, link);
            onEnd.run();
        });
        if (link.isClosed()) {
            throw closedAtOnce(link.ended());
        }
        return group;
    }

    /** The ends have agreed already, so this is no fault of the path: nobody listens on the port, for instance. */
    private static Failure closedAtOnce(Failure end) {
        return end.kind() == Failure.Kind.CLOSED_THERE ? new Failure(Failure.Kind.REFUSED, end.getMessage(), end) : end;
    }

    private void hand(RouteGroup group) {
        GroupListener listener;
        lock.lock();
        try {
            listener = listeners.get(group.localPort());
        } finally {
            lock.unlock();
        }
        if (listener == null) {
            group.close(
                    "no listener on port " + group.localPort() + ", " + Ports.appName(group.localPort()) + " offline");
        } else if (!listener.offer(group)) {
            group.close("listener on port " + group.localPort() + " is busy");
        }
    }

    private void forget(Opening opening) {
        opening.disown();
        lock.lock();
        try {
            settingUp.remove(opening.route().descriptor(), opening);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void forget(RouteGroup group, GroupLink link) {
        scope.disown(link);
        lock.lock();
        try {
            active.remove(link.descriptor(), group);
        } finally {
            lock.unlock();
        }
    }

    /** The groups in use, oldest first. */
    public List<RouteGroup> list() {
        lock.lock();
        try {
            return new ArrayList<>(active.values());
        } finally {
            lock.unlock();
        }
    }

    /** Number of groups being set up. */
    public int settingUp() {
        lock.lock();
        try {
            return settingUp.size();
        } finally {
            lock.unlock();
        }
    }

    void tick() {
        list().forEach(RouteGroup::tick);
    }

    /** Ends all groups and listeners. */
    @Override
    public void close() {
        List<GroupListener> all;
        lock.lock();
        try {
            all = new ArrayList<>(listeners.values());
        } finally {
            lock.unlock();
        }
        all.forEach(GroupListener::close);
        scope.close();
    }
}
