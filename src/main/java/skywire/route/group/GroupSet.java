package skywire.route.group;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.limit.LogLimit;
import skywire.limit.Quota;
import skywire.link.KeyedListener;
import skywire.link.SecureLink;
import skywire.packet.RouteDescriptor;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Platform;
import skywire.platform.Scope;
import skywire.route.EdgeRules;
import skywire.route.Hops;
import skywire.route.RuleInstaller;
import skywire.route.RuleTable;

/**
 * The route groups of a visor, those being set up and those in use, and who listens for new ones (routing §6, §9, §10).
 * Thread-safe.
 */
public final class GroupSet implements RuleInstaller.EdgeSink, Closeable {
    /** Route groups of a visor. */
    public static final int MOST_GROUPS = 1_000;

    private static final System.Logger LOG = System.getLogger(GroupSet.class.getName());

    private final Platform platform;
    private final SecretKey own;
    private final RuleTable table;
    private final Hops hops;
    private final Scope scope;
    private final LogLimit peerLog;
    private final Ports ports;
    private final Quota quota;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<RouteDescriptor, GroupStream> settingUp = new LinkedHashMap<>(); // guarded by lock
    private final Map<RouteDescriptor, RouteGroup> active = new LinkedHashMap<>(); // guarded by lock
    private final Map<Integer, GroupListener> listeners = new TreeMap<>(); // guarded by lock

    GroupSet(Platform platform, SecretKey own, RuleTable table, Hops hops, Quota quota) {
        this.quota = quota;
        this.platform = platform;
        this.own = own;
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
        return initiate(owner, rules, null, deadline);
    }

    /** As {@link #initiate}, for a route whose way back is known to arrive by this transport. */
    public RouteGroup initiateBound(PublicKey owner, EdgeRules rules, UUID arrivesBy, Deadline deadline)
            throws IOException {
        return initiate(owner, rules, arrivesBy, deadline);
    }

    /**
     * As {@link #initiateBound}, and offers to spread over several legs; {@link RouteGroup#kind} tells what the other end
     * agreed to.
     */
    public RouteGroup initiateMux(PublicKey owner, EdgeRules rules, UUID arrivesBy, Deadline deadline)
            throws IOException {
        throw new UnsupportedOperationException();
    }

    /**
     * Adds a leg to a multiplexed group over a route that a setup node has made for us with the group's own ports, and
     * waits until the other end has proven that it knows the leg. No rule is left if that fails.
     *
     * @param owner the setup node, who reserved the ids of the rules
     * @param arrivesBy the transport its packets come back by: the first of the route
     * @throws Failure of kind {@code REFUSED} if the group is plain or closed, has a leg over that transport already or
     *     has {@link RouteGroup#MOST_LEGS}; {@code TIMEOUT} if the other end does not answer; {@code UNREACHABLE} if the
     *     first transport has ended
     */
    public void addLeg(RouteGroup group, PublicKey owner, EdgeRules rules, UUID arrivesBy, Deadline deadline)
            throws IOException {
        throw new UnsupportedOperationException();
    }

    private RouteGroup initiate(PublicKey owner, EdgeRules rules, UUID arrivesBy, Deadline deadline)
            throws IOException {
        int port = rules.descriptor().dstPort();
        GroupStream stream;
        try {
            stream = begin(owner, rules, arrivesBy, () -> ports.free(port));
        } catch (Failure e) {
            ports.free(port);
            throw e;
        }
        try {
            own(stream);
            return activate(stream, GroupHandshake.initiate(stream, own, platform, deadline), true);
        } catch (IOException e) {
            stream.close();
            throw e;
        }
    }

    /** Ends the stream with this set; one that has ended by itself meanwhile must not stay owned. */
    private void own(GroupStream stream) throws IOException {
        scope.own(stream);
        if (stream.isClosed()) {
            scope.disown(stream);
            throw stream.ended();
        }
    }

    @Override
    public void introduce(PublicKey owner, EdgeRules rules) throws Failure {
        GroupStream stream = begin(owner, rules, null, () -> {});
        try {
            own(stream);
            scope.forkChild("handshake/" + stream.descriptor().srcKey().brief(), () -> respond(stream));
        } catch (IOException e) {
            stream.close();
            throw Failure.wrap("new route group", e);
        }
    }

    /** Registers the group before its rules exist, so that no packet can be too early for it. */
    private GroupStream begin(PublicKey owner, EdgeRules rules, UUID arrivesBy, Runnable onEnd) throws Failure {
        RouteDescriptor descriptor = rules.descriptor();
        var stream = new GroupStream(platform.clock(), descriptor, table, hops, quota);
        stream.onEnd(() -> {
            forget(stream);
            onEnd.run();
        });
        lock.lock();
        try {
            if (settingUp.size() + active.size() >= MOST_GROUPS) {
                throw new Failure(Failure.Kind.LIMIT, "this visor has " + MOST_GROUPS + " route groups");
            }
            if (settingUp.putIfAbsent(descriptor, stream) != null) {
                throw new Failure(Failure.Kind.REFUSED, "this route group is being set up already");
            }
        } finally {
            lock.unlock();
        }
        try {
            stream.attach(
                    arrivesBy == null
                            ? table.installEdge(owner, rules, stream)
                            : table.installBoundEdge(owner, rules, arrivesBy, stream));
            return stream;
        } catch (Failure e) {
            forget(stream);
            throw e;
        }
    }

    private void respond(GroupStream stream) {
        try {
            RouteGroup group = activate(stream, GroupHandshake.respond(stream, own, platform), false);
            hand(group);
        } catch (IOException e) {
            stream.close();
            peerLog.log(
                    System.Logger.Level.DEBUG,
                    "route group from " + stream.descriptor().srcKey().brief() + ": " + Failure.text(e));
        }
    }

    private RouteGroup activate(GroupStream stream, SecureLink secure, boolean dialled) throws Failure {
        var group = new RouteGroup(stream, secure, dialled, platform.clock().now());
        RouteGroup older;
        lock.lock();
        try {
            if (!settingUp.remove(stream.descriptor(), stream)) {
                throw closedAtOnce(stream.ended());
            }
            older = active.put(stream.descriptor(), group);
        } finally {
            lock.unlock();
        }
        if (older != null) {
            older.close();
        }
        if (stream.isClosed()) {
            forget(stream);
            throw closedAtOnce(stream.ended());
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

    private void forget(GroupStream stream) {
        scope.disown(stream);
        lock.lock();
        try {
            settingUp.remove(stream.descriptor(), stream);
            active.computeIfPresent(stream.descriptor(), (d, group) -> group.isOver(stream) ? null : group);
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
