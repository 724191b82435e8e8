package skywire.service;

import java.io.IOException;
import java.util.Optional;
import skywire.bytes.MalformedException;
import skywire.entry.HttpAuth;
import skywire.http.HttpRequest;
import skywire.http.HttpResponse;
import skywire.http.Routes;
import skywire.json.Json;
import skywire.key.PublicKey;
import skywire.key.Signature;
import skywire.platform.Failure;
import skywire.platform.Platform;

/**
 * Requests that show who sends them (transport §10): each is signed over its body and a number that counts the sender's
 * requests. Method and path are not signed, so a number must not be good twice, also not after a restart: numbers of
 * keys we do not remember start at the time of our start in milliseconds. Thread-safe.
 */
public final class SignedRequests {
    private static final String MISMATCH = "SW-Nonce does not match";

    private final Nonces nonces;

    private SignedRequests(Nonces nonces) {
        this.nonces = nonces;
    }

    /** Answers a request whose sender is known. */
    @FunctionalInterface
    public interface Handler {
        /** The answer to a request of this key; only status 200 makes its number void. */
        HttpResponse handle(HttpRequest request, PublicKey sender) throws IOException;
    }

    /** For requests that arrive from now on. */
    public static SignedRequests start(Platform platform) {
        return new SignedRequests(new Nonces(platform.clock(), platform.clock().unixMillis(), Nonces.MOST_KEYS));
    }

    /** Adds the path at which clients ask for their next number. */
    public void addTo(Routes routes) {
        routes.addTail("GET", "/security/nonces/", (request, hex) -> next(hex));
    }

    private HttpResponse next(String hex) {
        Optional<PublicKey> key = key(hex);
        if (key.isEmpty()) {
            return refusal(400, "Invalid public key");
        }
        String number = Long.toUnsignedString(nonces.next(key.get()));
        return HttpResponse.json(200, "{\"edge\":\"" + key.get().hex() + "\",\"next_nonce\":" + number + "}\n");
    }

    /** The answer of the handler if the request is signed as it must be, else a refusal. */
    public HttpResponse handle(HttpRequest request, Handler handler) throws IOException {
        String number = request.header(HttpAuth.NONCE_HEADER).orElse("");
        String missing = missing(request);
        if (!missing.isEmpty()) {
            return refusal(401, missing + " missing");
        }
        Optional<PublicKey> key = key(request.header(HttpAuth.KEY_HEADER).orElse(""));
        if (key.isEmpty()) {
            return refusal(401, "error parsing " + HttpAuth.KEY_HEADER);
        }
        if (!number.matches("[0-9]{1,20}")) {
            return refusal(401, "error parsing " + HttpAuth.NONCE_HEADER);
        }
        Optional<HttpResponse> refusal = check(request, key.get(), number);
        return refusal.isPresent() ? refusal.get() : inTurn(request, key.get(), number, handler);
    }

    /** Only who has shown that the key is his waits for a turn, and keeps others of that key waiting. */
    private HttpResponse inTurn(HttpRequest request, PublicKey key, String number, Handler handler) throws IOException {
        try {
            nonces.begin(key);
        } catch (Failure e) {
            return refusal(503, Failure.text(e));
        }
        boolean used = false;
        try {
            if (!isNext(key, number)) {
                return refusal(401, MISMATCH); // used up meanwhile
            }
            HttpResponse answer = handler.handle(request, key);
            used = answer.status() == 200;
            return answer;
        } finally {
            nonces.end(key, used);
        }
    }

    private boolean isNext(PublicKey key, String number) {
        return Long.toUnsignedString(nonces.next(key)).equals(number);
    }

    private static String missing(HttpRequest request) {
        for (String name : new String[] {HttpAuth.KEY_HEADER, HttpAuth.SIGNATURE_HEADER, HttpAuth.NONCE_HEADER}) {
            if (request.header(name).orElse("").isEmpty()) {
                return name;
            }
        }
        return "";
    }

    /** The number first: it costs nothing, a signature does. */
    private Optional<HttpResponse> check(HttpRequest request, PublicKey key, String number) {
        if (!isNext(key, number)) {
            return Optional.of(refusal(401, MISMATCH));
        }
        Signature signature;
        try {
            signature =
                    Signature.parse(request.header(HttpAuth.SIGNATURE_HEADER).orElse(""));
        } catch (MalformedException e) {
            return Optional.of(refusal(401, "error parsing " + HttpAuth.SIGNATURE_HEADER));
        }
        return new HttpAuth(key, Long.parseUnsignedLong(number), signature).verifies(request.body())
                ? Optional.empty()
                : Optional.of(refusal(401, "Recovered pubkey does not match pubkey"));
    }

    private static Optional<PublicKey> key(String hex) {
        try {
            return Optional.of(PublicKey.parse(hex)).filter(key -> !key.isNull());
        } catch (MalformedException e) {
            return Optional.empty();
        }
    }

    /** The form of refusals all signed services share. */
    private static HttpResponse refusal(int status, String text) {
        return HttpResponse.json(
                status, "{\"error\":{\"message\":" + Json.quote(text) + ",\"code\":" + status + "}}\n");
    }
}
