package skywire.route.setup;

import java.io.IOException;
import java.util.List;
import java.util.UUID;
import skywire.directory.Path;
import skywire.key.PublicKey;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.route.mux.LegInfo;

/** What the keeper of a group's legs needs of the group. Thread-safe. */
interface LegPort {
    /** The legs, the primary first. */
    List<LegInfo> legs();

    /** A number that grows with every change of the legs. */
    long changes();

    /** Waits until there was a change since; fails once the group is closed. */
    boolean await(long seen, Deadline deadline) throws IOException;

    /** How many legs each end sends on at once. */
    void width(int forward, int reverse);

    /** Retires a leg. */
    void remove(UUID leg) throws Failure;

    /** Has a route set up and adds it as a leg. */
    Outcome add(Path path, Deadline deadline);

    /**
     * How a set-up went.
     *
     * @param path the way it was to take
     * @param failure why it failed, for people; empty if there is a leg now
     * @param another whether it may go better on another path
     * @param blamed visors that seem to be the cause; empty if unknown
     */
    record Outcome(Path path, String failure, boolean another, List<PublicKey> blamed) {
        static Outcome success(Path path) {
            return new Outcome(path, "", true, List.of());
        }

        boolean failed() {
            return !failure.isEmpty();
        }
    }
}
