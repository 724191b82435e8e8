package skywire.sim;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import skywire.platform.Clock;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.HostPort;
import skywire.platform.Link;
import skywire.platform.Listener;
import skywire.platform.Network;
import skywire.platform.Platform;

/** A machine of the simulated world: an address, a wall clock that may be wrong, threads that die with it. */
public final class SimHost implements Platform {
    private final Simulation sim;
    private final String address;
    private final Clock clock = new HostClock();
    private final Network network = new HostNetwork();
    private Duration skew = Duration.ZERO;
    private boolean dead;

    SimHost(Simulation sim, String address) {
        this.sim = sim;
        this.address = address;
    }

    /** Its IP address. */
    public String address() {
        return address;
    }

    /** Sets its wall clock ahead (or, negative, behind); the monotonic time stays. */
    public void skew(Duration ahead) {
        sim.event("fault: clock of " + address + " is off by " + ahead);
        skew = ahead;
    }

    /** The process dies: no thread of it runs again, the system closes its connections. */
    public void kill() {
        die("is killed");
        sim.faults().closeAll(this);
    }

    /** The machine loses power: no thread of it runs again, and its peers are not told. */
    public void unplug() {
        die("loses power");
        sim.faults().isolate(this);
    }

    private void die(String how) {
        sim.event("fault: " + address + " " + how);
        dead = true;
        sim.dropThreads(this);
    }

    /** Whether it was killed or unplugged. */
    public boolean isDead() {
        return dead;
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public Network network() {
        return network;
    }

    @Override
    public SecureRandom random() {
        return sim.random();
    }

    @Override
    public Thread start(String name, Runnable body) {
        return sim.start(this, name, body);
    }

    @Override
    public String toString() {
        return address;
    }

    private final class HostClock implements Clock {
        @Override
        public long nanoTime() {
            return sim.time().nanoTime();
        }

        @Override
        public Instant now() {
            return sim.time().now().plus(skew);
        }

        @Override
        public boolean await(ReentrantLock lock, Condition condition, Deadline deadline) throws Failure {
            return sim.time().await(lock, condition, deadline);
        }

        @Override
        public void sleep(Duration time) throws Failure {
            sim.time().sleep(time);
        }
    }

    private final class HostNetwork implements Network {
        @Override
        public Link dial(HostPort to, Deadline deadline) throws IOException {
            return sim.faults().dial(SimHost.this, to, deadline);
        }

        @Override
        public Listener listen(HostPort at) throws IOException {
            return sim.faults().listen(SimHost.this, at);
        }

        @Override
        public Link dial(Path socket, Deadline deadline) throws IOException {
            return sim.faults().dial(SimHost.this, socket, deadline);
        }

        @Override
        public Listener listen(Path socket) throws IOException {
            return sim.faults().listen(SimHost.this, socket);
        }

        @Override
        public List<InetAddress> resolve(String host, Deadline deadline) throws IOException {
            return sim.faults().resolve(host, deadline);
        }
    }
}
