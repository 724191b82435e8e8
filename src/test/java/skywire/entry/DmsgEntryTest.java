package skywire.entry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import skywire.bytes.MalformedException;
import skywire.json.Json;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.platform.Failure;

class DmsgEntryTest {
    private static final SecretKey SECRET = SecretKey.fromSeed(new byte[] {1});
    private static final PublicKey KEY = SECRET.publicKey();
    private static final PublicKey OTHER = SecretKey.fromSeed(new byte[] {2}).publicKey();

    private static DmsgEntry client() {
        return DmsgEntry.client(KEY, List.of(OTHER), DmsgEntry.VISOR)
                .with(3, 1000)
                .sign(SECRET);
    }

    @Test
    void unknownFieldOutsideTheSignatureIsDropped() throws Exception {
        var json = Json.object(client().json());
        json.addProperty("extra", 1);
        DmsgEntry verified = DmsgEntry.parse(json).verified();
        assertEquals(client().json(), verified.json());
    }

    @Test
    void unknownFieldUnderTheSignatureIsKept() throws Exception {
        String unsigned = "{\"version\":\"0.0.1\",\"sequence\":1,\"timestamp\":5,\"static\":\"" + KEY
                + "\",\"server\":{\"address\":\"h:1\",\"availableSessions\":2,\"address_wt\":\"x\"},\"new\":[1,2.50,null]}";
        String signature = SECRET.sign(unsigned.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .hex();
        String signed = unsigned.replace("\"new\"", "\"signature\":\"" + signature + "\",\"new\"");
        DmsgEntry verified = DmsgEntry.parse(signed).verified();
        assertEquals(signed, verified.json());
        DmsgEntry rewritten = verified.rewriteServerType("community");
        assertTrue(rewritten.json().contains("\"address_wt\":\"x\",\"serverType\":\"community\"}"));
        assertTrue(rewritten.json().contains("\"new\":[1,2.50,null]"));
        assertEquals("community", rewritten.server().orElseThrow().serverType());
        assertThrows(Failure.class, rewritten::verified);
    }

    @Test
    void everyFieldIsCoveredByTheSignature() throws Exception {
        var server = new ServerInfo("a:1", "b:2", "c:3", "d:4", "ws://e", 7, "official", true);
        DmsgEntry entry = DmsgEntry.server(KEY, server).with(-1, Long.MAX_VALUE).sign(SECRET);
        assertTrue(entry.json().contains("\"sequence\":18446744073709551615,"));
        assertEquals(entry, DmsgEntry.parse(entry.json()).verified());
        for (String part : List.of("a:1", "b:2", "c:3", "d:4", "ws://e", ":7,", "official", "true", "0.0.1")) {
            String changed =
                    entry.json().replace(part, part.equals("true") ? "false" : part.replaceFirst("[a-z0-9]", "9"));
            assertThrows(Failure.class, () -> DmsgEntry.parse(changed).verified(), part);
        }
    }

    @Test
    void aChangedEntryHasNoSignature() {
        assertTrue(client().with(4, 5).signature().isEmpty());
        assertTrue(client().withDelegatedServers(List.of()).signature().isEmpty());
        assertTrue(client().withServer(ServerInfo.of("h:1", 1, "")).signature().isEmpty());
        assertEquals(client(), client().rewriteServerType("official"));
    }

    @Test
    void signingWithAnotherKeyIsABug() {
        DmsgEntry other = DmsgEntry.client(OTHER, List.of(), "");
        assertThrows(IllegalArgumentException.class, () -> other.sign(SECRET));
    }

    @Test
    void malformedEntriesAreRefused() {
        for (String bad : List.of(
                "",
                "[]",
                "null",
                "{",
                "{\"sequence\":-1}",
                "{\"sequence\":1.5}",
                "{\"sequence\":18446744073709551616}",
                "{\"timestamp\":\"1\"}",
                "{\"timestamp\":1e30}",
                "{\"static\":\"zz\"}",
                "{\"static\":\"" + KEY.hex().substring(2) + "\"}",
                "{\"client\":[]}",
                "{\"client\":{\"delegated_servers\":[1]}}",
                "{\"server\":{\"address\":1}}",
                "{\"server\":{\"dht_bootstrap\":1}}",
                "{} {}",
                "[".repeat(1000))) {
            assertThrows(MalformedException.class, () -> DmsgEntry.parse(bad), bad);
        }
    }

    @Test
    void nullAndMissingPartsAreTold() throws Exception {
        DmsgEntry empty = DmsgEntry.parse("{\"client\":null,\"server\":null,\"static\":null}");
        assertFalse(empty.isClient());
        assertTrue(empty.server().isEmpty());
        assertTrue(empty.key().isNull());
        assertTrue(DmsgEntry.parse("{\"client\":{}}").json().contains("\"client\":{\"delegated_servers\":null}"));
    }

    @Test
    void rulesAreCheckedInTheirOrder() throws Exception {
        long now = 100_000_000_000L;
        assertRule("entry has no version", DmsgEntry.parse("{}"), now);
        assertRule("entry has no signature", DmsgEntry.client(KEY, List.of(), ""), now);
        assertRule("entry Keys is nil", DmsgEntry.parse("{\"version\":\"1\",\"signature\":\"00\"}"), now);
        String neither = "{\"version\":\"1\",\"signature\":\"00\",\"static\":\"" + KEY + "\"}";
        assertRule("entry has neither client or server field", DmsgEntry.parse(neither), now);
        assertRule("server address cannot be empty", server("", now), now);
        assertRule("advertised entry has outdated timestamp", server("h:1", now - 60_000_000_001L), now);
        assertRule("advertised entry has outdated timestamp", server("h:1", now + 5_000_000_001L), now);
        assertTrue(
                EntryRules.brokenBy(server("h:1", now - 60_000_000_000L), now).isEmpty());
        assertTrue(EntryRules.brokenBy(server("h:1", now + 5_000_000_000L), now).isEmpty());
        assertTrue(EntryRules.brokenBy(client(), now).isEmpty());
    }

    private static DmsgEntry server(String address, long timestamp) {
        return DmsgEntry.server(KEY, ServerInfo.of(address, 1, ""))
                .with(0, timestamp)
                .sign(SECRET);
    }

    private static void assertRule(String text, DmsgEntry entry, long now) {
        assertEquals(text, EntryRules.brokenBy(entry, now).orElse("none"));
    }

    @Test
    void theNextEntryMustBeLater() {
        DmsgEntry stored = client();
        assertTrue(EntryRules.brokenBy(stored.with(4, 1000), stored).isEmpty());
        assertTrue(EntryRules.brokenBy(stored.with(-1, 1000), stored).isEmpty());
        assertEquals(
                "sequence field of new entry is not sequence of old entry + 1",
                EntryRules.brokenBy(stored.with(3, 2000), stored).orElseThrow());
        assertEquals(
                "advertised entry timestamp is not greater than previous",
                EntryRules.brokenBy(stored.with(4, 999), stored).orElseThrow());
    }
}
