package skywire.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import skywire.deployment.LocalMember;
import skywire.directory.HttpDmsgDirectory;
import skywire.entry.DmsgEntry;
import skywire.entry.ServerInfo;
import skywire.http.Dialer;
import skywire.http.HttpClient;
import skywire.http.HttpUrl;
import skywire.key.SecretKey;
import skywire.platform.HostPort;
import skywire.platform.Listener;
import skywire.platform.Platform;
import skywire.testkit.Await;

/** A local network is the built-in deployment: its keys always, its ports where they are free. */
@Timeout(120)
class LocalDeploymentIT {
    private static final Platform PLATFORM = Platform.system();
    private static final HostPort ANY = new HostPort("127.0.0.1", 0);

    private static LocalSettings settings(int port) {
        return new LocalSettings(
                3, 2, port, ANY, Optional.of(ANY), name -> SecretKey.fromSeed((port + name).getBytes()));
    }

    /** A port that is free, with those that go with it. */
    private static int port() throws IOException {
        for (int port = 21_000; ; port += 10) {
            int first = port;
            try (Listener discovery = PLATFORM.network().listen(new HostPort("127.0.0.1", first));
                    Listener last = PLATFORM.network().listen(new HostPort("127.0.0.1", first + 5));
                    Listener server = PLATFORM.network().listen(LocalMember.SERVER_2.address(first))) {
                List.of(last, server).forEach(free -> assertTrue(free.local().port() > first));
                return discovery.local().port();
            } catch (IOException taken) {
                assertTrue(first < 30_000, "no free port");
            }
        }
    }

    private static Map<String, String> servers(LocalNetwork network) throws IOException {
        var http = new HttpClient(
                PLATFORM, Dialer.tcp(PLATFORM.network()), HttpUrl.parse("http://" + network.discovery()));
        Map<String, String> servers = new HashMap<>();
        for (DmsgEntry entry : new HttpDmsgDirectory(http, PLATFORM.clock())
                .allServers(Platform.system().clock().in(HttpClient.LIMIT))) {
            servers.put(
                    entry.key().hex(), entry.server().map(ServerInfo::address).orElse(""));
        }
        return servers;
    }

    @Test
    void twoAtTheSameTimeAndATakenPortIsToldAndAvoided() throws Exception {
        int port = port();
        Map<String, String> stages = new HashMap<>();
        int taken = LocalMember.SERVER_2.address(port).port();
        try (Listener somebody = PLATFORM.network().listen(LocalMember.SERVER_2.address(port));
                LocalNetwork first = LocalNetwork.start(PLATFORM, settings(port), stages::put);
                LocalNetwork second = LocalNetwork.start(PLATFORM, settings(port + 3), (stage, text) -> {})) {
            assertEquals(taken, somebody.local().port());
            assertEquals(LocalMember.DISCOVERY.address(port), first.discovery());
            assertEquals(LocalMember.TRANSPORTS.address(port), first.transportDiscovery());
            assertEquals(LocalMember.ROUTES.address(port), first.routeFinder());
            String other = servers(first).get(LocalMember.SERVER_2.publicHex());
            assertEquals(
                    LocalMember.SERVER_1.address(port) + ", " + other + " (" + taken + " is taken)",
                    stages.get("dmsg servers"));
            assertEquals(
                    Map.of(
                            LocalMember.SERVER_1.publicHex(),
                            LocalMember.SERVER_1.address(port).toString(),
                            LocalMember.SERVER_2.publicHex(),
                            other),
                    servers(first));
            assertEquals(LocalMember.DISCOVERY.address(port + 3), second.discovery());
            assertEquals(
                    List.of(LocalMember.SETUP_NODE.publicHex().substring(0, 8)), List.of(stages.get("setup node")));
            Await.until(
                    "a proxy", () -> first.path().isPresent() && second.path().isPresent());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 65_534, 70_000})
    void aPortThatLeavesNoRoomIsRefused(int port) {
        var told = assertThrows(IllegalArgumentException.class, () -> settings(port));
        assertEquals("the port must be 0 to 65533, not " + port, told.getMessage());
    }

    @Test
    void aServerThatWouldBeTooHighTakesAnyPort() {
        assertEquals(0, LocalMember.SERVER_1.address(65_000).port());
        assertEquals(65_002, LocalMember.ROUTES.address(65_000).port());
    }
}
