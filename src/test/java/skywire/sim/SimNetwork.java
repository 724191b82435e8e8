package skywire.sim;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.HostPort;
import skywire.platform.Link;
import skywire.platform.Listener;

/**
 * The network between the simulated hosts, and its faults. Connections behave as TCP does; they have a delay and a
 * bandwidth, and can be reset, stalled, left half-open, partitioned. Use it on simulated threads only.
 */
public final class SimNetwork {
    private static final int FIRST_PORT = 32_768;
    private static final int LAST_PORT = 60_999;

    private final Simulation sim;
    private final SplittableRandom dice;
    private final Map<String, SimListener> listeners = new LinkedHashMap<>(); // by "host port" or "host path"
    private final Set<Wire> wires = new LinkedHashSet<>();
    private final Map<String, String> names = new TreeMap<>(); // host name to address
    private final Set<String> refused = new LinkedHashSet<>(); // targets that refuse
    private final Set<String> silent = new LinkedHashSet<>(); // targets that never answer
    private final Set<List<SimHost>> cuts = new LinkedHashSet<>(); // pairs in both orders
    private Pipe.Way near = new Pipe.Way(20_000, 60_000, 1_000_000_000, 256 * 1024);
    private Pipe.Way far = new Pipe.Way(5_000_000, 2_000_000, 12_500_000, 256 * 1024);
    private final Map<List<SimHost>, Road.Direction> roads = new LinkedHashMap<>(); // by sender and receiver
    private final Map<SimHost, Long> sent = new LinkedHashMap<>();
    private int numbers;
    private final List<Dial> dials = new ArrayList<>();

    /** An attempt to connect: from which host, to what. */
    public record Dial(String from, String to) {}

    SimNetwork(Simulation sim, SplittableRandom dice) {
        this.sim = sim;
        this.dice = dice;
    }

    SimClock clock() {
        return sim.time();
    }

    Trace trace() {
        return sim.trace();
    }

    SplittableRandom dice() {
        return dice;
    }

    void event(String text) {
        sim.event(text);
    }

    // ---- settings and faults

    /** How new connections between different hosts behave: delay each way, random part of it, bytes per second. */
    public void between(Duration delay, Duration jitter, long bytesPerSecond) {
        far = new Pipe.Way(delay.toNanos(), jitter.toNanos(), bytesPerSecond, far.buffer());
    }

    /** As {@link #between}, for connections within a host. */
    public void within(Duration delay, Duration jitter, long bytesPerSecond) {
        near = new Pipe.Way(delay.toNanos(), jitter.toNanos(), bytesPerSecond, near.buffer());
    }

    /** Bytes a new connection takes in each direction before its writer waits. */
    public void buffers(int bytes) {
        near = new Pipe.Way(near.delayNanos(), near.jitterNanos(), near.bytesPerSecond(), bytes);
        far = new Pipe.Way(far.delayNanos(), far.jitterNanos(), far.bytesPerSecond(), bytes);
    }

    /**
     * A road with a delay each way and a rate in each direction; a connection over it takes {@code buffer} bytes in each
     * direction, those under way and those not read yet included, before its writer waits.
     */
    public Road road(String name, Duration delay, long bytesPerSecond, int buffer) {
        return new Road(this, name, delay, bytesPerSecond, buffer);
    }

    /** From now on new connections between the two lead over that road, {@code from} at its near end. */
    public void lead(SimHost from, SimHost to, Road road) {
        roads.put(List.of(from, to), road.direction(true));
        roads.put(List.of(to, from), road.direction(false));
    }

    /** Bytes that host has written to connections so far, whether they have arrived or not. */
    public long sentBy(SimHost host) {
        return sent.getOrDefault(host, 0L);
    }

    /** Gives an address a name that {@code resolve} and {@code dial} know. */
    public void name(String name, String address) {
        names.put(name, address);
    }

    /** From now on dials to that address are refused at once; those that stand are left alone. */
    public void refuse(HostPort target) {
        sim.event("fault: " + target + " refuses");
        refused.add(target.toString());
    }

    /** From now on dials to that address are never answered. */
    public void silence(HostPort target) {
        sim.event("fault: " + target + " is silent");
        silent.add(target.toString());
    }

