package skywire.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import skywire.entry.DmsgEntry;
import skywire.entry.ServerInfo;
import skywire.http.HttpClient;
import skywire.http.HttpUrl;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.testkit.FixedTime;
import skywire.testkit.InlinePlatform;
import skywire.testkit.ReplayLink;

/** What a client believes of a discovery (threats §3). */
class DirectoryTrustTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final SecretKey KEY = SecretKey.fromSeed(new byte[] {1});
    private static final PublicKey PUBLIC = KEY.publicKey();

    private final FixedTime clock = new FixedTime(NOW);
    private String said = ""; // what the discovery answers
    private String date = "";
    private HttpDmsgDirectory directory = at("http://dmsgd.example", false);

    private HttpDmsgDirectory at(String url, boolean local) {
        var http = new HttpClient(
                new InlinePlatform(),
                (to, deadline) -> new ReplayLink(said.getBytes(StandardCharsets.UTF_8), 1500),
                HttpUrl.parse(url));
        return new HttpDmsgDirectory(http, clock, local);
    }

    private void says(String body) {
        said = "HTTP/1.1 200 OK\r\n" + date + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private void clockOfTheDiscovery(Instant time) {
        date = "Date: " + DateTimeFormatter.RFC_1123_DATE_TIME.format(time.atOffset(ZoneOffset.UTC)) + "\r\n";
    }

    private static DmsgEntry signed(DmsgEntry content, long sequence, Instant at) {
        long nanos = at.getEpochSecond() * 1_000_000_000L + at.getNano();
        return content.with(sequence, nanos).sign(KEY);
    }

    private static DmsgEntry client(long sequence, Instant at) {
        return signed(DmsgEntry.client(PUBLIC, List.of(), "visor"), sequence, at);
    }

    private static DmsgEntry server(String address, Instant at) {
        return signed(DmsgEntry.server(PUBLIC, ServerInfo.of(address, 1, "")), 0, at);
    }

    private DmsgEntry ask(DmsgEntry answer) throws IOException {
        says(answer.json());
        return directory.entry(PUBLIC, Deadline.NEVER).orElseThrow();
    }

    private void assertRefused(DmsgEntry answer) {
        Failure e = assertThrows(Failure.class, () -> ask(answer));
        assertEquals(Failure.Kind.UNTRUSTED, e.kind(), e.getMessage());
    }

    private List<String> list(DmsgEntry... servers) throws IOException {
        says(Stream.of(servers).map(DmsgEntry::json).collect(Collectors.joining(",", "[", "]")));
        return directory.allServers(Deadline.NEVER).stream()
                .map(s -> s.server().orElseThrow().address())
                .toList();
    }

    @Test
    void aSignatureThatDoesNotVerifyIsCountedOnly() throws IOException {
        DmsgEntry rewritten = server("8.8.8.8:1", NOW).rewriteServerType("official");
        for (int i = 0; i < 3; i++) {
            assertEquals(List.of("8.8.8.8:1"), list(rewritten));
            assertEquals(rewritten, ask(rewritten));
        }
        assertEquals(new Doubts(1, 0, 0, 0, 0, 0), directory.doubts(), "once per statement");
    }

    @Test
    void anEntryWithoutSignatureIsNotUsed() throws IOException {
        DmsgEntry unsigned = server("8.8.8.8:1", NOW).with(1, 1_767_225_600_000_000_000L);
        assertRefused(unsigned);
        assertEquals(List.of(), list(unsigned));
        assertEquals(2, directory.doubts().unsigned());
    }

    @Test
    void neverGoesBack() throws IOException {
        DmsgEntry old = client(4, NOW.minusSeconds(60));
        ask(old);
        ask(client(5, NOW));
        assertRefused(old);
        assertRefused(client(9, NOW.minusSeconds(1)));
        assertRefused(client(4, NOW));
        assertEquals(3, directory.doubts().older());
        ask(client(5, NOW));
        says(old.json());
        assertEquals(old, directory.stored(PUBLIC, Deadline.NEVER).orElseThrow(), "whoever publishes has to follow it");
    }

    @Test
    void whoRegistersAnewBeginsWithSequenceZero() throws IOException {
        ask(client(7, NOW));
        ask(client(0, NOW.plusSeconds(1)));
        assertRefused(client(7, NOW));
    }

    @Test
    void aForgedStatementSetsNoMark() throws IOException {
        DmsgEntry forged = server("8.8.8.8:1", NOW.plusSeconds(200)).rewriteServerType("x");
        ask(forged);
        ask(client(0, NOW));
    }

    @Test
    void remembersSoManyKeysOnly() throws IOException {
        var trust = new EntryTrust(clock, false);
        trust.check(client(5, NOW), java.util.Optional.empty());
        for (int i = 0; i < EntryTrust.MOST; i++) {
            SecretKey key = SecretKey.fromSeed(new byte[] {2, (byte) i, (byte) (i >> 8)});
            // a wrong signature, as signing so many takes long
            DmsgEntry other = DmsgEntry.client(key.publicKey(), List.of(), "").with(0, 1_767_225_600_000_000_000L);
            String json = other.json().replaceFirst("}$", ",\"signature\":\"00\"}");
            trust.check(DmsgEntry.parse(json), java.util.Optional.empty());
        }
        trust.check(client(4, NOW.minusSeconds(60)), java.util.Optional.empty());
    }

    @Test
    void anEntryFromTheFutureIsRefused() throws IOException {
        ask(client(0, NOW.plus(Duration.ofMinutes(4))));
        assertRefused(client(1, NOW.plus(Duration.ofMinutes(6))));
        assertEquals(1, directory.doubts().future());
        clockOfTheDiscovery(NOW.plus(Duration.ofMinutes(10))); // ours may be the one that is late
        ask(client(1, NOW.plus(Duration.ofMinutes(6))));
    }

    @Test
    void aServerThatDoesNotRenewItsEntryHasGone() throws IOException {
        Instant old = NOW.minus(Duration.ofMinutes(8));
        assertEquals(List.of("8.8.8.8:1"), list(server("8.8.8.8:1", NOW.minus(Duration.ofMinutes(6)))));
        directory = at("http://dmsgd.example", false);
        assertEquals(List.of(), list(server("8.8.8.8:1", old)));
        assertEquals(1, directory.doubts().stale());
        clockOfTheDiscovery(NOW.minus(Duration.ofMinutes(5))); // ours may be the one that is early
        assertEquals(List.of("8.8.8.8:1"), list(server("8.8.8.8:1", old)));
        date = "";
        ask(client(1, NOW.minus(Duration.ofDays(30)).plus(Duration.ofDays(30)))); // clients say nothing for long
    }

    @Test
    void oneBadServerDoesNotHideTheGoodOnes() throws IOException {
        SecretKey other = SecretKey.fromSeed(new byte[] {9});
        DmsgEntry local = DmsgEntry.server(other.publicKey(), ServerInfo.of("10.0.0.1:1", 1, ""))
                .with(0, 1_767_225_600_000_000_000L)
                .sign(other);
        assertEquals(List.of("8.8.8.8:1"), list(local, server("8.8.8.8:1", NOW)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1:1", "127.1:1", "10.1.2.3:1", "172.16.0.1:1", "192.168.1.1:1", "169.254.169.254:80",
                "100.64.0.1:1", "0.0.0.0:1", "224.0.0.1:1", "2130706433:1", "0x7f000001:1", "localhost:1",
                "a.localhost:1", "[::1]:1", "[fe80::1]:1", "[fd00::1]:1", "[ff02::1]:1", "[::ffff:127.0.0.1]:1"
            })
    void aServerAtALocalAddressIsNotDialledForAStranger(String address) throws IOException {
        DmsgEntry server = server(address, NOW);
        assertEquals(List.of(), list(server));
        assertRefused(server);
        assertEquals(2, directory.doubts().local());
        directory = at("http://dmsgd.example", true); // the switch
        assertEquals(List.of(address), list(server));
        for (String url : List.of("http://127.0.0.1:9090", "http://192.168.0.9", "http://localhost:9090")) {
            directory = at(url, false);
            assertEquals(List.of(address), list(server), url);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"8.8.8.8:1", "100.128.0.1:1", "172.32.0.1:1", "[2a00::1]:1", "server.example:1"})
    void otherAddressesAreFine(String address) throws IOException {
        assertEquals(List.of(address), list(server(address, NOW)));
    }

    @Test
    void serversNamedBeforehandAreTheOfficialOnes() throws IOException {
        DmsgEntry named = DmsgEntry.server(PUBLIC, ServerInfo.of("8.8.8.8:1", 1, ""));
        DmsgEntry claims = server("8.8.4.4:1", NOW).rewriteServerType("official");
        SecretKey other = SecretKey.fromSeed(new byte[] {9});
        var plain = new FixedDirectory();
        plain.put(DmsgEntry.server(other.publicKey(), claims.server().orElseThrow()));
        var seeded = SeededDirectory.beside(clock, plain, List.of(named));
        for (DmsgEntry server : seeded.allServers(Deadline.NEVER)) {
            assertEquals(server.key().equals(PUBLIC), seeded.isOfficial(server), server::toString);
        }
        var unpinned = SeededDirectory.beside(clock, plain, List.of());
        assertTrue(unpinned.isOfficial(unpinned.allServers(Deadline.NEVER).getFirst()));
    }
}
