package skywire.visor;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import skywire.limit.LogLimit;
import skywire.limit.RateLimit;
import skywire.platform.Clock;
import skywire.platform.Deadline;
import skywire.route.group.RouteGroup;
import skywire.route.mux.LegInfo;
import skywire.route.mux.LegState;

/**
 * Writes to the log what happens to the legs of a proxy's route, one line per event (mux §6: "who took that leg away").
 * For one thread.
 */
final class LegLog {
    /** Lines at once, and those that a minute gives back: a leg that comes and goes must not fill the log. */
    static final int BURST = 40;

    private static final double PER_SECOND = 0.2;
    private static final System.Logger LOG = System.getLogger(LegLog.class.getName());

    private final String proxy;
    private final RouteGroup group;
    private final RateLimit lines;
    private final Map<UUID, LegInfo> known = new LinkedHashMap<>();
    private int leftOut;

    LegLog(Clock clock, String proxy, RouteGroup group) {
        this.proxy = proxy;
        this.group = group;
        this.lines = new RateLimit(clock, PER_SECOND, BURST);
    }

    /** Watches until the group ends. */
    void run() throws IOException {
        while (true) {
            long seen = group.legChanges(); // before the look, so that no later change is missed
            lines(group.legs()).forEach(line -> LOG.log(System.Logger.Level.INFO, line));
            group.awaitLegChange(seen, Deadline.NEVER);
        }
    }

    /** What is to be written now that the legs are these. */
    List<String> lines(List<LegInfo> legs) {
        List<String> written = new ArrayList<>();
        for (String event : events(legs)) {
            if (lines.take()) {
                written.add(proxy + ": " + event + (leftOut == 0 ? "" : " (" + leftOut + " events before left out)"));
                leftOut = 0;
            } else {
                leftOut++;
            }
        }
        return written;
    }

    private List<String> events(List<LegInfo> legs) {
        List<String> events = new ArrayList<>();
        Optional<LegInfo> primary = primary(known.values());
        Map<UUID, LegInfo> gone = new LinkedHashMap<>(known);
        legs.forEach(leg -> gone.remove(leg.id()));
        for (LegInfo leg : gone.values()) { // first: it is why others take over
            known.remove(leg.id());
            if (leg.state() != LegState.DEAD && leg.state() != LegState.DIALING) {
                events.add(name(leg) + " is gone" + reason(leg));
            }
        }
        for (LegInfo leg : legs) {
            LegInfo before = known.put(leg.id(), leg);
            String event = event(before, leg);
            if (event != null) {
                events.add(name(leg) + " " + event + reason(leg));
            }
        }
        Optional<LegInfo> now = primary(legs);
        if (primary.isPresent()
                && now.isPresent()
                && !now.get().id().equals(primary.get().id())) {
            events.add(name(now.get()) + " is the primary now");
        }
        return events;
    }

    private static Optional<LegInfo> primary(Collection<LegInfo> legs) {
        return legs.stream().filter(LegInfo::primary).findFirst();
    }

    /** What has happened to a leg; null if nothing to speak of. A leg on probation is none yet. */
    private static String event(LegInfo before, LegInfo leg) {
        LegState old = before == null ? LegState.DIALING : before.state();
        if (old == leg.state()) {
            return null;
        }
        boolean isNew = old == LegState.DIALING || old == LegState.PROBING;
        return switch (leg.state()) {
            case DIALING -> null;
            case PROBING -> isNew ? null : "has to prove itself again";
            case ACTIVE -> isNew ? "is up" : isWarm(before) ? "takes over" : "is in use again";
            case STANDBY -> isNew ? "is up, as a standby" : "is not sent on any more";
            case DRAINING -> "is being retired";
            case DEAD -> isNew ? "did not come up" : "is dead";
        };
    }

    /** Whether it was kept for this; parked legs have a reason. */
    private static boolean isWarm(LegInfo before) {
        return before.state() == LegState.STANDBY && before.reason().isEmpty();
    }

    private static String name(LegInfo leg) {
        return "leg " + leg.id().toString().substring(0, 8) + " over "
                + leg.neighbour().brief();
    }

    /** What is told may come from a relay. */
    private static String reason(LegInfo leg) {
        return leg.reason().isEmpty() ? "" : ": " + LogLimit.clean(leg.reason());
    }
}
