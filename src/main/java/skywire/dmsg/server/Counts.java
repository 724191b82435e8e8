package skywire.dmsg.server;

import java.util.concurrent.atomic.AtomicLong;
import skywire.dmsg.DmsgError;

/** What happened since the start. Thread-safe. */
final class Counts {
    final AtomicLong streamsOpened = new AtomicLong();
    /** Of these, the ones that go over another server. */
    final AtomicLong streamsForwarded = new AtomicLong();
    /** By the code of the answer; {@code OBJECT_INVALID} if no request came, {@code RESPONSE_NOT_ACCEPTED} if no answer. */
    final Refusals<DmsgError> requests = new Refusals<>(DmsgError.class);

    final Refusals<TurnedAway> connections = new Refusals<>(TurnedAway.class);
    final AtomicLong sessionsReplaced = new AtomicLong();
}
