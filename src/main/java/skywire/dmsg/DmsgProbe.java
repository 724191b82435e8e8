package skywire.dmsg;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import skywire.key.PublicKey;
import skywire.platform.Deadline;
import skywire.platform.Failure;

/** Asks servers one after another to lead to a key, and tells how each did. Used by one thread. */
public final class DmsgProbe {
    private static final Duration SERVER_LIMIT = Duration.ofSeconds(5);

    private final DmsgClient client;
    private final DmsgAddress to;

    /** How far it went. */
    public enum Outcome {
        /** A stream came about. */
        OPEN,
        /** The destination answered, with no; so the way to it is good. */
        ANSWERS,
        /** The server answers and does not lead there. */
        NO_WAY,
        /** There is no session with the server. */
        NO_SERVER
    }

    /**
     * How one server did.
     *
     * @param server its key
     * @param address where it is; empty if it could not be found
     * @param outcome how far it went
     * @param roundTrip to the server and back; zero if it was not reached
     * @param dial until the destination answered, there and back through the server; zero if it did not
     * @param trouble what went wrong; empty if nothing did
     */
    public record Result(
            PublicKey server, String address, Outcome outcome, Duration roundTrip, Duration dial, String trouble) {}

    /** A probe of this destination by this client, which stays open. */
    public DmsgProbe(DmsgClient client, DmsgAddress to) {
        this.client = client;
        this.to = to;
    }

    /** Asks these servers in their order, each for a few seconds at most; stops early at the deadline. */
    public List<Result> run(List<PublicKey> servers, Deadline deadline) throws IOException {
        List<Result> results = new ArrayList<>();
        for (PublicKey server : new LinkedHashSet<>(servers)) {
            deadline.check("probing " + to);
            results.add(ask(server, deadline.orEarlier(client.platform().clock(), SERVER_LIMIT)));
        }
        return results;
    }

    private Result ask(PublicKey server, Deadline deadline) throws IOException {
        DmsgSession session;
        Duration roundTrip;
        try {
            session = client.connect(server, deadline);
            roundTrip = session.ping(deadline);
        } catch (IOException e) {
            return new Result(server, "", Outcome.NO_SERVER, Duration.ZERO, Duration.ZERO, told(e));
        }
        String address = session.address().toString();
        long began = client.platform().clock().nanoTime();
        try {
            session.dial(to, deadline).close();
            return new Result(server, address, Outcome.OPEN, roundTrip, since(began), "");
        } catch (Refusal no) {
            return new Result(server, address, Outcome.ANSWERS, roundTrip, since(began), Failure.text(no));
        } catch (IOException e) {
            return new Result(server, address, Outcome.NO_WAY, roundTrip, Duration.ZERO, told(e));
        }
    }

    private Duration since(long began) {
        return Duration.ofNanos(client.platform().clock().nanoTime() - began);
    }

    private static String told(IOException e) throws IOException {
        if (Failure.kindOf(e) == Failure.Kind.CANCELLED) {
            throw e;
        }
        return Failure.text(e);
    }
}
