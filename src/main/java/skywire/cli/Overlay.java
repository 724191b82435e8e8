package skywire.cli;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import skywire.config.ConfigFile;
import skywire.control.ControlException;
import skywire.directory.DmsgDirectory;
import skywire.directory.FixedDirectory;
import skywire.dmsg.DmsgAddress;
import skywire.dmsg.DmsgClient;
import skywire.dmsg.DmsgConfig;
import skywire.dmsg.DmsgStream;
import skywire.entry.DmsgEntry;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Platform;

/** A dmsg client for the time of one command. */
final class Overlay implements Closeable {
    private final DmsgClient client;

    private Overlay(DmsgClient client) {
        this.client = client;
    }

    /** The key to appear as: that of the file, made if it is not there; without a file a new one. */
    static SecretKey key(Path file) throws IOException {
        Platform platform = Platform.system();
        return file == null ? SecretKey.generate(platform.random()) : ConfigFile.key(file, platform);
    }

    /**
     * A client that dials; it publishes nothing. The destination is looked up at once, so that what is wrong with it or
     * with the discovery is told first.
     *
     * @param service whether it publishes no entry and is on all servers instead
     */
    static Overlay towards(PublicKey to, boolean service, Discovery discovery, SecretKey key, Deadline deadline)
            throws IOException {
        DmsgDirectory directory = discovery.directory();
        if (service) {
            directory = new FixedDirectory(discovery.servers(deadline), List.of(to));
        } else {
            checkClient(discovery.entry(to, deadline), to);
        }
        Logs.quiet();
        DmsgConfig config = DmsgConfig.of(key).withSessions(1).unpublished();
        return new Overlay(DmsgClient.start(Platform.system(), config, directory));
    }

    private static void checkClient(Optional<DmsgEntry> entry, PublicKey to) throws ControlException {
        if (entry.isEmpty()) {
            throw new ControlException(
                    Failure.Kind.NOT_FOUND,
                    "the discovery knows no " + to.hex(),
                    "is it running? If it is a service, which publishes no entry, add  --service");
        }
        if (!entry.get().isClient()) {
            throw new ControlException(
                    Failure.Kind.NOT_FOUND,
                    to.brief() + " is a dmsg server, and no client that can be dialled",
                    "if it serves something as well, add  --service");
        }
    }

    /** A client that can be found and dialled by others. */
    static Overlay listening(Discovery discovery, SecretKey key, Deadline deadline) throws IOException {
        discovery.servers(deadline);
        Logs.quiet();
        return new Overlay(DmsgClient.start(Platform.system(), DmsgConfig.of(key), discovery.directory()));
    }

    DmsgClient client() {
        return client;
    }

    /** Dials, and says it in the words of a person if that fails. */
    DmsgStream dial(DmsgAddress to, Deadline deadline) throws IOException {
        try {
            return client.dial(to, deadline);
        } catch (Failure e) {
            String key = to.key().hex();
            throw switch (e.kind()) {
                case REFUSED ->
                    new ControlException(
                            e.kind(),
                            "nothing listens on port " + to.port() + " of "
                                    + to.key().brief(),
                            null);
                case UNREACHABLE, TIMEOUT ->
                    new ControlException(
                            e.kind(),
                            "no way to " + to.key().brief() + ": " + Failure.text(e),
                            "see which server fails:  skywire dmsg probe " + key);
                case CLOSED_HERE, CLOSED_THERE, NOT_FOUND, UNTRUSTED, MALFORMED, LIMIT, CANCELLED -> e;
            };
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
