package skywire.dmsg.server;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import skywire.dmsg.DmsgSession;
import skywire.dmsg.PeerAnnounce;
import skywire.dmsg.SignedObject;
import skywire.dmsg.Transit;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.platform.Platform;
import skywire.platform.Scope;
import skywire.yamux.YamuxStream;

/**
 * The links of a server to others (dmsg §7, §8): those it has dialled, which are the sessions of its own client, and the
 * sessions of servers that have dialled it and announced themselves. Thread-safe.
 *
 * <p>A server is a peer if it is configured, listed by a discovery of ours, or was accepted by its announcement. Only on a
 * peer's session may requests come that others have signed.
 */
final class PeerLinks implements Transit {
    /** Servers that are accepted by announcement, at a time. */
    static final int MOST_ANNOUNCED = 512;

    private static final System.Logger LOG = System.getLogger(PeerLinks.class.getName());

    private final Platform platform;
    private final PublicKey own;
    private final MeshConfig config;
    private final Scope scope;
    private final PeerGate gate;
    private final PeerQuestion question;
    private final PeerMemory memory;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<PublicKey, PeerLink> dialled = new LinkedHashMap<>(); // guarded by lock
    private final Map<PublicKey, PeerLink> announced = new LinkedHashMap<>(); // guarded by lock
    private Set<PublicKey> listed = Set.of(); // guarded by lock; replaced, never changed

    // Written once, before the first session.
    private Forward requests;
    private Runnable onUp;

    /** Serves a request that came over a link that we have dialled. */
    @FunctionalInterface
    interface Forward {
        /** On a thread of the stream, which is ended or joined. */
        void serve(Onward from, YamuxStream stream, SignedObject object);
    }

    PeerLinks(Platform platform, SecretKey key, MeshConfig config, Scope scope) {
        this.platform = platform;
        this.own = key.publicKey();
        this.config = config;
        this.scope = scope;
        this.gate = new PeerGate(platform.clock());
        this.question = new PeerQuestion(platform, key);
        this.memory = new PeerMemory(platform.clock());
    }

    /**
     * Says what is done with what comes.
     *
     * @param requests serves requests of peers
     * @param onUp told of each link that comes up
     */
    void serve(Forward requests, Runnable onUp) {
        this.requests = requests;
        this.onUp = onUp;
    }

    /** The servers that the discoveries list now. */
    void listed(Collection<PublicKey> keys) {
        Set<PublicKey> fresh = new LinkedHashSet<>(keys);
        lock.lock();
        try {
            listed = fresh;
        } finally {
            lock.unlock();
        }
    }

    // ---- links that we have dialled ----

