package skywire.dmsg.server;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import skywire.platform.Clock;
import skywire.platform.Deadline;
import skywire.platform.Listener;
import skywire.platform.Scope;
import skywire.yamux.YamuxSession;

/** The orderly end of a server, see {@link DmsgServer#drain}. Thread-safe. */
final class Drain {
    /** How long a client may take to confirm its last bytes. */
    static final Duration ARRIVAL_LIMIT = Duration.ofSeconds(1);

    private static final System.Logger LOG = System.getLogger(Drain.class.getName());

    private final Clock clock;
    private final Scope scope;
    private final Listener listener;
    private final Announcements announcements;
    private final SessionTable sessions;
    private final Traffic traffic;
    private volatile boolean begun; // never unset
    private volatile boolean refuses; // never unset

    Drain(
            Clock clock,
            Scope scope,
            Listener listener,
            Announcements announcements,
            SessionTable sessions,
            Traffic traffic) {
        this.clock = clock;
        this.scope = scope;
        this.listener = listener;
        this.announcements = announcements;
        this.sessions = sessions;
        this.traffic = traffic;
    }

    /** Whether nobody new is let in any more. */
    boolean begun() {
        return begun;
    }

    /** Whether further streams are refused as well. */
    boolean refuses() {
        return refuses;
    }

    boolean run(Deadline until) throws IOException {
        begun = true;
        scope.disown(listener);
        listener.close();
        sessions.takeNoMore();
        announcements.withdraw(until); // while streams are still opened: the way to the directories may lead through us
        refuses = true;
        List<ServerSession> all = sessions.all();
        all.stream()
                .map(ServerSession::mux)
                .filter(mux -> mux.streamCount() == 0)
                .forEach(YamuxSession::close);
        LOG.log(System.Logger.Level.INFO, () -> "takes nothing new any more, streams that go on: " + traffic.streams());
        boolean rest = traffic.awaitRest(until) && awaitArrival(until);
        LOG.log(System.Logger.Level.INFO, () -> "streams that are left: " + traffic.streams());
        return rest;
    }

    /** Waits until all clients have got what was sent to them, or have had the time for it. */
    private boolean awaitArrival(Deadline until) throws IOException {
        Deadline limit = until.orEarlier(clock, ARRIVAL_LIMIT);
        for (ServerSession session : sessions.all()) {
            traffic.begins();
            try {
                scope.forkChild("arrival", () -> awaitArrival(session.mux(), limit));
            } catch (IOException e) {
                traffic.ends();
                throw e;
            }
        }
        return traffic.awaitRest(until);
    }

    private void awaitArrival(YamuxSession mux, Deadline limit) throws IOException {
        try {
            mux.ping(limit);
            mux.ping(limit); // sent behind the data, which the first one may have overtaken
        } finally {
            traffic.ends();
        }
    }
}
