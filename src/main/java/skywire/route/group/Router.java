package skywire.route.group;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import skywire.key.SecretKey;
import skywire.platform.Failure;
import skywire.platform.Platform;
import skywire.platform.Scope;
import skywire.route.Forwarder;
import skywire.route.Intake;
import skywire.route.RuleInstaller;
import skywire.route.RuleTable;
import skywire.transport.TransportSet;

/** The routing layer of a visor, put together on top of its transports. Thread-safe. */
public final class Router implements Closeable {
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final int TICKS_PER_COLLECTION = 5;

    private final Platform platform;
    private final Scope scope;
    private final RuleTable table;
    private final Forwarder forwarder;
    private final Intake intake;
    private final GroupSet groups;
    private final RuleInstaller installer;
    private final Shedding shedding;

    private Router(Platform platform, SecretKey own, TransportSet transports) {
        this.platform = platform;
        this.scope = new Scope(platform, "router");
        this.table = new RuleTable(platform.clock(), platform.random(), own.publicKey());
        this.forwarder = new Forwarder(platform.clock(), own.publicKey(), table, transports::get);
        this.intake = new Intake(platform.clock(), table, forwarder);
        this.groups = new GroupSet(platform, own, table, transports::get, transports.queued());
        this.shedding = new Shedding(platform.clock(), transports, groups, transports.queued());
        this.installer = new RuleInstaller(
                own.publicKey(),
                table,
                id -> transports.get(id).isPresent(),
                groups,
                entry -> entry.end()
                        .ifPresent(end -> end.gone(
                                new Failure(Failure.Kind.CLOSED_THERE, "rules taken back by their setup node"))));
    }

    /** Puts the layer together and starts the transports, whose packets come here from now on. */
    public static Router start(Platform platform, SecretKey own, TransportSet transports) throws IOException {
        var router = new Router(platform, own, transports);
        router.scope.own(router.groups);
        router.scope.fork("keeper", router::keep);
        transports.start(router.intake);
        return router;
    }

    private void keep() throws IOException {
        for (int tick = 1; ; tick++) {
            platform.clock().sleep(TICK);
            groups.tick();
            shedding.tick();
            if (tick % TICKS_PER_COLLECTION == 0) {
                intake.collect();
            }
        }
    }

    /** The rules of this visor. */
    public RuleTable table() {
        return table;
    }

    /** What setup nodes may do here. */
    public RuleInstaller installer() {
        return installer;
    }

    /** The route groups that end here. */
    public GroupSet groups() {
        return groups;
    }

    /** Queues dropped because the packets that waited took all the memory they may. */
    public long droppedQueues() {
        return shedding.count();
    }

    /** What is forwarded for others. */
    public Forwarder forwarder() {
        return forwarder;
    }

    /** What arrives. */
    public Intake intake() {
        return intake;
    }

    /** Ends all route groups and tells the routes that lead through here; the transports stay. */
    @Override
    public void close() {
        forwarder.leave();
        scope.close();
    }
}
