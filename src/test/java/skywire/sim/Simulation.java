package skywire.sim;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import skywire.platform.Clock;
import skywire.platform.Network;
import skywire.platform.Platform;

/**
 * A world that replays: give it a seed and a body; it runs the body and everything the body starts on virtual threads,
 * one at a time, in an order drawn from the seed, with virtual time and a network in memory.
 *
 * <pre>{@code
 * Simulation.run(seed, sim -> {
 *     try (Listener at = sim.network().listen(HostPort.parse("127.0.0.1:80"))) { … }
 * });
 * }</pre>
 *
 * <p>The run fails, with the seed and the last events in the message, when the body fails, when a thread started by
 * {@link #go} fails, when anything logs an error, when nothing can go on any more, and when threads are left once the
 * body is done. The simulation itself is the platform of one host, 127.0.0.1; {@link #host} makes others.
 */
public final class Simulation implements Platform {
    private static final int TAIL = 60;
    private static final long FOREIGN_WAIT_NANOS = 1_000_000_000L;

    private final long seed;
    private final Options options;
    private final Trace trace = new Trace();
    private final SplittableRandom costs;
    private final SeededRandom random;
    private final SimClock clock;
    private final Scheduler scheduler;
    private final SimNetwork network;
    private final List<SimHost> hosts = new ArrayList<>();
    private final SimHost home;
    private Throwable failure; // of a thread started by go, or a logged error; the first one
    private boolean done; // the body has returned or failed
    private long steps;

    /** What runs in the world. */
    @FunctionalInterface
    public interface Body {
        /** Any exception fails the run. */
        void run(Simulation sim) throws Exception;
    }

    /**
     * Limits of a run.
     *
     * @param mayLeave threads may be left when the body is done
     * @param windDown virtual time the threads have to end once the body is done
     * @param maxSteps scheduling decisions
     * @param maxVirtual virtual time
     * @param maxReal real time; not part of what a seed replays, only a guard
     * @param mayLogErrors an error in the log does not fail the run
     */
    public record Options(
            boolean mayLeave,
            Duration windDown,
            long maxSteps,
            Duration maxVirtual,
            Duration maxReal,
            boolean mayLogErrors) {
        /** Strict, for scenarios of up to a virtual day. */
        public static final Options DEFAULT = new Options(
                false, Duration.ofSeconds(30), 50_000_000, Duration.ofDays(2), Duration.ofMinutes(3), false);

        /** The same, but threads may be left. */
        public Options leaving() {
            return new Options(true, windDown, maxSteps, maxVirtual, maxReal, mayLogErrors);
        }

        /** The same, but errors may be logged. */
        public Options noisy() {
            return new Options(mayLeave, windDown, maxSteps, maxVirtual, maxReal, true);
        }
    }

    /** What a run was. */
    public record Report(
            long seed,
            long hash,
            long steps,
            Duration virtual,
            Duration real,
            long foreignWakes,
            List<String> timeline) {
        @Override
        public String toString() {
            return String.format(
                    "seed %d: hash %016x, %d steps, %.3f virtual seconds in %.3f s",
                    seed, hash, steps, virtual.toNanos() / 1e9, real.toNanos() / 1e9);
        }
    }

    private Simulation(long seed, Options options) {
        var root = new SplittableRandom(seed);
        this.seed = seed;
        this.options = options;
        this.scheduler = new Scheduler(root.split());
        this.costs = root.split();
        this.random = new SeededRandom(root.nextLong());
        this.clock = new SimClock(trace, root.nextLong());
        this.network = new SimNetwork(this, root.split());
        this.home = host("127.0.0.1");
        clock.starter((name, body) -> start(home, name, body));
    }

    /** Runs the body in a world of its own. */
    public static Report run(long seed, Body body) {
        return run(seed, Options.DEFAULT, body);
    }

    /** As {@link #run(long, Body)} with other limits. */
    public static Report run(long seed, Options options, Body body) {
        var sim = new Simulation(seed, options);
        try (var log = new SimLog(sim)) {
            log.open();
            return sim.runAll(body);
        }
    }

