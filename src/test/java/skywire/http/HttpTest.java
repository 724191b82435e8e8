package skywire.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import skywire.key.SecretKey;

class HttpTest {
    private static final String KEY =
            SecretKey.fromSeed(new byte[] {1}).publicKey().hex();

    @Test
    void urls() {
        assertUrl("http://a.example", false, "a.example:80", "a.example", "");
        assertUrl("http://a.example:90/base/", false, "a.example:90", "a.example:90", "/base");
        assertUrl("http://[::1]:90", false, "[::1]:90", "[::1]:90", "");
        assertUrl("http://[::1]", false, "[::1]:80", "[::1]", "");
        assertUrl("127.0.0.1:9090", false, "127.0.0.1:9090", "127.0.0.1:9090", "");
        assertUrl("dmsg://" + KEY + ":80", true, KEY + ":80", KEY + ":80", "");
        assertUrl("http://" + KEY, true, KEY + ":80", KEY, "");
        for (String bad : List.of(
                "",
                "http://",
                "https://a",
                "ftp://a",
                "dmsg://a:80",
                "http://a:70000",
                "http://a b",
                "http://u@h",
                "/p")) {
            assertThrows(IllegalArgumentException.class, () -> HttpUrl.parse(bad), bad);
        }
    }

    private static void assertUrl(String text, boolean isDmsg, String address, String authority, String path) {
        HttpUrl url = HttpUrl.parse(text);
        assertEquals(isDmsg, url.isDmsg());
        assertEquals(address, url.address().toString());
        assertEquals(authority, url.authority());
        assertEquals(path, url.path());
    }

    @Test
    void headersCannotBeSplit() {
        assertThrows(IllegalArgumentException.class, () -> Headers.NONE.with("A", "b\r\nC: d"));
        assertThrows(IllegalArgumentException.class, () -> Headers.NONE.with("A\n", "b"));
        assertEquals("b", Headers.NONE.with("Aa", "b").first("aA").orElseThrow());
        assertEquals(2, Headers.NONE.with("x", "1").with("X", "2").count("x"));
    }

    @Test
    void badEncodingIsNoParameter() {
        assertTrue(HttpRequest.get("/?a=%zz").parameter("a").isEmpty());
        assertEquals("/%zz", HttpRequest.get("/%zz?x").path());
        assertEquals("", HttpRequest.get("/?a").parameter("a").orElseThrow());
        assertTrue(HttpRequest.get("/").parameter("a").isEmpty());
    }

    @Test
    void secretsAreNotPrinted() {
        HttpRequest request =
                HttpRequest.json("POST", "/p?token=secret", "secret").with("A", "secret");
        assertFalse(request.toString().contains("secret"));
        assertFalse(HttpResponse.json(200, "secret").toString().contains("secret"));
    }

    @Test
    void otherSitesAreKeptOut() throws IOException {
        Handler guarded = OriginGuard.loopback(8000, r -> HttpResponse.empty(200));
        assertEquals(200, status(guarded, "localhost:8000", "", ""));
        assertEquals(200, status(guarded, "127.0.0.1:8000", "http://127.0.0.1:8000", "same-origin"));
        assertEquals(200, status(guarded, "[::1]:8000", "", "none"));
        assertEquals(403, status(guarded, "evil.example:8000", "", ""));
        assertEquals(403, status(guarded, "localhost", "", ""));
        assertEquals(403, status(guarded, "", "", ""));
        assertEquals(403, status(guarded, "localhost:8000", "http://evil.example", ""));
        assertEquals(403, status(guarded, "localhost:8000", "null", ""));
        assertEquals(403, status(guarded, "localhost:8000", "", "cross-site"));
    }

    private static int status(Handler handler, String host, String origin, String site) throws IOException {
        HttpRequest request = HttpRequest.get("/");
        request = host.isEmpty() ? request : request.with("Host", host);
        request = origin.isEmpty() ? request : request.with("Origin", origin);
        request = site.isEmpty() ? request : request.with("Sec-Fetch-Site", site);
        return handler.handle(request).status();
    }
}
