package skywire.interop;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import skywire.app.socks.AddressRange;
import skywire.app.socks.SocksClientConfig;
import skywire.app.socks.SocksServerConfig;
import skywire.app.socks.TargetFilter;
import skywire.control.Progress;
import skywire.dmsg.DmsgAddress;
import skywire.http.HttpClient;
import skywire.http.HttpRequest;
import skywire.http.HttpResponse;
import skywire.http.HttpUrl;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.platform.Deadline;
import skywire.platform.HostPort;
import skywire.platform.Platform;
import skywire.transport.Transport;
import skywire.visor.Visor;
import skywire.visor.VisorConfig;

/** One of our visors, in this process, as assembled by the program. */
final class JavaNode implements Node {
    private static final Platform PLATFORM = Platform.system();

    private final String name;
    private final SecretKey key = SecretKey.generate(PLATFORM.random());
    private final Services services;
    private final int base;
    private final int minHops;
    private Visor visor;

    /** Ports from {@code base} on. */
    JavaNode(String name, Services services, int base, int minHops) {
        this.name = name;
        this.services = services;
        this.base = base;
        this.minHops = minHops;
    }

    private static Deadline soon() {
        return PLATFORM.clock().in(Duration.ofSeconds(40));
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
        return new HostPort("127.0.0.1", base);
    }

    @Override
    public void start(Iterable<Node> all) throws IOException {
        Map<PublicKey, HostPort> table = new LinkedHashMap<>();
        all.forEach(n -> table.put(n.key(), n.stcp()));
        var filter = new TargetFilter(List.of(AddressRange.parse("127.0.0.0/8")));
        visor = Visor.start(
                PLATFORM,
                new VisorConfig(
                        key,
                        HttpUrl.parse(services.discovery()),
                        1,
                        new VisorConfig.Stcp(table, Optional.of(stcp())),
                        HttpUrl.parse(services.transports()),
                        List.of(),
                        Optional.empty(),
                        new VisorConfig.Routing(
                                List.of(services.setup()),
                                Optional.of(HttpUrl.parse(services.routes())),
                                Duration.ofSeconds(10),
                                minHops,
                                1,
                                false,
                                Duration.ofSeconds(30)),
                        Optional.of(new SocksServerConfig(Optional.empty(), List.of(), true, filter))));
        visor.dmsg().awaitReady(soon());
    }

    /** In this process it can only be closed: it still tells its neighbours. */
    @Override
    public void kill() {
        visor.close();
    }

    @Override
    public void connect(Node to, String type) throws IOException {
        visor.connect(to.key(), Optional.of(type), soon());
    }

    /** The visor itself. */
    Visor visor() {
        return visor;
    }

    /** Asks another for its health over dmsg. */
    void health(Node of) throws IOException {
        var address = new DmsgAddress(of.key(), 80);
        var http = new HttpClient(
                PLATFORM,
                (to, deadline) -> visor.dmsg().dial(address, deadline),
                HttpUrl.parse("dmsg://" + of.key().hex()));
        HttpResponse answer = http.send(HttpRequest.get("/health"), HttpClient.SINGLE_BODY, soon());
        if (answer.status() != 200 || !answer.text().contains("build_info")) {
            throw new IOException(answer.status() + " " + answer.text());
        }
    }

    @Override
    public Set<UUID> transports() {
        return visor.transports().list().stream().map(Transport::id).collect(Collectors.toSet());
    }

    @Override
    public void disconnect() {
        transports().forEach(visor.transports()::remove);
    }

    @Override
    public OptionalInt rules() {
        return OptionalInt.of(visor.router().table().size());
    }

    @Override
    public HostPort proxy(Node exit) throws IOException {
        var at = new HostPort("127.0.0.1", base + 1);
        var config = new SocksClientConfig("socks", exit.key(), at, Optional.empty(), Optional.empty());
        visor.proxies().start(config, 0, Progress.NONE, soon());
        return at;
    }

    @Override
    public void stopProxy() {
        visor.proxies().stop("socks");
    }

    @Override
    public void close() {
        if (visor != null) {
            visor.close();
        }
    }
}
