package skywire.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import skywire.directory.FixedDirectory;
import skywire.directory.HttpDmsgDirectory;
import skywire.directory.HttpRouteFinder;
import skywire.directory.HttpTransportDirectory;
import skywire.directory.Path;
import skywire.dmsg.DmsgAddress;
import skywire.dmsg.DmsgClient;
import skywire.dmsg.DmsgConfig;
import skywire.dmsg.server.DmsgServer;
import skywire.dmsg.server.DmsgServerConfig;
import skywire.entry.SignedTransportEntry;
import skywire.entry.TransportEntry;
import skywire.http.Dialer;
import skywire.http.HttpClient;
import skywire.http.HttpUrl;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.packet.PathEnds;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.HostPort;
import skywire.platform.Platform;
import skywire.service.discovery.DmsgDiscovery;
import skywire.service.routes.RouteFinderService;
import skywire.service.transports.TransportDiscovery;
import skywire.testkit.World;

/** Our clients against our services. */
class DirectoriesTest {
    private static final SecretKey A = SecretKey.fromSeed("a".getBytes(StandardCharsets.UTF_8));
    private static final SecretKey B = SecretKey.fromSeed("b".getBytes(StandardCharsets.UTF_8));
    private static final SecretKey C = SecretKey.fromSeed("c".getBytes(StandardCharsets.UTF_8));
    private static final HostPort ANY = new HostPort("127.0.0.1", 0);

    private static HttpClient http(Platform platform, HostPort address) {
        return new HttpClient(platform, Dialer.tcp(platform.network()), HttpUrl.parse("http://" + address));
    }

    private static SignedTransportEntry transport(SecretKey one, SecretKey other) {
        TransportEntry entry = TransportEntry.of(one.publicKey(), other.publicKey(), "stcp", TransportEntry.USER);
        return SignedTransportEntry.of(entry).sign(one).sign(other);
    }

    @ParameterizedTest
    @EnumSource
    void visorsRegisterAndFindTheirWay(World world) throws Exception {
        world.play(platform -> {
            try (TransportDiscovery transports = TransportDiscovery.start(platform, TransportDiscovery.Config.at(ANY));
                    RouteFinderService finder = RouteFinderService.start(
                            platform,
                            RouteFinderService.Config.at(ANY).withFresh(Duration.ZERO),
                            new HttpTransportDirectory(platform, http(platform, transports.address()), C)::all)) {
                Deadline soon = platform.clock().in(Duration.ofSeconds(20));
                var ofB = new HttpTransportDirectory(platform, http(platform, transports.address()), B);
                var finding = new HttpRouteFinder(platform, http(platform, finder.address()));
                var ends = new PathEnds(A.publicKey(), C.publicKey());
                Failure none = assertThrows(Failure.class, () -> finding.find(ends, 0, 5, soon));
                assertEquals(Failure.Kind.NOT_FOUND, none.kind());

                ofB.register(List.of(transport(A, B), transport(B, C)), soon);
                ofB.register(List.of(transport(A, B), transport(B, C)), soon);
                assertEquals(2, ofB.byEdge(B.publicKey(), soon).size());
                assertEquals(2, ofB.all(soon).size());
                Path path = finding.find(ends, 0, 5, soon).getFirst();
                assertEquals(2, path.length());

                ofB.delete(path.hops().getFirst().transport(), soon);
                assertEquals(Optional.empty(), ofB.byId(path.hops().getFirst().transport(), soon));
                assertThrows(Failure.class, () -> finding.find(ends, 0, 5, soon));
                assertEquals(1, transports.size());
                assertTrue(finder.trouble().isEmpty());
            }
        });
    }

    /** The services are reached by their keys as well, on every dmsg server the discovery knows. */
    @ParameterizedTest
    @EnumSource
    void theyAnswerOverDmsg(World world) throws Exception {
        world.play(platform -> {
            SecretKey[] keys = new SecretKey[5];
            for (int i = 0; i < keys.length; i++) {
                keys[i] = SecretKey.generate(platform.random());
            }
            try (DmsgDiscovery discovery = DmsgDiscovery.start(
                            platform, DmsgDiscovery.Config.at(ANY).forTests());
                    TransportDiscovery transports =
                            TransportDiscovery.start(platform, TransportDiscovery.Config.at(ANY));
                    RouteFinderService finder =
                            RouteFinderService.start(platform, RouteFinderService.Config.at(ANY), transports::all)) {
                var directory = new HttpDmsgDirectory(http(platform, discovery.address()), platform.clock());
                try (DmsgServer server = DmsgServer.start(platform, DmsgServerConfig.of(keys[0], ANY, ""), directory)) {
                    discovery.serveDmsg(keys[1], List.of());
                    transports.serveDmsg(keys[2], directory);
                    finder.serveDmsg(keys[3], directory);
                    Deadline soon = platform.clock().in(Duration.ofSeconds(25));
                    while (discovery.dmsgSessions() + transports.dmsgSessions() + finder.dmsgSessions() < 3) {
                        soon.check("sessions");
                        platform.clock().sleep(Duration.ofMillis(20));
                    }
                    var known = new FixedDirectory();
                    known.addServer(server.key(), server.address().toString());
                    for (int i = 1; i < 4; i++) {
                        known.addClient(keys[i].publicKey());
                    }
                    try (DmsgClient client =
                            DmsgClient.start(platform, DmsgConfig.of(keys[4]).unpublished(), known)) {
                        asksOverDmsg(platform, client, keys, soon);
                    }
                }
            }
        });
    }

    private static void asksOverDmsg(Platform platform, DmsgClient client, SecretKey[] keys, Deadline soon)
            throws Exception {
        Dialer dialer = (to, deadline) -> client.dial(new DmsgAddress(PublicKey.parse(to.host()), to.port()), deadline);
        HttpClient[] services = new HttpClient[4];
        for (int i = 1; i < 4; i++) {
            HttpUrl url = HttpUrl.parse("dmsg://" + keys[i].publicKey().hex() + ":80");
            services[i] = new HttpClient(platform, dialer, url);
        }
        client.awaitReady(soon);
        var entries = new HttpDmsgDirectory(services[1], platform.clock(), true); // servers on loopback
        assertEquals(keys[0].publicKey(), entries.allServers(soon).getFirst().key());
        new HttpTransportDirectory(platform, services[2], B).register(List.of(transport(A, B), transport(B, C)), soon);
        var ends = new PathEnds(A.publicKey(), C.publicKey());
        Path path = new HttpRouteFinder(platform, services[3])
                .find(ends, 0, 5, soon)
                .getFirst();
        assertEquals(2, path.length());
    }
}
