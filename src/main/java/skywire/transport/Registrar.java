package skywire.transport;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import skywire.directory.TransportDirectory;
import skywire.entry.SignedTransportEntry;
import skywire.limit.LogLimit;
import skywire.platform.Clock;
import skywire.platform.Deadline;
import skywire.platform.Failure;

/**
 * Keeps the transport directory in step with our transports, in the background: a slow or missing directory delays
 * nothing (transport §6, §7). What matters is the last wish for an id. An entry that the directory refuses keeps no
 * other one out: it is tried again alone, less and less often. Thread-safe.
 */
final class Registrar {
    private static final System.Logger LOG = System.getLogger(Registrar.class.getName());
    private static final Duration REQUEST_LIMIT = Duration.ofSeconds(30);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(20);
    private static final int TRIES = 5;

    /** All live entries are registered again after this time, for directories that let them expire. */
    static final Duration AGAIN = Duration.ofSeconds(90);

    /** Pause after the first refusal of an entry; doubled with each more. */
    static final Duration FIRST_REFUSAL = Duration.ofSeconds(20);

    /** The longest pause of an entry that is refused again and again. */
    static final Duration LONGEST_REFUSAL = Duration.ofMinutes(20);

    /** Deletions that wait for a directory that cannot be reached; the oldest are forgotten, and expire there. */
    static final int MOST_DELETIONS = 1_000;

    private final Clock clock;
    private final TransportDirectory directory;
    private final LogLimit log;
    private final Wishes wishes;

    Registrar(Clock clock, TransportDirectory directory) {
        this.clock = clock;
        this.directory = directory;
        this.log = new LogLimit(clock, LOG);
        this.wishes = new Wishes(clock);
    }

    /** There is this transport now. To be told before the transport can end. */
    void up(Transport transport) {
        wishes.up(transport);
    }

    /** This transport has ended. */
    void down(Transport transport) {
        wishes.down(transport);
    }

    /** Works until the thread is interrupted. */
    void run() throws IOException {
        Duration pause = FIRST_PAUSE;
        while (true) {
            boolean done = registerAll(wishes.await());
            done &= deleteAll(); // whatever became of the others
            pause = done ? FIRST_PAUSE : shorter(pause.multipliedBy(2), LONGEST_PAUSE);
            if (!done) {
                clock.sleep(pause);
            }
        }
    }

    /** False if the directory cannot be reached. */
    private boolean registerAll(List<List<SignedTransportEntry>> requests) throws IOException {
        for (List<SignedTransportEntry> request : requests) {
            if (!register(request)) {
                return false;
            }
        }
        return true;
    }

    /** A request is taken or refused as a whole; of one that is refused, each entry is tried by itself. */
    private boolean register(List<SignedTransportEntry> entries) throws IOException {
        try {
            directory.register(entries, clock.in(REQUEST_LIMIT));
            wishes.registered(entries);
            return true;
        } catch (IOException e) {
            if (!isAnswer(e)) {
                return false;
            }
        }
        if (entries.size() == 1) {
            wishes.refused(entries.getFirst());
            return true;
        }
        return registerAll(entries.stream().map(List::of).toList());
    }

    /** Whether the directory has said no, so that asking for something else may help; logs the failure. */
    private boolean isAnswer(IOException e) throws IOException {
        Failure.Kind kind = Failure.kindOf(e);
        if (kind == Failure.Kind.CANCELLED) {
            throw e;
        }
        log.log(System.Logger.Level.DEBUG, "transport directory: " + Failure.text(e));
        return kind == Failure.Kind.REFUSED || kind == Failure.Kind.NOT_FOUND || kind == Failure.Kind.UNTRUSTED;
    }

    /** False if something is left to be tried again. */
    private boolean deleteAll() throws IOException {
        boolean done = true;
        for (Wishes.Deletion wish : wishes.deletions()) {
            if (!wishes.holds(wish)) {
                continue;
            }
            try {
                directory.delete(wish.id, clock.in(REQUEST_LIMIT));
                wishes.forget(wish);
            } catch (IOException e) {
                if (!isAnswer(e)) {
                    return false;
                }
                if (++wish.tries >= TRIES) {
                    wishes.forget(wish);
                } else {
                    done = false;
                }
            }
        }
        return done;
    }

    static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    /** Deletes what is live now, once, by the deadline: at the end of the node. */
    void leave(Deadline deadline) {
        for (UUID id : wishes.left()) {
            try {
                directory.delete(id, deadline);
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "transport directory: " + Failure.text(e));
                return;
            }
        }
    }
}
