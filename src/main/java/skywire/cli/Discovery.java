package skywire.cli;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import skywire.control.ControlException;
import skywire.directory.DmsgDirectory;
import skywire.directory.HttpDmsgDirectory;
import skywire.entry.DmsgEntry;
import skywire.http.Dialer;
import skywire.http.HttpClient;
import skywire.http.HttpUrl;
import skywire.key.PublicKey;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Platform;

/**
 * The dmsg discovery a command asks; failures are told as a person needs them.
 *
 * @param directory for those who look at the kind of failures themselves
 */
record Discovery(String url, DmsgDirectory directory) {
    private interface Call<T> {
        T make() throws IOException;
    }

    /** The discovery at this URL; nothing is dialled yet. */
    static Discovery at(Platform platform, HttpUrl url) {
        var http = new HttpClient(platform, Dialer.tcp(platform.network()), url);
        return new Discovery(url.toString(), new HttpDmsgDirectory(http, platform.clock()));
    }

    /** The entry of a key; empty if the discovery says there is none. */
    Optional<DmsgEntry> entry(PublicKey key, Deadline deadline) throws IOException {
        return told(() -> directory.entry(key, deadline));
    }

    /** All servers, full ones too. */
    List<DmsgEntry> servers(Deadline deadline) throws IOException {
        return told(() -> directory.allServers(deadline));
    }

    private <T> T told(Call<T> call) throws IOException {
        try {
            return call.make();
        } catch (IOException e) {
            Failure.Kind kind = Failure.kindOf(e);
            if (kind == Failure.Kind.CANCELLED) {
                throw e;
            }
            Throwable root = e;
            while (root.getCause() != null) {
                root = root.getCause();
            }
            boolean isOther = kind == Failure.Kind.MALFORMED;
            throw new ControlException(
                    kind == Failure.Kind.TIMEOUT ? kind : Failure.Kind.UNREACHABLE,
                    (isOther ? url + " is no dmsg discovery: " : "the dmsg discovery " + url + " does not answer: ")
                            + Failure.text(root),
                    "is it running there? Another one:  --discovery URL");
        }
    }
}
