package skywire.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import skywire.config.Config;
import skywire.config.ConfigException;
import skywire.deployment.LocalMember;
import skywire.deployment.Servers;
import skywire.directory.DmsgDirectory;
import skywire.directory.HttpDmsgDirectory;
import skywire.entry.DmsgEntry;
import skywire.http.Dialer;
import skywire.http.HttpClient;
import skywire.http.HttpUrl;
import skywire.key.SecretKey;
import skywire.platform.HostPort;
import skywire.platform.Platform;

/** What the configurations of services have in common. */
final class ServiceConfig {
    private ServiceConfig() {}

    /**
     * The key, under our names or those of the reference's servers; else the one in the program's folder, made if need
     * be: to be asked for when the rest has been read, so that a wrong configuration leaves nothing behind.
     *
     * @param addresses where it listens, what it publishes, where it is led to; with a key of the development deployment
     *     all of them must be of loopback
     */
    static SecretKey key(Program.Start start, HostPort... addresses) throws ConfigException {
        Config config = start.config();
        boolean spelledOut = config.has("secret_key") || config.has("public_key");
        SecretKey key = spelledOut ? start.key("secret_key", "public_key") : start.key("sk", "pk");
        LocalMember.check(List.of(key.publicKey()), List.of(addresses));
        return key;
    }

    /** A URL of a service that is reached over TCP. */
    static HttpUrl url(Config config, String name) throws ConfigException {
        return url(config, name, config.string(name));
    }

    private static HttpUrl url(Config config, String name, String text) throws ConfigException {
        HttpUrl url;
        try {
            url = HttpUrl.parse(text);
        } catch (IllegalArgumentException e) {
            throw config.error(name, "\"" + name + "\": " + e.getMessage());
        }
        if (url.isDmsg()) {
            throw config.error(name, "\"" + name + "\" must be an http:// address here");
        }
        return url;
    }

    /** A client of that service. */
    static HttpClient http(Platform platform, HttpUrl url) {
        return new HttpClient(platform, Dialer.tcp(platform.network()), url);
    }

    /** The dmsg discovery that must be there. */
    static DmsgDirectory discovery(Platform platform, Config config) throws ConfigException {
        return new HttpDmsgDirectory(
                http(platform, url(config, "discovery")), platform.clock(), config.flag("allow_private", false));
    }

    /** The dmsg discovery, unless none is stated. */
    static Optional<DmsgDirectory> optionalDiscovery(Platform platform, Config dmsg) throws ConfigException {
        return dmsg.string("discovery", "").isEmpty() ? Optional.empty() : Optional.of(discovery(platform, dmsg));
    }

    /** Where a service keeps what it was told: a file, or nowhere. */
    static Optional<Path> store(Program.Start start, String file) throws ConfigException {
        String kind = start.config().string("store", "file");
        return switch (kind) {
            case "memory" -> Optional.empty();
            case "file" -> Optional.of(start.folder().resolve(file));
            default ->
                throw start.config().error("store", "\"store\" must be \"file\" or \"memory\", not \"" + kind + "\"");
        };
    }

    /** Known dmsg servers, as {@code [{"static": key, "server": {"address": "host:port"}}]}. */
    static List<DmsgEntry> servers(Config dmsg) throws ConfigException {
        return Servers.read(dmsg, "servers");
    }
}
