package skywire.deployment;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import skywire.config.Config;
import skywire.config.ConfigException;
import skywire.config.ConfigFile;
import skywire.key.PublicKey;

/**
 * Deployments by name (discovery §6.2). One such document is part of the program: what a configuration does not say is
 * taken from there. Another is put in its place when the program is packed, or by a variable of the environment.
 * Immutable.
 */
public final class DeploymentDocument {
    /** The variable that names a file to use in place of the document in the program. */
    public static final String VARIABLE = "SKYDEPLOY";

    /** The block that programs use. */
    public static final String USUAL = "prod";

    /** Where the document is in the program. */
    public static final String RESOURCE = "/conf/services-config.json";

    private final String name;
    private final List<Deployment> blocks;

    private DeploymentDocument(String name, List<Deployment> blocks) {
        this.name = name;
        this.blocks = List.copyOf(blocks);
    }

    /**
     * The document to use: the file that {@code SKYDEPLOY} names, else the one in the program.
     *
     * @throws ConfigException if the file cannot be read or is no such document; the one in the program is not used then
     */
    public static DeploymentDocument load(Map<String, String> environment) throws ConfigException {
        String file = environment.getOrDefault(VARIABLE, "");
        if (file.isEmpty()) {
            return embedded();
        }
        try {
            return read(Path.of(file));
        } catch (ConfigException e) {
            throw new ConfigException(
                    e.getMessage(), e.hint().orElse(VARIABLE + " names this file; correct it, or:  unset " + VARIABLE));
        }
    }

    /** The document in the program. */
    public static DeploymentDocument embedded() throws ConfigException {
        try (InputStream in = DeploymentDocument.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("no deployment document in the program");
            }
            return parse("the built-in deployment", new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (ConfigException e) {
            throw e;
        } catch (IOException e) {
            throw new ConfigException("the built-in deployment cannot be read: " + e.getMessage());
        }
    }

    /** Reads a file, of at most 1 MiB. */
    public static DeploymentDocument read(Path file) throws ConfigException {
        return parse(file.toString(), ConfigFile.text(file));
    }

    /** Reads a text; {@code name} is what messages call it. Comments are allowed. */
    public static DeploymentDocument parse(String name, String text) throws ConfigException {
        Config document = Config.parse(name, text);
        List<Deployment> blocks = new ArrayList<>();
        for (String block : document.names()) {
            blocks.add(Deployment.read(block, document.object(block)));
        }
        if (blocks.isEmpty()) {
            throw new ConfigException(name + ": no deployment in it; the usual one is called \"" + USUAL + "\"");
        }
        return new DeploymentDocument(name, blocks);
    }

    /** What messages call it: the path of its file, or that it is built in. */
    public String name() {
        return name;
    }

    /** All deployments, in their order. */
    public List<Deployment> blocks() {
        return blocks;
    }

    /** The deployment of that name. */
    public Optional<Deployment> block(String called) {
        return blocks.stream().filter(block -> block.name().equals(called)).findFirst();
    }

    /** The deployment that programs use: the usual one, or the only one. */
    public Deployment usual() throws ConfigException {
        if (blocks.size() == 1) {
            return blocks.getFirst();
        }
        return block(USUAL)
                .orElseThrow(() -> new ConfigException(name + ": has no deployment \"" + USUAL + "\", only "
                        + String.join(
                                ", ", blocks.stream().map(Deployment::name).toList())));
    }

    /** The first deployment with this discovery that knows any servers. */
    public Optional<Deployment> withDiscovery(PublicKey key) {
        return blocks.stream()
                .filter(block -> block.discoveryKey().equals(Optional.of(key)))
                .filter(block -> !block.servers().isEmpty())
                .findFirst();
    }
}
