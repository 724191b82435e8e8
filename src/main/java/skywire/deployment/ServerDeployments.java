package skywire.deployment;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import skywire.config.Config;
import skywire.config.ConfigException;
import skywire.entry.DmsgEntry;
import skywire.http.HttpUrl;
import skywire.key.PublicKey;

/**
 * Which deployments a dmsg server belongs to (deployment §3). Its configuration says it in one of three shapes: an object
 * {@code dmsg}, a list {@code deployments} of such objects, or the older members {@code discovery} and {@code servers} at
 * the top. If it says nothing, the usual deployment of the document is taken, so that a new program is enough to follow a
 * change there. What it says is never mixed with the document, but for one thing: a list of servers that is left empty is
 * borrowed from there if the discovery is the same.
 */
public final class ServerDeployments {
    private static final int MOST_SESSIONS = 1_000;
    private static final String DISCOVERY = "discovery_dmsg";
    private static final List<String> SHAPES = List.of("dmsg", "deployments", "discovery");

    private ServerDeployments() {}

    /**
     * The deployments, at least one; each has the key of its discovery, and perhaps no servers.
     *
     * @throws ConfigException if a deployment has no {@code discovery_dmsg}, which is then named, or two of them have the
     *     same; if the configuration says it in two shapes at once
     */
    public static List<Deployment> read(Config config, DeploymentDocument document) throws ConfigException {
        List<Deployment> stated = stated(config);
        if (stated.isEmpty()) {
            Deployment usual = document.usual();
            if (usual.discoveryKey().isEmpty()) {
                throw new ConfigException(document.name() + ": the deployment \"" + usual.name()
                        + "\" has no \"dmsg_discovery_dmsg\", and a dmsg server reaches its discovery over dmsg only");
            }
            return List.of(usual);
        }
        return stated.stream().map(one -> withServers(one, document)).toList();
    }

    private static Deployment withServers(Deployment stated, DeploymentDocument document) {
        return stated.servers().isEmpty()
                ? document.withDiscovery(stated.discoveryKey().orElseThrow())
                        .map(same -> stated.withServers(same.servers()))
                        .orElse(stated)
                : stated;
    }

    private static List<Deployment> stated(Config config) throws ConfigException {
        List<String> shapes = SHAPES.stream().filter(config::has).toList();
        if (shapes.size() > 1) {
            throw config.error(
                    shapes.get(1),
                    "the deployment is in \"" + shapes.get(0) + "\" already; take \"" + shapes.get(1) + "\" away");
        }
        if (config.has("dmsg")) {
            return List.of(block("dmsg", config, "dmsg", config.object("dmsg")));
        }
        if (config.has("deployments")) {
            return list(config);
        }
        return config.has("discovery") || config.has("servers") ? List.of(older(config)) : List.of();
    }

    private static List<Deployment> list(Config config) throws ConfigException {
        List<Deployment> deployments = new ArrayList<>();
        for (Config block : config.objects("deployments")) {
            String name = block.string("name", "deployments[" + deployments.size() + "]");
            Deployment next = block(name, config, "deployments", block);
            for (Deployment other : deployments) {
                if (other.discoveryKey().equals(next.discoveryKey())
                        || other.name().equals(name)) {
                    throw block.error(
                            DISCOVERY,
                            "deployment \"" + name + "\" has the name or the discovery of \"" + other.name() + "\"");
                }
            }
            deployments.add(next);
        }
        if (deployments.isEmpty()) {
            throw config.error("deployments", "\"deployments\" is empty; take it away to use the built-in deployment");
        }
        return deployments;
    }

    private static Deployment block(String name, Config config, String member, Config block) throws ConfigException {
        Optional<PublicKey> key = Deployment.discoveryKey(block, DISCOVERY);
        if (key.isEmpty()) {
            throw missing(name, config, member);
        }
        int sessions = block.integer("sessions_count", 0, 0, MOST_SESSIONS);
        List<DmsgEntry> servers = Servers.read(block, "servers");
        return Deployment.ofDmsg(name, Deployment.url(block, "discovery"), key, servers, sessions);
    }

    /** The discovery may stand in its own member as {@code dmsg://}, or there as {@code http://} and beside it as dmsg. */
    private static Deployment older(Config config) throws ConfigException {
        Optional<HttpUrl> discovery = Deployment.url(config, "discovery");
        Optional<PublicKey> key = Deployment.discoveryKey(config, DISCOVERY);
        if (key.isEmpty() && discovery.isPresent() && discovery.get().isDmsg()) {
            Deployment.checkService(config, "discovery", discovery.get());
            key = Optional.of(Deployment.key(config, "discovery", discovery.get()));
        }
        if (key.isEmpty()) {
            throw missing("discovery", config, config.has("discovery") ? "discovery" : "servers");
        }
        List<DmsgEntry> servers = Servers.read(config, "servers");
        return Deployment.ofDmsg("discovery", discovery.filter(url -> !url.isDmsg()), key, servers, 0);
    }

    private static ConfigException missing(String name, Config config, String member) {
        return new ConfigException(
                config.error(member, "deployment \"" + name + "\" has no \"" + DISCOVERY + "\"")
                        .getMessage(),
                "a dmsg server reaches its discovery over dmsg only; add  \"" + DISCOVERY
                        + "\": \"dmsg://<its public key>:80\"");
    }
}
