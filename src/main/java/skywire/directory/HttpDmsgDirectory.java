package skywire.directory;

import com.google.gson.JsonElement;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
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
 * and is believed as far as {@link EntryTrust} says. Servers at local addresses are used only if the discovery is at one
 * itself, or if that is allowed. Thread-safe.
 */
public final class HttpDmsgDirectory implements DmsgDirectory {
    private static final System.Logger LOG = System.getLogger(HttpDmsgDirectory.class.getName());
    private static final String BASE = "/dmsg-discovery";

    private final HttpClient http;
    private final EntryTrust trust;
    private final LogLimit complaints;

    /** A client of the discovery behind this HTTP client. */
    public HttpDmsgDirectory(HttpClient http, Clock clock) {
        this(http, clock, false);
    }

    /**
     * The same for networks that are not the Internet.
     *
     * @param localServers whether servers may be at local addresses in any case
     */
    public HttpDmsgDirectory(HttpClient http, Clock clock, boolean localServers) {
        boolean isLocal =
                !http.url().isDmsg() && LocalAddress.is(http.url().address().host());
        this.http = http;
        this.trust = new EntryTrust(clock, localServers || isLocal);
        this.complaints = new LogLimit(clock, LOG);
    }

    @Override
    public Doubts doubts() {
        return trust.doubts();
    }

    @Override
    public Optional<DmsgEntry> entry(PublicKey key, Deadline deadline) throws IOException {
        HttpResponse response = ask(key, deadline);
        Optional<DmsgEntry> entry = parse(response, key);
        if (entry.isPresent()) {
            trust.check(entry.get(), timeOf(response));
        }
        return entry;
    }

    @Override
    public Optional<DmsgEntry> stored(PublicKey key, Deadline deadline) throws IOException {
        return parse(ask(key, deadline), key);
    }

    /** The discovery's clock. */
    private static Optional<Instant> timeOf(HttpResponse response) {
        try {
            return response.headers()
                    .first("Date")
                    .map(date -> Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private HttpResponse ask(PublicKey key, Deadline deadline) throws IOException {
        HttpRequest request = HttpRequest.get(BASE + "/entry/" + key.hex());
        return http.send(request, HttpClient.SINGLE_BODY, deadline);
    }

    private Optional<DmsgEntry> parse(HttpResponse response, PublicKey key) throws IOException {
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
                addServer(servers, element, timeOf(response));
            }
        }
        return servers;
    }

    /** One bad entry does not hide the good ones. */
    private void addServer(List<DmsgEntry> servers, JsonElement element, Optional<Instant> theirs) {
        try {
            DmsgEntry entry = DmsgEntry.parse(Json.object(element, "server"));
            if (entry.server().isPresent() && !entry.key().isNull()) {
                trust.checkListed(entry, theirs);
                servers.add(entry);
            }
        } catch (Failure e) {
            complaints.log(System.Logger.Level.INFO, http.url() + ": left out a server: " + e.getMessage());
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
