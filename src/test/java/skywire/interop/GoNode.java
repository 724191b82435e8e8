package skywire.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.StringJoiner;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.platform.HostPort;
import skywire.platform.Platform;

/** A visor of the reference, in a process of its own, driven by its command line. */
final class GoNode implements Node {
    private static final Platform PLATFORM = Platform.system();
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final String name;
    private final SecretKey key = SecretKey.generate(PLATFORM.random());
    private final Reference peer;
    private final Services services;
    private final Programs programs;
    private final int base;
    private final int minHops;
    private Process process;
    private int calls;

    /** Ports from {@code base} on. */
    GoNode(String name, Reference peer, Services services, Programs programs, int base, int minHops) {
        this.name = name;
        this.peer = peer;
        this.services = services;
        this.programs = programs;
        this.base = base;
        this.minHops = minHops;
    }

    private HostPort at(int port) {
        return new HostPort("127.0.0.1", base + port);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public PublicKey key() {
        return key.publicKey();
    }

    @Override
    public HostPort stcp() {
        return at(0);
    }

    @Override
    public void start(Iterable<Node> all) throws Exception {
        var table = new StringJoiner(", ", "{", "}");
        all.forEach(n -> table.add("\"" + n.key().hex() + "\": \"" + n.stcp() + "\""));
        Path config = programs.dir().resolve(name + ".json");
        Files.writeString(config, config(table.toString()));
        process = programs.start(name, peer.skywire(), "visor", "-c", config.toString());
        programs.awaitPort(name, at(2), Services.START);
        programs.await(
                name + " is registered",
                Services.START,
                () -> services.dmsgDirectory()
                        .entry(key(), PLATFORM.clock().in(LIMIT))
                        .isPresent());
    }

    /** Whatever would look for public services is empty. Its programs are found under their own names in the folder. */
    private String config(String table) throws IOException {
        Path apps = apps();
        Path work = Files.createDirectories(programs.dir().resolve("work").resolve(name));
        return """
            {"version": "v1.3.20", "sk": "%s", "pk": "%s",
             "dmsg": {"discovery": "%s", "sessions_count": 1, "servers": []},
             "dmsgpty": {"dmsg_port": 22, "cli_network": "unix", "cli_address": "%s/pty.sock", "whitelist": null},
             "skywire-tcp": {"pk_table": %s, "listening_address": "%s"},
             "transport": {"discovery": "%s", "address_resolver": "%s", "public_autoconnect": false,
              "transport_setup": [], "stcpr_port": 0, "sudph_port": 0,
              "log_store": {"type": "memory", "location": "", "rotation_interval": "168h0m0s"}},
             "routing": {"route_setup_nodes": ["%s"], "route_finder": "%s", "route_finder_timeout": "10s",
              "min_hops": %d},
             "launcher": {"service_discovery": "", "server_addr": "%s", "bin_path": "%s", "display_node_ip": false,
              "apps": [{"name": "skysocks", "binary": "skysocks", "args": [], "auto_start": true, "port": 3},
               {"name": "skysocks-client", "binary": "skysocks-client", "args": ["--addr", "%s"],
                "auto_start": false, "port": 13}]},
             "uptime_tracker": null, "survey_whitelist": [], "hypervisors": [], "cli_addr": "%s", "log_level": "debug",
             "local_path": "%s/local", "dmsghttp_server_path": "%s/custom", "stun_servers": null,
             "shutdown_timeout": "10s", "is_public": false, "persistent_transports": null}
            """.formatted(
                        key.hex(),
                        key().hex(),
                        services.discovery(),
                        work,
                        table,
                        stcp(),
                        services.transports(),
                        services.resolver(),
                        services.setup().hex(),
                        services.routes(),
                        minHops,
                        at(3),
                        apps,
                        at(1),
                        at(2),
                        work,
                        work);
    }

    /**
     * The reference starts an application by the name of its program, so there have to be such where all is in one. Each visor
     * has its own: a script that somebody is just starting cannot be written.
     */
    private Path apps() throws IOException {
        Path folder = Files.createDirectories(
                programs.dir().resolve("work").resolve(name).resolve("apps"));
        for (String app : List.of("skysocks", "skysocks-client")) {
            Path script = folder.resolve(app);
            Files.writeString(script, "#!/bin/sh\nexec '" + peer.skywire() + "' app " + app + " \"$@\"\n");
            script.toFile().setExecutable(true);
        }
        return folder;
    }

    private String cli(List<String> command, String... more) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(peer.skywire(), "cli"));
        all.addAll(command);
        all.addAll(List.of("--rpc", at(2).toString()));
        all.addAll(List.of(more));
        return programs.run(name + "-cli" + ++calls, LIMIT, all.toArray(String[]::new));
    }

    @Override
    public void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        programs.end(process);
    }

    @Override
    public void connect(Node to, String type) throws Exception {
        cli(peer.transports("add"), "-t", type, "-o", "20s", to.key().hex());
        // the command says nothing with its exit code
        if (transports().stream().noneMatch(skywire.entry.TransportId.of(key(), to.key(), type)::equals)) {
            throw new IOException(
                    "no such transport after it was added: " + programs.tail(name + "-cli" + (calls - 1)));
        }
    }

    /** Asks another for its health over dmsg, by a command. */
    void health(Node of) throws IOException, InterruptedException {
        Path file = programs.dir().resolve("health.json");
        String skywire = peer.skywire();
        String url = "dmsg://" + of.key().hex() + ":80/health";
        programs.run(
                "health", LIMIT, skywire, "dmsg", "curl", "-c", services.discovery(), "-r", "-o", file.toString(), url);
        if (!Files.readString(file).contains("build_info")) {
            throw new IOException(Files.readString(file));
        }
    }

    @Override
    public Set<UUID> transports() throws Exception {
        Set<UUID> ids = new LinkedHashSet<>();
        Matcher m = ID.matcher(cli(peer.transports("ls")));
        while (m.find()) {
            ids.add(UUID.fromString(m.group()));
        }
        return ids;
    }

    @Override
    public void disconnect() throws Exception {
        for (UUID id : transports()) {
            cli(peer.transports("rm"), "-i", id.toString());
        }
    }

    @Override
    public OptionalInt rules() throws Exception {
        if (peer.rules().isEmpty()) {
            return OptionalInt.empty();
        }
        String said = cli(peer.rules().get());
        return OptionalInt.of(
                (int) said.lines().filter(l -> l.matches(" *[0-9]+ .*")).count());
    }

    @Override
    public HostPort proxy(Node exit) throws Exception {
        cli(List.of("proxy", "start"), "-k", exit.key().hex(), "-a", at(1).toString(), "-t", "40");
        programs.awaitPort(name + "'s proxy", at(1), Duration.ofSeconds(20));
        return at(1);
    }

    @Override
    public void stopProxy() throws Exception {
        cli(List.of("proxy", "stop"), "--all");
    }

    @Override
    public void close() {
        if (process != null) {
            programs.end(process);
        }
    }
}