    private Report runAll(Body body) {
        long began = System.nanoTime();
        var main = scheduler.start(home, "main", () -> {
            try {
                body.run(this);
            } catch (Throwable t) { // whatever it is, the run has failed with it
                fail(t);
            } finally {
                done = true;
            }
        });
        try {
            loop(began);
            windDown(began);
        } catch (SimulationFailed e) {
            throw e;
        } catch (RuntimeException | Error e) {
            throw failed("broke", e);
        }
        if (failure != null) {
            throw failed(main.thread.isAlive() ? "failed" : "body failed", failure);
        }
        return new Report(
                seed,
                trace.hash(),
                steps,
                Duration.ofNanos(clock.elapsed()),
                Duration.ofNanos(System.nanoTime() - began),
                scheduler.foreignWakes(),
                trace.timeline(Integer.MAX_VALUE));
    }

    private void loop(long began) {
        while (!done && failure == null) {
            if (!step()) {
                throw failed("deadlock: nothing can go on", null);
            }
            guard(began);
        }
    }

    /** The body is over: the others have some time left to end by themselves. */
    private void windDown(long began) {
        if (failure != null || options.mayLeave) {
            return;
        }
        long until = clock.elapsed() + options.windDown.toNanos();
        while (!scheduler.live().isEmpty() && clock.elapsed() < until && failure == null) {
            if (!step()) {
                break;
            }
            guard(began);
        }
        if (!scheduler.live().isEmpty() && failure == null) {
            throw failed("left running", null);
        }
    }

    /** One scheduling decision; false if there is nothing to decide. */
    private boolean step() {
        scheduler.admitForeign();
        clock.fireDue();
        if (scheduler.idle() && !clock.advance() && !waitForForeign()) {
            return false;
        }
        if (!scheduler.idle()) {
            Scheduler.Task task = scheduler.draw();
            steps++;
            trace.mix(1, task.number);
            scheduler.run(task);
            clock.spend(200 + costs.nextInt(2_000));
        }
        return true;
    }

    private boolean waitForForeign() {
        long until = System.nanoTime() + FOREIGN_WAIT_NANOS;
        while (!scheduler.admitForeign()) {
            long left = until - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            LockSupport.parkNanos(left);
        }
        return true;
    }

    private void guard(long began) {
        if (Thread.interrupted()) {
            throw failed("interrupted from outside", null);
        }
        if (steps > options.maxSteps) {
            throw failed("more than " + options.maxSteps + " steps", null);
        }
        if (clock.elapsed() > options.maxVirtual.toNanos()) {
            throw failed("more than " + options.maxVirtual + " of virtual time", null);
        }
        if ((steps & 0xfff) == 0 && System.nanoTime() - began > options.maxReal.toNanos()) {
            throw failed("more than " + options.maxReal + " of real time", null);
        }
    }

    private SimulationFailed failed(String what, Throwable cause) {
        var text = new StringBuilder("seed " + seed + ": " + what);
        if (cause != null) {
            text.append(": ").append(cause);
        }
        text.append(String.format(
                " (at %s s, step %d)%n", Trace.stamp(clock.elapsed()).strip(), steps));
        trace.timeline(TAIL).forEach(line -> text.append("  ").append(line).append(System.lineSeparator()));
        scheduler.live().forEach(t -> describe(t, text));
        return new SimulationFailed(text.toString(), cause, trace.timeline(Integer.MAX_VALUE));
    }

    /** Where a thread waits: the innermost frames of ours, those of the simulation left out. */
    private static void describe(Scheduler.Task task, StringBuilder text) {
        text.append("  waiting: ").append(task);
        java.util.Arrays.stream(task.thread.getStackTrace())
                .filter(f -> f.getClassName().startsWith("skywire.")
                        && !f.getClassName().startsWith("skywire.sim.Sim")
                        && !f.getClassName().startsWith("skywire.sim.WaitList"))
                .limit(4)
                .forEach(f ->
                        text.append(" < ").append(f.getFileName()).append(':').append(f.getLineNumber()));
        text.append(System.lineSeparator());
    }

    /** The run failed; the message says with which seed, why, and what happened before. */
    public static final class SimulationFailed extends AssertionError {
        private static final long serialVersionUID = 1L;

        private final transient List<String> timeline;

        SimulationFailed(String message, Throwable cause, List<String> timeline) {
            super(message, cause);
            this.timeline = List.copyOf(timeline);
        }

        /** All that happened, as far as it was kept. */
        public List<String> timeline() {
            return timeline;
        }

