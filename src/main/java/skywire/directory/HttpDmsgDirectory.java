package skywire.directory;

import com.google.gson.JsonElement;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import skywire.bytes.MalformedException;
import skywire.entry.DmsgEntry;
import skywire.http.HttpClient;
import skywire.http.HttpRequest;
import skywire.http.HttpResponse;
import skywire.json.Json;
import skywire.key.PublicKey;
import skywire.limit.LogLimit;
import skywire.platform.Clock;
import skywire.platform.Deadline;
import skywire.platform.Failure;

/**
 * A dmsg discovery over HTTP (discovery §2, §5). Answers are bounded; an entry must be of the key that was asked for,
 * but a signature that does not verify is no reason to refuse it, since discoveries rewrite the server type.
 * Thread-safe.
 */
public final class HttpDmsgDirectory implements DmsgDirectory {
    private static final System.Logger LOG = System.getLogger(HttpDmsgDirectory.class.getName());
    private static final String BASE = "/dmsg-discovery";

    private final HttpClient http;
    private final LogLimit complaints;

    /** A client of the discovery behind this HTTP client. */
    public HttpDmsgDirectory(HttpClient http, Clock clock) {
        this.http = http;
        this.complaints = new LogLimit(clock, LOG);
    }

    @Override
    public Optional<DmsgEntry> entry(PublicKey key, Deadline deadline) throws IOException {
        HttpRequest request = HttpRequest.get(BASE + "/entry/" + key.hex());
        HttpResponse response = http.send(request, HttpClient.SINGLE_BODY, deadline);
        if (saysNone(response)) {
            return Optional.empty();
        }
        checkOk(response);
        DmsgEntry entry = DmsgEntry.parse(Json.object(response.body()));
        if (!entry.key().equals(key)) {
            throw Failure.untrusted("discovery answered with the entry of another key");
        }
        return Optional.of(entry);
    }

    @Override
    public void publish(DmsgEntry entry, Deadline deadline) throws IOException {
        checkOk(http.send(HttpRequest.json("POST", BASE + "/entry/", entry.json()), HttpClient.SINGLE_BODY, deadline));
    }

    @Override
    public void delete(DmsgEntry entry, Deadline deadline) throws IOException {
        HttpRequest request = HttpRequest.json("DELETE", BASE + "/entry", entry.json());
        HttpResponse response = http.send(request, HttpClient.SINGLE_BODY, deadline);
        if (response.status() != 404) {
            checkOk(response);
        }
    }

    @Override
    public List<DmsgEntry> availableServers(Deadline deadline) throws IOException {
        return servers("/available_servers", deadline);
    }

    @Override
    public List<DmsgEntry> allServers(Deadline deadline) throws IOException {
        return servers("/all_servers", deadline);
    }

    private List<DmsgEntry> servers(String path, Deadline deadline) throws IOException {
        HttpResponse response = http.send(HttpRequest.get(BASE + path), HttpClient.LIST_BODY, deadline);
        if (saysNone(response)) {
            return List.of();
        }
        checkOk(response);
        JsonElement json = Json.parse(response.body());
        List<DmsgEntry> servers = new ArrayList<>();
        if (!json.isJsonNull()) {
            for (JsonElement element : Json.array(json, "server list")) {
                addServer(servers, element);
            }
        }
        return servers;
    }

    /** One bad entry does not hide the good ones. */
    private void addServer(List<DmsgEntry> servers, JsonElement element) {
        try {
            DmsgEntry entry = DmsgEntry.parse(Json.object(element, "server"));
            if (entry.server().isPresent() && !entry.key().isNull()) {
                servers.add(entry);
            }
        } catch (MalformedException e) {
            complaints.log(System.Logger.Level.WARNING, http.url() + ": left out a server: " + e.getMessage());
        }
    }

    /** Whether the discovery says that there is nothing; a page that is not found says only that this is none. */
    private static boolean saysNone(HttpResponse response) throws Failure {
        if (response.status() != 404) {
            return false;
        }
        if (!ServiceAnswer.isOwn(response)) {
            throw Failure.malformed("answer 404 that is not of a discovery: " + ServiceAnswer.message(response));
        }
        return true;
    }

    private static void checkOk(HttpResponse response) throws Failure {
        if (response.status() != 200) {
            throw ServiceAnswer.refusal(response);
        }
    }
}
