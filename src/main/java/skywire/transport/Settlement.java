package skywire.transport;

import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Predicate;
import skywire.entry.SignedTransportEntry;
import skywire.entry.TransportEntry;
import skywire.key.SecretKey;
import skywire.link.KeyedLink;
import skywire.platform.Clock;
import skywire.platform.Deadline;
import skywire.platform.Failure;

/** The first thing said on a new transport: both sides sign its entry (transport §6). */
final class Settlement {
    /** Limit of either side. */
    static final Duration LIMIT = Duration.ofSeconds(20);

    /** The side that dialled has nothing to wait for: its entry comes by then. */
    static final Duration ENTRY_LIMIT = Duration.ofSeconds(5);

    private static final int REJECTED = 0;
    private static final int OK = 1;
    private static final int INVALID = 3;

    private Settlement() {}

    /**
     * The side that dialled; returns the entry with its own signature. On failure the link is left to the caller.
     *
     * @throws Failure of kind {@code REFUSED} if the other side does not want it
     */
    static SignedTransportEntry initiate(KeyedLink link, SecretKey own, String type, Clock clock, Deadline deadline)
            throws IOException {
        Deadline limit = deadline.orEarlier(clock, LIMIT);
        var entry = TransportEntry.of(own.publicKey(), link.remoteKey(), type, TransportEntry.USER);
        var signed = SignedTransportEntry.of(entry).sign(own);
        Lines.write(link, signed.json(), limit);
        byte[] answer = new byte[1];
        link.readFully(answer, 0, 1, limit);
        if (answer[0] != OK) {
            throw new Failure(Failure.Kind.REFUSED, "peer refused the transport (" + (answer[0] & 0xff) + ")");
        }
        return signed;
    }

    /**
     * The side that was dialled; returns the entry with both signatures.
     *
     * @param wanted whether a transport of that id may be made now
     * @throws Failure of kind {@code UNTRUSTED} or {@code REFUSED}; the other side has been told then
     */
    static SignedTransportEntry respond(
            KeyedLink link, SecretKey own, String type, Predicate<UUID> wanted, Clock clock, Deadline deadline)
            throws IOException {
        Deadline limit = deadline.orEarlier(clock, LIMIT);
        var expected = TransportEntry.of(own.publicKey(), link.remoteKey(), type, TransportEntry.USER);
        String line = Lines.read(link, limit.orEarlier(clock, ENTRY_LIMIT));
        SignedTransportEntry offered;
        try {
            offered = SignedTransportEntry.parse(line);
            check(offered, expected, link);
        } catch (IOException e) {
            answer(link, INVALID, limit);
            throw e;
        }
        if (!wanted.test(expected.id())) {
            answer(link, REJECTED, limit);
            throw new Failure(Failure.Kind.REFUSED, "underlying transport already exists");
        }
        SignedTransportEntry signed = offered.sign(own);
        answer(link, OK, limit);
        return signed;
    }

    private static void check(SignedTransportEntry offered, TransportEntry expected, KeyedLink link) throws Failure {
        TransportEntry entry = offered.entry();
        boolean same = entry.id().equals(expected.id())
                && entry.low().equals(expected.low())
                && entry.high().equals(expected.high())
                && entry.type().equals(expected.type());
        if (!same) {
            throw Failure.untrusted("entry of another transport");
        }
        if (!offered.isSignedBy(link.remoteKey())) {
            throw Failure.untrusted("entry is not signed by " + link.remoteKey().brief());
        }
    }

    private static void answer(KeyedLink link, int code, Deadline deadline) throws IOException {
        link.write(new byte[] {(byte) code}, deadline);
    }
}