    /** Takes back {@link #refuse} and {@link #silence}. */
    public void answer(HostPort target) {
        sim.event("fault ends: " + target + " answers");
        refused.remove(target.toString());
        silent.remove(target.toString());
    }

    /** Nothing gets from one to the other any more, both ways, until {@link #heal}; connections stay half-open. */
    public void partition(SimHost a, SimHost b) {
        sim.event("fault: partition " + a + " | " + b);
        cuts.add(List.of(a, b));
        cuts.add(List.of(b, a));
        wires().stream().filter(w -> w.joins(a, b)).forEach(Wire::halfOpen);
    }

    /** Ends all partitions; what was held back arrives. */
    public void heal() {
        sim.event("fault ends: partitions heal");
        var healed = new ArrayList<>(cuts);
        cuts.clear();
        for (Wire w : wires()) {
            if (healed.stream().anyMatch(c -> w.joins(c.get(0), c.get(1)))) {
                w.resume();
            }
        }
    }

    /** The connections of which at least one end is open, oldest first. */
    public List<Wire> wires() {
        return new ArrayList<>(wires);
    }

    /** All attempts to connect so far, failed ones too: what a packet capture would show. */
    public List<Dial> dials() {
        return List.copyOf(dials);
    }

    /** The open connections that were dialled to that port. */
    public List<Wire> wiresTo(int port) {
        return wires.stream().filter(w -> w.target().endsWith(":" + port)).toList();
    }

    void isolate(SimHost host) {
        for (SimHost other : sim.hosts()) {
            partition(host, other);
        }
    }

    void closeAll(SimHost host) {
        new ArrayList<>(listeners.values())
                .stream().filter(l -> l.host() == host).forEach(SimListener::close);
        for (Wire w : wires()) {
            if (w.touches(host)) {
                w.end(host).close();
            }
        }
    }

    // ---- chance

    /** A point where another thread may go first. */
    void breathe() {
        sim.requireInside();
        if (dice.nextInt(4) == 0) {
            Thread.yield();
        }
    }

    /** Fewer bytes than asked for, now and then. */
    int shorten(int len) {
        return len > 1 && dice.nextInt(8) == 0 ? 1 + dice.nextInt(len) : len;
    }

    /** The part of a write that goes as one segment. */
    int split(int len) {
        int most = Math.min(len, 16 * 1024);
        return most > 1 && dice.nextInt(8) == 0 ? 1 + dice.nextInt(most) : most;
    }

    Pipe.Way way(SimHost from, SimHost to) {
        return from == to ? near : far;
    }

    /** The direction of a road that leads from one to the other; null if none does. */
    Road.Direction road(SimHost from, SimHost to) {
        return roads.get(List.of(from, to));
    }

    void sent(SimHost host, int bytes) {
        sent.merge(host, (long) bytes, Long::sum);
    }

    // ---- what hosts do

    Listener listen(SimHost host, HostPort at) throws IOException {
        breathe();
        String address = bindable(host, at);
        int port = at.port() == 0 ? freePort(host) : at.port();
        return listen(host, host + " " + port, new HostPort(address, port));
    }

    private static String bindable(SimHost host, HostPort at) throws Failure {
        return switch (at.host()) {
            case "0.0.0.0", "::", "127.0.0.1", "::1" -> at.host();
            case "localhost" -> "127.0.0.1";
            default -> {
                if (!at.host().equals(host.address())) {
                    throw new Failure(Failure.Kind.REFUSED, "cannot listen on " + at + ": not an address of " + host);
                }
                yield at.host();
            }
        };
    }

    private int freePort(SimHost host) {
        int port;
        do {
            port = dice.nextInt(FIRST_PORT, LAST_PORT + 1);
        } while (listeners.containsKey(host + " " + port));
        return port;
    }

    Listener listen(SimHost host, Path socket) throws IOException {
        breathe();
        return listen(host, host + " " + socket, new HostPort(socket.toString(), 0));
    }

    private Listener listen(SimHost host, String key, HostPort local) throws Failure {
        if (listeners.containsKey(key)) {
            throw new Failure(Failure.Kind.REFUSED, "cannot listen on " + local + ": already in use");
        }
        var listener = new SimListener(this, host, local);
        listeners.put(key, listener);
        sim.event("listens on " + local);
        return listener;
    }

