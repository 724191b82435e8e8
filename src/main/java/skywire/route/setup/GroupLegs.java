package skywire.route.setup;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import skywire.directory.Path;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Platform;
import skywire.route.group.GroupSet;
import skywire.route.group.RouteGroup;
import skywire.route.mux.LegInfo;
import skywire.rpc.RpcFault;

/** The legs of a real group. Thread-safe. */
final class GroupLegs implements LegPort {
    private static final System.Logger LOG = System.getLogger(GroupLegs.class.getName());

    private final Platform platform;
    private final GroupSet groups;
    private final SetupClient setup;
    private final Suspects suspects;
    private final RouteGroup group;
    private final Duration keepAlive;

    GroupLegs(
            Platform platform,
            GroupSet groups,
            SetupClient setup,
            Suspects suspects,
            RouteGroup group,
            Duration keepAlive) {
        this.platform = platform;
        this.groups = groups;
        this.setup = setup;
        this.suspects = suspects;
        this.group = group;
        this.keepAlive = keepAlive;
    }

    @Override
    public List<LegInfo> legs() {
        return group.legs();
    }

    @Override
    public long changes() {
        return group.legChanges();
    }

    @Override
    public boolean await(long seen, Deadline deadline) throws IOException {
        return group.awaitLegChange(seen, deadline);
    }

    @Override
    public void width(int forward, int reverse) {
        group.width(forward, reverse);
    }

    @Override
    public void remove(UUID leg) throws Failure {
        group.removeLeg(leg);
    }

    /** Relays and the other end hear of a leg that did not come about when its rules are not kept alive. */
    @Override
    public Outcome add(Path path, Deadline deadline) {
        Grant grant;
        try {
            var request = RouteRequest.symmetric(group.descriptor().inverted(), keepAlive, path);
            grant = setup.request(request, deadline);
        } catch (RpcFault answer) {
            return refused(path, answer);
        } catch (IOException e) {
            return failed(path, e, new Excluded(), false);
        }
        try {
            UUID first = path.hops().getFirst().transport();
            Deadline limit = deadline.orEarlier(platform.clock(), RouteDialer.HANDSHAKE_LIMIT);
            groups.addLeg(group, grant.setupNode(), grant.rules(), first, limit);
        } catch (IOException e) {
            var excluded = new Excluded();
            boolean another = excluded.byFailure(e, path);
            suspects.add(excluded.latest());
            return failed(path, e, excluded, another);
        }
        suspects.clear(path.relays());
        return Outcome.success(path);
    }

    /** The other end may have refused this one leg, which is no relay's fault. */
    private Outcome refused(Path path, RpcFault answer) {
        var excluded = new Excluded();
        boolean another = excluded.byAnswer(answer, path);
        boolean byTheEnd = answer.getMessage().contains("destination router");
        if (!byTheEnd) {
            suspects.add(excluded.latest());
        }
        return failed(path, answer, excluded, another);
    }

    private Outcome failed(Path path, IOException why, Excluded excluded, boolean another) {
        String way = path.relays().isEmpty()
                ? "the direct leg"
                : "the leg over "
                        + String.join(
                                ", ",
                                path.relays().stream()
                                        .map(relay -> relay.brief())
                                        .toList());
        String text = way + " failed: " + Failure.text(why);
        LOG.log(System.Logger.Level.DEBUG, () -> group + ": " + text);
        return new Outcome(path, text, another, excluded.latest());
    }
}
