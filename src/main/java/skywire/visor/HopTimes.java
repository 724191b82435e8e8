package skywire.visor;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/** Knows how long transports take there and back. Thread-safe. */
@FunctionalInterface
public interface HopTimes {
    /** The round trip of a transport, if it is known here. */
    Optional<Duration> of(UUID transport);
}
