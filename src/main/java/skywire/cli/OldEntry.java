package skywire.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import skywire.config.Config;
import skywire.config.ConfigException;
import skywire.directory.DmsgDirectory;
import skywire.directory.EntryPublisher;
import skywire.directory.SeededDirectory;
import skywire.dmsg.DmsgClient;
import skywire.dmsg.DmsgConfig;
import skywire.dmsg.server.Registration;
import skywire.entry.DmsgEntry;
import skywire.entry.ServerInfo;
import skywire.key.SecretKey;
import skywire.limit.LogLimit;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.HostPort;
import skywire.platform.Platform;

/**
 * The entry of a server's old key at one discovery, which is asked over dmsg.
 *
 * @param where the deployment
 * @param address the server's own, as published; empty if any free port is taken
 */
record OldEntry(Platform platform, Registration where, String address) {
    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final String EXPIRES = "; it expires by itself within 2 minutes";

    /** Those of the deployments that the configuration of a dmsg server names; each discovery has one. */
    static List<OldEntry> read(Platform platform, Config config, Map<String, String> environment)
            throws ConfigException {
        Optional<HostPort> published = config.address("public_address");
        HostPort listen = config.has("local_address")
                ? config.address("local_address", ":8081")
                : config.address("listening_address", ":8081");
        HostPort own = published.orElse(listen);
        String address = own.port() == 0 ? "" : own.toString();
        return DmsgServerSettings.registrations(config, environment).stream()
                .map(where -> new OldEntry(platform, where, address))
                .toList();
    }

    private String discovery() {
        return "the discovery of \"" + where.name() + "\"";
    }

    /** Removes it, unless it is of another machine with the same key; says in one line what became of it. */
    String remove(SecretKey old) throws IOException {
        Deadline limit = platform.clock().in(LIMIT);
        try {
            return removeAsStranger(old, limit);
        } catch (IOException e) {
            if (Failure.kindOf(e) == Failure.Kind.CANCELLED) {
                throw e;
            }
            return "not removed from " + discovery() + ": " + Failure.text(e) + EXPIRES;
        }
    }

    /** With a key of its own: the old one may be in use elsewhere. */
    private String removeAsStranger(SecretKey old, Deadline limit) throws IOException {
        DmsgConfig stranger = DmsgConfig.of(SecretKey.generate(platform.random()))
                .withSessions(1)
                .unpublished();
        var directory = new AtomicReference<DmsgDirectory>();
        try (DmsgClient client = DmsgClient.start(platform, stranger, overDmsg -> {
            directory.set(
                    SeededDirectory.over(platform, old.publicKey(), where.servers(), where.discovery(), overDmsg));
            return directory.get();
        })) {
            client.awaitReady(limit);
            return remove(old, directory.get(), limit);
        }
    }

    private String remove(SecretKey old, DmsgDirectory directory, Deadline limit) throws IOException {
        Optional<ServerInfo> stored = directory.stored(old.publicKey(), limit).flatMap(DmsgEntry::server);
        if (stored.isEmpty()) {
            return "there is none at " + discovery();
        }
        String where = stored.get().address();
        if (!address.isEmpty() && !address.equals(where)) {
            return "left at " + discovery() + ": it is of " + LogLimit.clean(where)
                    + ", another machine with the old key";
        }
        new EntryPublisher(platform, directory, old).remove(DmsgEntry.server(old.publicKey(), stored.get()), limit);
        return "removed from " + discovery();
    }
}
