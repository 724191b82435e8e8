package skywire.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import skywire.config.Config;
import skywire.config.ConfigException;
import skywire.directory.DmsgDirectory;
import skywire.directory.EntryPublisher;
import skywire.directory.HttpDmsgDirectory;
import skywire.directory.SeededDirectory;
import skywire.dmsg.DmsgClient;
import skywire.dmsg.DmsgConfig;
import skywire.entry.DmsgEntry;
import skywire.entry.ServerInfo;
import skywire.http.HttpUrl;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.limit.LogLimit;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.HostPort;
import skywire.platform.Platform;

/**
 * The entry of a server's old key at one discovery: asked over dmsg where the configuration says so, else over HTTP.
 *
 * @param discovery where it is
 * @param servers to reach a discovery over dmsg by
 * @param address the server's own, as published; empty if any free port is taken
 */
record OldEntry(Platform platform, HttpUrl discovery, List<DmsgEntry> servers, String address) {
    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final String EXPIRES = "; it expires by itself within 2 minutes";

    /** Those that the configuration of a dmsg server names; each discovery has one. */
    static List<OldEntry> read(Platform platform, Config config) throws ConfigException {
        Optional<HostPort> published = config.address("public_address");
        HostPort listen = config.has("local_address")
                ? config.address("local_address", ":8081")
                : config.address("listening_address", ":8081");
        HostPort own = published.orElse(listen);
        String address = own.port() == 0 ? "" : own.toString();
        List<OldEntry> entries = new ArrayList<>();
        List<Config> blocks = new ArrayList<>(config.objects("deployments"));
        blocks.add(config.object("dmsg"));
        for (Config block : blocks) {
            if (block.has("discovery_dmsg")) {
                entries.add(
                        new OldEntry(platform, url(block, "discovery_dmsg"), ServiceConfig.servers(block), address));
            }
        }
        if (entries.isEmpty() && config.has("discovery")) {
            entries.add(new OldEntry(platform, url(config, "discovery"), ServiceConfig.servers(config), address));
        }
        return entries;
    }

    private static HttpUrl url(Config config, String name) throws ConfigException {
        try {
            return HttpUrl.parse(config.string(name));
        } catch (IllegalArgumentException e) {
            throw config.error(name, "\"" + name + "\": " + e.getMessage());
        }
    }

    /** Removes it, unless it is of another machine with the same key; says in one line what became of it. */
    String remove(SecretKey old) throws IOException {
        Deadline limit = platform.clock().in(LIMIT);
        try {
            if (!discovery.isDmsg()) {
                return remove(
                        old, new HttpDmsgDirectory(ServiceConfig.http(platform, discovery), platform.clock()), limit);
            }
            return removeOverDmsg(old, limit);
        } catch (IOException e) {
            if (Failure.kindOf(e) == Failure.Kind.CANCELLED) {
                throw e;
            }
            return "not removed from " + discovery + ": " + Failure.text(e) + EXPIRES;
        }
    }

    /** As a stranger: the old key may be in use elsewhere. */
    private String removeOverDmsg(SecretKey old, Deadline limit) throws IOException {
        PublicKey discoveryKey;
        try {
            discoveryKey = PublicKey.parse(discovery.address().host());
        } catch (skywire.bytes.MalformedException e) {
            throw Failure.wrap(discovery.toString(), e);
        }
        DmsgConfig stranger = DmsgConfig.of(SecretKey.generate(platform.random()))
                .withSessions(1)
                .unpublished();
        SeededDirectory[] directory = new SeededDirectory[1];
        try (DmsgClient client = DmsgClient.start(platform, stranger, overDmsg -> {
            directory[0] = SeededDirectory.over(platform, old.publicKey(), servers, discoveryKey, overDmsg);
            return directory[0];
        })) {
            client.awaitReady(limit);
            return remove(old, directory[0], limit);
        }
    }

    private String remove(SecretKey old, DmsgDirectory directory, Deadline limit) throws IOException {
        Optional<ServerInfo> stored = directory.entry(old.publicKey(), limit).flatMap(DmsgEntry::server);
        if (stored.isEmpty()) {
            return "there is none at " + discovery;
        }
        String where = stored.get().address();
        if (!address.isEmpty() && !address.equals(where)) {
            return "left at " + discovery + ": it is of " + LogLimit.clean(where)
                    + ", another machine with the old key";
        }
        new EntryPublisher(platform, directory, old).remove(DmsgEntry.server(old.publicKey(), stored.get()), limit);
        return "removed from " + discovery;
    }
}
