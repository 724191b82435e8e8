package skywire.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import skywire.bytes.MalformedException;
import skywire.config.Config;
import skywire.config.ConfigException;
import skywire.deployment.Deployment;
import skywire.deployment.DeploymentDocument;
import skywire.deployment.ServerDeployments;
import skywire.dmsg.server.DmsgServerConfig;
import skywire.dmsg.server.MeshConfig;
import skywire.dmsg.server.Registration;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.platform.HostPort;

/** What the configuration of a dmsg server says (deployment §3). */
final class DmsgServerSettings {
    static final int MOST_SESSIONS = 1_000_000;

    /** Written in place of a list of keys. */
    private static final String ANY = "any";

    private DmsgServerSettings() {}

    /** The deployments it belongs to: those of its configuration, else the usual one of the program. */
    static List<Registration> registrations(Config config, Map<String, String> environment) throws ConfigException {
        DeploymentDocument document = DeploymentDocument.load(environment);
        List<Registration> registrations = new ArrayList<>();
        for (Deployment one : ServerDeployments.read(config, document)) {
            registrations.add(new Registration(one.name(), one.discoveryKey().orElseThrow(), one.servers(), ""));
        }
        return registrations;
    }

    /** All the rest; the key is made last, see {@link ServiceConfig#key}. */
    static DmsgServerConfig read(Program.Start start) throws ConfigException {
        Config config = start.config();
        HostPort listen = config.has("local_address")
                ? config.address("local_address", ":8081")
                : config.address("listening_address", ":8081");
        Optional<HostPort> published = config.address("public_address");
        String type = config.string("server_type", "");
        int sessions = config.integer("max_sessions", 2048, 1, MOST_SESSIONS);
        int perAddress = config.integer("max_sessions_per_address", 0, 0, MOST_SESSIONS);
        Duration refresh = atLeastASecond(config, "update_interval", Duration.ofMinutes(1));
        Duration clocks = config.duration("clock_tolerance", Duration.ZERO);
        Duration idle = atLeastASecond(config, "stream_idle", Duration.ofMinutes(5));
        MeshConfig mesh = mesh(start.console(), config);
        boolean listed = config.flag("listed", true);
        SecretKey key = ServiceConfig.key(start, listen, published.orElse(listen));
        DmsgServerConfig all = DmsgServerConfig.of(
                        key, listen, published.map(HostPort::toString).orElse(""))
                .withServerType(type)
                .withMaxSessions(sessions)
                .withMaxSessionsPerAddress(perAddress)
                .withRefresh(refresh)
                .withClockTolerance(clocks)
                .withIdle(idle)
                .withMesh(mesh);
        return listed ? all : all.unlisted();
    }

    private static MeshConfig mesh(Console console, Config config) throws ConfigException {
        Map<PublicKey, HostPort> peers = new LinkedHashMap<>();
        for (Config peer : config.objects("peers")) {
            HostPort address = peer.address("address")
                    .orElseThrow(() -> peer.error("public_key", "\"address\" is missing in \"peers\""));
            peers.put(peer.requiredPublicKey("public_key"), address);
        }
        boolean announce = config.flag("announce_as_peer", false);
        boolean accept = config.flag("accept_peer_announcements", false);
        List<String> listed = config.strings("accepted_peer_pks");
        boolean any = listed.contains(ANY);
        Set<PublicKey> keys = new LinkedHashSet<>();
        for (String text : listed) {
            if (!text.equals(ANY)) {
                keys.add(key(config, text));
            }
        }
        if (accept && listed.isEmpty()) {
            console.warning("\"accept_peer_announcements\" is on, but \"accepted_peer_pks\" is empty, so nobody's are"
                    + " accepted; list the servers' keys there, or \"" + ANY + "\"");
        }
        MeshConfig.Accept whom =
                !accept ? MeshConfig.Accept.NOBODY : any ? MeshConfig.Accept.ANYBODY : MeshConfig.Accept.LISTED;
        return new MeshConfig(peers, announce, whom, keys);
    }

    private static PublicKey key(Config config, String text) throws ConfigException {
        try {
            PublicKey key = PublicKey.parse(text);
            if (!key.isNull()) {
                return key;
            }
        } catch (MalformedException e) {
            // told below
        }
        throw config.error(
                "accepted_peer_pks",
                "\"accepted_peer_pks\" has something that is no public key and not \"" + ANY + "\"");
    }

    private static Duration atLeastASecond(Config config, String name, Duration usual) throws ConfigException {
        Duration time = config.duration(name, usual);
        if (time.compareTo(Duration.ofSeconds(1)) < 0) {
            throw config.error(name, "\"" + name + "\" must be at least 1s");
        }
        return time;
    }
}
