package skywire.dmsg.server;

import java.util.concurrent.atomic.AtomicLong;

/** What happened since the start. Thread-safe. */
final class Counts {
    final AtomicLong streamsOpened = new AtomicLong();
    final AtomicLong forwarded = new AtomicLong();
    final AtomicLong requestsRefused = new AtomicLong();
    final AtomicLong connectionsRefused = new AtomicLong();
    final AtomicLong sessionsReplaced = new AtomicLong();
    final AtomicLong bytesRelayed = new AtomicLong();
}
