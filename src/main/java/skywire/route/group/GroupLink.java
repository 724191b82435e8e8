package skywire.route.group;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import skywire.packet.RouteDescriptor;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Link;
import skywire.route.mux.LegInfo;
import skywire.route.mux.SendMode;

/** The bytes of a route group, over one leg or several, and what can be seen and done below them. Thread-safe. */
sealed interface GroupLink extends Link permits GroupStream, MuxStream {
    /** Does nothing: both directions end at once. */
    @Override
    default void finishWriting(Deadline deadline) {
        // nothing the protocol could say
    }

    @Override
    void close();

    RouteDescriptor descriptor();

    GroupKind kind();

    /** Is called once, when it is over and its rules are gone. */
    void onEnd(Runnable action);

    /** Sends keep-alives and pings as far as they are due. Called every second or so. */
    void tick();

    /** Ends it on purpose; a text that is not empty tells the peer why. */
    void close(String errorForPeer);

    /** Whether either side, or what lies between, has ended it. */
    boolean isClosed();

    /** Why: a new failure for the caller. */
    Failure ended();

    Duration ping(Deadline deadline) throws IOException;

    Duration roundTrip();

    UUID firstTransport();

    long sentBytes();

    long receivedBytes();

    int waitingBytes();

    /** How long its reader has taken nothing, if much waits for it; else zero. */
    Duration stuck();

    /** Ends it and drops what is here: its memory is needed. */
    void shed();

    List<LegInfo> legs();

    long legChanges();

    boolean awaitLegChange(long seen, Deadline deadline) throws IOException;

    void width(int forward, int reverse);

    SendMode mode();

    void mode(SendMode mode);

    void removeLeg(UUID leg) throws Failure;
}