    @Override
    public void up(DmsgSession session) {
        var link = new PeerLink(platform.clock(), new Onward.Dialled(session), session::roundTrip);
        if (!session.serverKey().equals(own)) {
            lock.lock();
            try {
                dialled.put(session.serverKey(), link);
            } finally {
                lock.unlock();
            }
            try {
                scope.forkChild("ask " + session.serverKey().brief(), () -> ask(session, link));
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "closing while a link came up", e);
            }
        }
        onUp.run();
    }

    /** Finds out what the server at the other end can do; again while it may still change its mind. */
    private void ask(DmsgSession session, PeerLink link) throws IOException {
        int silent = 0;
        while (!session.isClosed()) {
            PeerState state = question.ask(link.onward(), config.announce());
            link.state(state);
            memory.askAgain();
            silent += state == PeerState.NOT_CAPABLE ? 1 : 0;
            if (state.forwards() || silent == PeerQuestion.TIMES) {
                return;
            }
            platform.clock().sleep(state == PeerState.REFUSED ? PeerQuestion.UNTIL_LISTED : PeerQuestion.AGAIN);
        }
    }

    @Override
    public void down(DmsgSession session) {
        lock.lock();
        try {
            PeerLink link = dialled.get(session.serverKey());
            if (link != null && link.is(session)) {
                dialled.remove(session.serverKey());
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean forward(DmsgSession session, YamuxStream stream, SignedObject object) {
        requests.serve(new Onward.Dialled(session), stream, object);
        return true;
    }

    // ---- announcements of those that have dialled us ----

    /** Whether to believe an announcement that came on this session; if so, its server is a peer from now on. */
    boolean accept(ServerSession session, PeerAnnounce announce, SignedObject object) {
        if (!config.accepts(session.key()) && !isPeer(session.key())) {
            return false;
        }
        if (!gate.isGenuine(announce, object, session.key())) {
            return false;
        }
        var link = new PeerLink(platform.clock(), session, Optional::empty);
        link.state(PeerState.ACCEPTED);
        lock.lock();
        try {
            if (!announced.containsKey(session.key()) && announced.size() >= MOST_ANNOUNCED) {
                return false;
            }
            announced.put(session.key(), link);
        } finally {
            lock.unlock();
        }
        memory.askAgain();
        if (session.mux().isClosed()) {
            ended(session); // its end may have come before it was in the table
        }
        LOG.log(System.Logger.Level.INFO, "server " + session.key().brief() + " is a peer now, at " + session.remote());
        return true;
    }

    /** A session has ended; a newer one of the same server stays. */
    void ended(ServerSession session) {
        lock.lock();
        try {
            PeerLink link = announced.get(session.key());
            if (link != null && link.onward() == session) {
                announced.remove(session.key());
            }
        } finally {
            lock.unlock();
        }
    }

    // ---- for the connector ----

    /** Whether requests that others have signed may come from there. */
    boolean mayForward(Onward from) {
        if (from instanceof Onward.Dialled) {
            return true; // we chose it
        }
        lock.lock();
        try {
            PeerLink link = announced.get(from.key());
            return isPeerLocked(from.key()) || link != null && link.onward() == from;
        } finally {
            lock.unlock();
        }
    }

    private boolean isPeer(PublicKey key) {
        lock.lock();
        try {
            return isPeerLocked(key);
        } finally {
            lock.unlock();
        }
    }

    private boolean isPeerLocked(PublicKey key) {
        return config.peers().containsKey(key) || listed.contains(key);
    }

    /** What is known of the way to destinations. */
    PeerMemory memory() {
        return memory;
    }

    /** The links to ask for a destination, in that order: the one that led there last, then the nearest. */
    List<PeerLink> towards(PublicKey destination, PublicKey except) {
        Optional<PublicKey> last = memory.of(destination);
        if (last.isPresent() && last.get().isNull()) {
            return List.of();
        }
        List<PeerLink> links = new ArrayList<>();
        for (PeerLink link : links().values()) {
            boolean useful = !link.key().equals(except) && !link.key().equals(destination); // it would refuse by itself
            if (useful && link.state().forwards()) {
                links.add(link);
            }
        }
        links.sort(Comparator.comparing((PeerLink link) -> !last.equals(Optional.of(link.key())))
                .thenComparing(PeerLink::isSlow)
                .thenComparing(PeerLink::distance));
        return links;
    }

    /** One link for each server; the one we have dialled, if there are two, unless it leads nowhere. */
    private Map<PublicKey, PeerLink> links() {
        lock.lock();
        try {
            Map<PublicKey, PeerLink> all = new LinkedHashMap<>(announced);
            dialled.forEach((key, link) -> {
                if (link.state().forwards()) {
                    all.put(key, link);
                } else {
                    all.putIfAbsent(key, link);
                }
            });
            return all;
        } finally {
            lock.unlock();
        }
    }

    /** All of them, for people. */
    List<PeerView> views() {
        Set<PublicKey> out;
        Set<PublicKey> in;
        lock.lock();
        try {
            out = new LinkedHashSet<>(dialled.keySet());
            in = new LinkedHashSet<>(announced.keySet());
        } finally {
            lock.unlock();
        }
        List<PeerView> views = new ArrayList<>();
        links().forEach((key, link) -> views.add(link.view(out.contains(key), in.contains(key))));
        return views;
    }
}
