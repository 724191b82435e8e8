package skywire.directory;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import skywire.entry.SignedTransportEntry;
import skywire.entry.TransportEntry;
import skywire.http.HttpClient;
import skywire.http.HttpRequest;
import skywire.http.HttpResponse;
import skywire.json.Json;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Platform;

/**
 * A transport discovery over HTTP (transport §11). Entries whose id does not fit their edges and type are left out: a
 * discovery proposes, it does not prove. Thread-safe.
 */
public final class HttpTransportDirectory implements TransportDirectory {
    private static final int CONFLICT = 409;

    private final HttpClient http;
    private final AuthClient auth;

    /** A client of the discovery behind this HTTP client, for requests of this key. */
    public HttpTransportDirectory(Platform platform, HttpClient http, SecretKey secret) {
        this.http = http;
        this.auth = new AuthClient(platform, http, secret);
    }

    @Override
    public void register(List<SignedTransportEntry> entries, Deadline deadline) throws IOException {
        if (entries.isEmpty()) {
            return;
        }
        String body = entries.stream().map(SignedTransportEntry::json).collect(Collectors.joining(",", "[", "]\n"));
        HttpResponse response =
                auth.send(HttpRequest.json("POST", "/transports/", body), HttpClient.LIST_BODY, deadline);
        if (response.status() != 200 && response.status() != 201 && response.status() != CONFLICT) {
            throw ServiceAnswer.refusal(response);
        }
    }

    @Override
    public void delete(UUID id, Deadline deadline) throws IOException {
        HttpResponse response =
                auth.send(HttpRequest.of("DELETE", "/transports/id:" + id), HttpClient.SINGLE_BODY, deadline);
        if (response.status() != 200 && response.status() != 404) {
            throw ServiceAnswer.refusal(response);
        }
    }

    @Override
    public Optional<TransportEntry> byId(UUID id, Deadline deadline) throws IOException {
        HttpResponse response = auth.send(HttpRequest.get("/transports/id:" + id), HttpClient.SINGLE_BODY, deadline);
        if (response.status() == 404) {
            return Optional.empty();
        }
        checkOk(response);
        TransportEntry entry = TransportEntry.parse(Json.object(response.body()));
        if (!entry.id().equals(id) || !entry.isConsistent()) {
            throw Failure.untrusted("transport discovery answered with a false entry");
        }
        return Optional.of(entry);
    }

    @Override
    public List<TransportEntry> byEdge(PublicKey edge, Deadline deadline) throws IOException {
        HttpRequest request = HttpRequest.get("/transports/edge:" + edge.hex());
        HttpResponse response = auth.send(request, HttpClient.LIST_BODY, deadline);
        if (response.status() == 404) {
            return List.of();
        }
        return consistent(response).stream().filter(e -> e.hasEdge(edge)).toList();
    }

    @Override
    public List<TransportEntry> all(Deadline deadline) throws IOException {
        HttpResponse response = http.send(HttpRequest.get("/all-transports"), HttpClient.LIST_BODY, deadline);
        if (response.status() == 404) {
            return List.of();
        }
        return consistent(response);
    }

    private static List<TransportEntry> consistent(HttpResponse response) throws IOException {
        checkOk(response);
        return ServiceAnswer.list(response, TransportEntry::parse).stream()
                .filter(TransportEntry::isConsistent)
                .toList();
    }

    private static void checkOk(HttpResponse response) throws Failure {
        if (response.status() != 200) {
            throw ServiceAnswer.refusal(response);
        }
    }
}
