package skywire.dmsg;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import skywire.entry.DmsgEntry;
import skywire.key.PublicKey;
import skywire.platform.Deadline;
import skywire.platform.Failure;

/**
 * One dial: which servers are tried in which order (spec dmsg §9). The server that worked last; connected servers the
 * destination names, nearest first; new sessions with at most two that it names; then connected servers it does not name,
 * which may forward. One after another: a dial given up half-way leaves a dead stream at the destination.
 *
 * <p>Naming comes before forwarding here, unlike in newer peers: an old server answers a request it cannot forward with
 * silence. One such silence and a server is not asked to forward for a while.
 */
final class DmsgDial {
    private static final Duration UNKNOWN = Duration.ofHours(1); // sorts last
    private static final Duration ATTEMPT_LIMIT = Duration.ofSeconds(5);
    private static final Duration LOOKUP_LIMIT = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final int MOST_SESSIONS = 16;
    private static final int MOST_NEW_SESSIONS = 2;

    private final DmsgClient client;
    private final DmsgAddress to;
    private final Deadline limit;
    private final Set<PublicKey> tried = new LinkedHashSet<>();
    private IOException first; // what went wrong first; null so far
    private boolean wasClosed; // an attempt ended with a closed stream
    private boolean forwarding; // the servers asked now are not named by the destination

    DmsgDial(DmsgClient client, DmsgAddress to, Deadline limit) {
        this.client = client;
        this.to = to;
        this.limit = limit;
    }

    /** Tries all of them; once more after half a second if a stream was closed: peers that just connected do that. */
    DmsgStream run() throws IOException {
        Optional<DmsgStream> stream = round();
        if (stream.isEmpty() && wasClosed && limit.nanosLeft() > 2 * PAUSE.toNanos()) {
            client.platform().clock().sleep(PAUSE);
            tried.clear();
            stream = round();
        }
        if (stream.isPresent()) {
            client.memory().worked(to.key(), stream.get().serverKey());
            return stream.get();
        }
        throw first == null
                ? DmsgError.CANNOT_CONNECT_TO_DELEGATED.failure()
                : DmsgError.CANNOT_CONNECT_TO_DELEGATED.failure(first);
    }

    private Optional<DmsgStream> round() throws IOException {
        forwarding = false;
        Optional<DmsgSession> last = client.memory().lastGood(to.key()).flatMap(client::session);
        if (last.isPresent()) {
            Optional<DmsgStream> stream = attempt(last.get(), false);
            if (stream.isPresent()) {
                return stream;
            }
        }
        Optional<List<PublicKey>> named = lookUp();
        if (named.isEmpty()) {
            return throughOthers(); // the directory does not answer
        }
        Optional<DmsgStream> stream = throughNamed(named.get());
        return stream.isPresent() ? stream : throughOthers();
    }

    /** The servers the destination names; empty if the directory fails. */
    private Optional<List<PublicKey>> lookUp() throws IOException {
        DmsgEntry entry;
        try {
            Deadline deadline = limit.orEarlier(client.platform().clock(), LOOKUP_LIMIT);
            entry = client.directory().entry(to.key(), deadline).orElseThrow(DmsgError.ENTRY_NOT_FOUND::failure);
        } catch (IOException e) {
            if (Failure.kindOf(e) == Failure.Kind.NOT_FOUND) {
                throw e;
            }
            note(e);
            return Optional.empty();
        }
        if (!entry.isClient()) {
            throw DmsgError.ENTRY_IS_NOT_CLIENT.failure();
        }
        if (entry.delegatedServers().isEmpty()) {
            throw DmsgError.ENTRY_HAS_NO_DELEGATED.failure();
        }
        return Optional.of(entry.delegatedServers());
    }

    private Optional<DmsgStream> throughNamed(List<PublicKey> named) throws IOException {
        List<DmsgSession> connected = new ArrayList<>();
        List<PublicKey> missing = new ArrayList<>();
        for (PublicKey server : new LinkedHashSet<>(named)) {
            if (!tried.contains(server)) {
                client.session(server).ifPresentOrElse(connected::add, () -> missing.add(server));
            }
        }
        connected.sort(Comparator.comparing(session -> session.roundTrip().orElse(UNKNOWN)));
        int left = Math.min(connected.size(), MOST_SESSIONS);
        for (DmsgSession session : connected.subList(0, left)) {
            left--;
            Optional<DmsgStream> stream = attempt(session, left == 0 && missing.isEmpty());
            if (stream.isPresent()) {
                return stream;
            }
        }
        return throughNew(missing);
    }

    private Optional<DmsgStream> throughNew(List<PublicKey> servers) throws IOException {
        int opened = 0;
        for (PublicKey server : servers) {
            if (opened == MOST_NEW_SESSIONS || limit.passed()) {
                break;
            }
            opened++;
            Optional<DmsgSession> session = connect(server);
            if (session.isPresent()) {
                Optional<DmsgStream> stream = attempt(session.get(), opened == servers.size());
                if (stream.isPresent()) {
                    return stream;
                }
            }
        }
        return Optional.empty();
    }

    private Optional<DmsgSession> connect(PublicKey server) throws IOException {
        try {
            Deadline deadline = limit.orEarlier(client.platform().clock(), ATTEMPT_LIMIT);
            return Optional.of(client.connect(server, deadline));
        } catch (IOException e) {
            note(e);
            return Optional.empty();
        }
    }

    private Optional<DmsgStream> throughOthers() throws IOException {
        forwarding = true;
        int left = MOST_SESSIONS;
        for (DmsgSession session : client.sessions()) {
            if (left > 0
                    && !tried.contains(session.serverKey())
                    && client.memory().mayForward(session.serverKey())) {
                left--;
                Optional<DmsgStream> stream = attempt(session, false);
                if (stream.isPresent()) {
                    return stream;
                }
            }
        }
        return Optional.empty();
    }

    /**
     * Asks one server. The last one that can be expected to know the destination gets all the time there is: old servers
     * and clients may take up to 20 s.
     */
    private Optional<DmsgStream> attempt(DmsgSession session, boolean patient) throws IOException {
        tried.add(session.serverKey());
        if (limit.passed()) {
            return Optional.empty();
        }
        try {
            Deadline deadline =
                    patient ? limit : limit.orEarlier(client.platform().clock(), ATTEMPT_LIMIT);
            return Optional.of(session.dial(to, deadline));
        } catch (Refusal refusal) {
            throw new Failure(
                    refusal.error().kind(),
                    to + " via server " + session.serverKey().brief() + ": " + refusal.getMessage(),
                    refusal);
        } catch (IOException e) {
            client.memory().failed(to.key(), session.serverKey());
            if (forwarding && Failure.kindOf(e) == Failure.Kind.TIMEOUT) {
                client.memory().doesNotForward(session.serverKey());
            }
            note(Failure.wrap("via server " + session.serverKey().brief(), e));
            return Optional.empty();
        }
    }

    private void note(IOException e) throws IOException {
        if (Failure.kindOf(e) == Failure.Kind.CANCELLED) {
            throw e;
        }
        wasClosed |= Failure.kindOf(e) == Failure.Kind.CLOSED_THERE;
        first = first == null ? e : first;
    }
}
