package skywire.directory;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import skywire.entry.HttpAuth;
import skywire.http.HttpClient;
import skywire.http.HttpRequest;
import skywire.http.HttpResponse;
import skywire.json.Json;
import skywire.key.SecretKey;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Platform;

/**
 * Sends requests that show who sends them (transport §10). The service counts the requests of a key, so they go one
 * after another: there should be one of these per key and service. Thread-safe.
 */
public final class AuthClient {
    private static final String MISMATCH = "SW-Nonce does not match";

    private final Platform platform;
    private final HttpClient http;
    private final SecretKey secret;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition free = lock.newCondition();
    private boolean busy; // guarded by lock; one request at a time
    private long nonce; // whoever made it busy
    private boolean knowsNonce; // whoever made it busy

    /** A client for requests of this key; nothing is sent yet. */
    public AuthClient(Platform platform, HttpClient http, SecretKey secret) {
        this.platform = platform;
        this.http = http;
        this.secret = secret;
    }

    /** Sends a signed request; asks for the number to sign when it is not known or wrong. */
    public HttpResponse send(HttpRequest request, int maxBody, Deadline deadline) throws IOException {
        begin(deadline);
        try {
            if (!knowsNonce) {
                fetchNonce(deadline);
            }
            HttpResponse response = sendSigned(request, maxBody, deadline);
            if (response.status() == 401 && ServiceAnswer.message(response).equals(MISMATCH)) {
                fetchNonce(deadline);
                response = sendSigned(request, maxBody, deadline);
            }
            return response;
        } finally {
            end();
        }
    }

    private HttpResponse sendSigned(HttpRequest request, int maxBody, Deadline deadline) throws IOException {
        HttpAuth auth = HttpAuth.sign(secret, nonce, request.body());
        HttpRequest signed = request.with(HttpAuth.KEY_HEADER, auth.key().hex())
                .with(HttpAuth.NONCE_HEADER, auth.nonceText())
                .with(HttpAuth.SIGNATURE_HEADER, auth.signature().hex());
        try {
            HttpResponse response = http.send(signed, maxBody, deadline);
            if (response.status() == 200) {
                nonce++;
            }
            return response;
        } catch (IOException e) {
            knowsNonce = false; // the service may have counted it
            throw e;
        }
    }

    private void fetchNonce(Deadline deadline) throws IOException {
        String target = "/security/nonces/" + secret.publicKey().hex();
        HttpResponse response = http.send(HttpRequest.get(target), HttpClient.SINGLE_BODY, deadline);
        if (response.status() != 200) {
            throw ServiceAnswer.refusal(response);
        }
        JsonObject json = Json.object(response.body());
        nonce = Json.unsigned(json, "next_nonce");
        knowsNonce = true;
    }

    private void begin(Deadline deadline) throws Failure {
        lock.lock();
        try {
            while (busy) {
                if (!platform.clock().await(lock, free, deadline) && busy) {
                    throw Failure.timeout("waiting for an earlier request to " + http.url());
                }
            }
            busy = true;
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        lock.lock();
        try {
            busy = false;
            free.signal();
        } finally {
            lock.unlock();
        }
    }
}
