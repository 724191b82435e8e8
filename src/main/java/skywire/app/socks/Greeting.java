package skywire.app.socks;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Link;

/** The client's side of SOCKS5 greeting and password (RFC 1928, RFC 1929), in one round trip. */
final class Greeting {
    private Greeting() {}

    /**
     * Says it, and hears the answers to it.
     *
     * @param first sent along, so that its answer comes right behind; may be empty
     * @throws Failure of kind {@code REFUSED} if the exit wants a passcode, takes none, or refuses this one
     */
    static void say(Link stream, Optional<String> passcode, byte[] first, Deadline deadline) throws IOException {
        var out = new ByteArrayOutputStream();
        out.writeBytes(Socks.greeting(passcode.isPresent() ? Socks.PASSWORD : Socks.NO_AUTHENTICATION));
        passcode.ifPresent(text -> out.writeBytes(Socks.credentials(text)));
        out.writeBytes(first);
        stream.write(out.toByteArray(), deadline);
        hear(stream, passcode.isPresent(), deadline);
    }

    private static void hear(Link stream, boolean hasPasscode, Deadline deadline) throws IOException {
        int choice = Socks.readChoice(stream, deadline);
        if (choice == Socks.NONE_ACCEPTABLE) {
            throw new Failure(
                    Failure.Kind.REFUSED, hasPasscode ? "the exit takes no passcode" : "the exit wants a passcode");
        }
        if (hasPasscode && choice == Socks.PASSWORD && !Socks.readVerdict(stream, deadline)) {
            throw new Failure(Failure.Kind.REFUSED, "the exit refused the passcode");
        }
    }
}
