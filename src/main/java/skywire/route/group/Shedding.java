package skywire.route.group;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import skywire.limit.LogLimit;
import skywire.limit.Quota;
import skywire.platform.Clock;
import skywire.transport.Transport;
import skywire.transport.TransportSet;

/**
 * Gets memory back when the packets that wait in this node take all they may (threats §6). Then new ones wait, unless
 * their queue holds little; and who holds much and has not moved for the longest time has to go: a group whose reader
 * takes nothing ends, a neighbour that takes nothing loses what waits for it from others. Own packets for such a
 * neighbour stay until its transport ends. For one thread, but for {@link #count}.
 */
final class Shedding {
    private static final System.Logger LOG = System.getLogger(Shedding.class.getName());

    private final TransportSet transports;
    private final GroupSet groups;
    private final Quota quota;
    private final LogLimit log;
    private final LongAdder count = new LongAdder();

    private record Stuck(Duration time, String name, Runnable shed) {}

    Shedding(Clock clock, TransportSet transports, GroupSet groups, Quota quota) {
        this.transports = transports;
        this.groups = groups;
        this.quota = quota;
        this.log = new LogLimit(clock, LOG);
    }

    /** Looks whether there is a need. To be called every second or so. */
    void tick() {
        if (!quota.isShort()) {
            return;
        }
        for (Stuck longest : stuck()) {
            if (!quota.isShort()) {
                return;
            }
            log.log(
                    System.Logger.Level.WARNING,
                    "packets that wait take all the memory they may; the queue of " + longest.name()
                            + " has not moved for " + longest.time().toSeconds() + " s and is dropped");
            count.increment();
            longest.shed().run();
        }
    }

    private List<Stuck> stuck() {
        List<Stuck> all = new ArrayList<>();
        for (Transport transport : transports.list()) {
            all.add(new Stuck(transport.stuck(), transport.toString(), transport::shed));
        }
        for (RouteGroup group : groups.list()) {
            all.add(new Stuck(
                    group.stuck(), "the route group of " + group.remoteKey().brief(), group::shed));
        }
        all.removeIf(one -> one.time().compareTo(Transport.STALL) < 0);
        all.sort(Comparator.comparing(Stuck::time).reversed());
        return all;
    }

    /** Queues dropped so far. */
    long count() {
        return count.sum();
    }
}