        /** The same with the command that replays it in front. */
        SimulationFailed replayedBy(String command) {
            return new SimulationFailed(
                    "replay with: " + command + System.lineSeparator() + getMessage(), getCause(), timeline);
        }
    }

    // ---- for bodies

    /** The seed of this world. */
    public long seed() {
        return seed;
    }

    /** Another source of chance for the scenario itself: which link to cut, when. */
    public SplittableRandom dice() {
        return network.dice();
    }

    /** Makes a host with that IP address. */
    public SimHost host(String address) {
        var host = new SimHost(this, address);
        hosts.add(host);
        return host;
    }

    /** The host 127.0.0.1, which is also what this object itself is the platform of. */
    public SimHost home() {
        return home;
    }

    /** The network and its faults. */
    public SimNetwork faults() {
        return network;
    }

    /** A part of a scenario with a thread of its own. */
    @FunctionalInterface
    public interface Part {
        /** Any exception fails the run. */
        void run() throws Exception;
    }

    /** Runs a part of the scenario on a thread of its own; its failure fails the run. */
    public Joinable go(String name, Part part) {
        var ended = new boolean[1];
        start(home, name, () -> {
            try {
                part.run();
            } catch (Throwable t) { // as in the body
                fail(t);
            } finally {
                ended[0] = true;
            }
        });
        return () -> until(name + " ends", Duration.ofHours(1), () -> ended[0]);
    }

    /** Something that can be waited for. */
    @FunctionalInterface
    public interface Joinable {
        /** Waits up to a virtual hour. */
        void join() throws Exception;
    }

    /** Lets virtual time pass. */
    public void sleep(Duration time) throws Exception {
        clock.sleep(time);
    }

    /** Waits until the condition holds, looking every millisecond or so; fails after that much virtual time. */
    public void until(String what, Duration limit, BooleanSupplier condition) throws Exception {
        long until = clock.elapsed() + limit.toNanos();
        Duration pause = Duration.ofMillis(Math.clamp(limit.toMillis() / 1000, 1, 1000));
        while (!condition.getAsBoolean()) {
            if (clock.elapsed() >= until) {
                throw new AssertionError("not within " + limit + ": " + what);
            }
            clock.sleep(pause);
        }
    }

    /** Adds a line to the timeline. */
    public void note(String text) {
        event("— " + text);
    }

    /** Virtual time since the beginning. */
    public Duration elapsed() {
        return Duration.ofNanos(clock.elapsed());
    }

    /** The hash over everything that happened so far. */
    public long hash() {
        return trace.hash();
    }

    // ---- for the other classes of the simulation

    SimClock time() {
        return clock;
    }

    Trace trace() {
        return trace;
    }

    List<SimHost> hosts() {
        return new ArrayList<>(hosts);
    }

    void event(String text) {
        String who = Optional.ofNullable(scheduler.running())
                .map(Scheduler.Task::toString)
                .orElse("world");
        trace.line(clock.elapsed(), who, text);
    }

    void fail(Throwable why) {
        if (failure == null) {
            event("FAILED: " + why);
            failure = why;
        }
    }

    boolean mayLogErrors() {
        return options.mayLogErrors;
    }

    boolean isInside() {
        return scheduler.isInside();
    }

    void requireInside() {
        if (!scheduler.isInside()) {
            throw new IllegalStateException(
                    "seed " + seed + ": " + Thread.currentThread() + " is not a thread of the simulation");
        }
    }

    void dropThreads(SimHost host) {
        scheduler.drop(host);
        if (scheduler.running() != null && scheduler.running().host == host) {
            LockSupport.park(this); // the caller died with it
        }
    }

    Thread start(SimHost host, String name, Runnable body) {
        requireInside();
        Scheduler.Task task = scheduler.start(host, name, body);
        trace.mix(4, name.hashCode());
        if (scheduler.running() != null && costs.nextInt(3) == 0) {
            Thread.yield();
        }
        return task.thread;
    }

    // ---- Platform of the home host

    @Override
    public Clock clock() {
        return home.clock();
    }

    @Override
    public SecureRandom random() {
        return random;
    }

    @Override
    public Thread start(String name, Runnable body) {
        return start(home, name, body);
    }

    @Override
    public Network network() {
        return home.network();
    }
}