    void forget(SimListener listener) {
        listeners.values().remove(listener);
    }

    void forget(Wire wire) {
        wires.remove(wire);
    }

    Link dial(SimHost from, HostPort to, Deadline deadline) throws IOException {
        breathe();
        deadline.check("dial " + to);
        dials.add(new Dial(from.address(), to.toString()));
        SimHost host = host(from, to);
        boolean loopback = host == from && isLoopback(names.getOrDefault(to.host(), to.host()));
        String source = new HostPort(loopback ? "127.0.0.1" : from.address(), freePort(from)).toString();
        return dial(from, host, host + " " + to.port(), source, to.toString(), deadline, loopback);
    }

    private SimHost host(SimHost from, HostPort to) throws Failure {
        String address = names.getOrDefault(to.host(), to.host());
        if (isLoopback(address) || address.equals("0.0.0.0")) {
            return from;
        }
        return sim.hosts().stream()
                .filter(h -> h.address().equals(address))
                .findFirst()
                .orElseThrow(() -> new Failure(
                        isLiteral(address) ? Failure.Kind.UNREACHABLE : Failure.Kind.NOT_FOUND,
                        "dial " + to + ": no such host"));
    }

    private static boolean isLoopback(String address) {
        return address.equals("localhost") || address.equals("::1") || address.startsWith("127.");
    }

    private static boolean isLiteral(String address) {
        return address.indexOf(':') >= 0 || address.matches("[0-9.]+");
    }

    Link dial(SimHost from, Path socket, Deadline deadline) throws IOException {
        breathe();
        deadline.check("dial " + socket);
        return dial(from, from, from + " " + socket, socket.toString(), socket.toString(), deadline, true);
    }

    private Link dial(
            SimHost from, SimHost to, String key, String source, String target, Deadline deadline, boolean loopback)
            throws IOException {
        boolean unix = target.equals(source);
        if (silent.contains(target) || cuts.contains(List.of(from, to)) || to.isDead() && !loopback) {
            pause(deadline, Long.MAX_VALUE, target);
        }
        Road.Direction road = road(from, to);
        pause(deadline, 2 * (road == null ? way(from, to).delayNanos() : road.delayNanos()), target);
        SimListener listener = listeners.get(key);
        if (listener == null || refused.contains(target) || !reaches(listener, loopback || unix)) {
            sim.event("dial " + target + " refused");
            throw new Failure(
                    unix ? Failure.Kind.UNREACHABLE : Failure.Kind.REFUSED, "dial " + target + ": connection refused");
        }
        var wire = new Wire(numbers++, this, from, to, source, target, unix);
        if (!listener.admit(wire)) {
            throw Failure.timeout("dial " + target);
        }
        wires.add(wire);
        sim.event(wire + " connected");
        return wire.dialer();
    }

    private static boolean reaches(SimListener listener, boolean local) {
        return local || !isLoopback(listener.local().host());
    }

    /** Lets a dial take its time; fails at the deadline or by an interrupt. */
    private void pause(Deadline deadline, long nanos, String target) throws Failure {
        Thread self = Thread.currentThread();
        long until = nanos == Long.MAX_VALUE ? Long.MAX_VALUE : clock().elapsed() + nanos;
        long wait = Math.min(nanos, deadline.nanosLeft());
        SimClock.Timer timer = wait == Long.MAX_VALUE ? null : clock().after(wait, () -> LockSupport.unpark(self));
        while (clock().elapsed() < until) {
            if (self.isInterrupted()) {
                if (timer != null) {
                    timer.cancel();
                }
                throw new Failure(Failure.Kind.CANCELLED, "dial " + target + " cancelled");
            }
            if (deadline.passed()) {
                throw Failure.timeout("dial " + target);
            }
            LockSupport.park(this);
        }
    }

    List<InetAddress> resolve(String host, Deadline deadline) throws IOException {
        breathe();
        deadline.check("resolve " + host);
        String address = host.equals("localhost") ? "127.0.0.1" : names.getOrDefault(host, host);
        try {
            return List.of(InetAddress.ofLiteral(address));
        } catch (IllegalArgumentException e) {
            throw new Failure(Failure.Kind.NOT_FOUND, "no such host: " + host, e);
        }
    }
}
