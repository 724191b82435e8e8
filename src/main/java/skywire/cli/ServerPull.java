package skywire.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import skywire.bytes.MalformedException;
import skywire.control.ControlException;
import skywire.deployment.Deployment;
import skywire.deployment.Servers;
import skywire.directory.FixedDirectory;
import skywire.dmsg.DmsgAddress;
import skywire.dmsg.DmsgClient;
import skywire.dmsg.DmsgConfig;
import skywire.entry.DmsgEntry;
import skywire.http.HttpClient;
import skywire.http.HttpRequest;
import skywire.http.HttpResponse;
import skywire.http.HttpUrl;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.limit.LogLimit;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Mailbox;
import skywire.platform.Platform;
import skywire.platform.Scope;

/**
 * The list of servers as a discovery has it, asked for over dmsg and nothing else (discovery §6.3): one server that is
 * known and alive is enough. Several servers are tried at once, each with a new key, since the ones that are gone are the
 * very reason to ask; the first answer counts.
 */
final class ServerPull {
    private static final int AT_ONCE = 8;
    private static final Duration ROUND = Duration.ofSeconds(20);

    private final Platform platform;
    private final PublicKey discovery;

    /** What came of a try; one of the two is null. */
    private record Outcome(HttpResponse answer, IOException why) {}

    ServerPull(Platform platform, PublicKey discovery) {
        this.platform = platform;
        this.discovery = discovery;
    }

    /**
     * Asks through these servers.
     *
     * @return all servers, sorted by key
     * @throws ControlException if none of them leads to the discovery, or its answer is no good list
     */
    List<DmsgEntry> servers(List<DmsgEntry> known, Deadline deadline) throws IOException {
        IOException first = null;
        for (int begin = 0; begin < known.size() && !deadline.passed(); begin += AT_ONCE) {
            List<DmsgEntry> some = known.subList(begin, Math.min(known.size(), begin + AT_ONCE));
            Outcome outcome = race(some, deadline.orEarlier(platform.clock(), ROUND));
            if (outcome.answer() != null) {
                return parsed(outcome.answer());
            }
            first = first == null ? outcome.why() : first;
        }
        throw new ControlException(
                first != null && Failure.kindOf(first) == Failure.Kind.TIMEOUT
                        ? Failure.Kind.TIMEOUT
                        : Failure.Kind.UNREACHABLE,
                "no known dmsg server leads to the discovery " + discovery.brief() + ", " + known.size()
                        + (known.size() == 1 ? " was" : " were") + " tried"
                        + (first == null ? "" : ": " + Failure.text(first)),
                "is one of them up? If all have moved, take a newer document:  --embedded FILE");
    }

    /** The first answer, or else the first failure when all have failed. */
    private Outcome race(List<DmsgEntry> servers, Deadline deadline) throws IOException {
        var outcomes = new Mailbox<Outcome>(platform.clock(), servers.size());
        var scope = new Scope(platform, "pull");
        try {
            for (DmsgEntry server : servers) {
                scope.forkChild(server.key().brief(), () -> outcomes.offer(attempt(server, deadline)));
            }
            Outcome first = null;
            for (int i = 0; i < servers.size(); i++) {
                Outcome next = outcomes.take(Deadline.NEVER);
                if (next.answer() != null) {
                    return next;
                }
                first = first == null ? next : first;
            }
            return first;
        } finally {
            scope.end(null);
        }
    }

    private Outcome attempt(DmsgEntry server, Deadline deadline) {
        SecretKey key = SecretKey.generate(platform.random());
        var directory = new FixedDirectory(List.of(server), List.of(key.publicKey(), discovery));
        DmsgConfig config = DmsgConfig.of(key).withSessions(1).unpublished();
        try (DmsgClient client = DmsgClient.start(platform, config, directory)) {
            var to = new DmsgAddress(discovery, Deployment.PORT);
            var http = new HttpClient(
                    platform, (at, limit) -> client.dial(to, limit), HttpUrl.parse("dmsg://" + discovery.hex()));
            HttpRequest request = HttpRequest.get("/dmsg-discovery/all_servers");
            return new Outcome(http.send(request, HttpClient.LIST_BODY, deadline), null);
        } catch (IOException e) {
            return new Outcome(null, Failure.wrap(Servers.address(server), root(e)));
        }
    }

    /** What really happened: the layers above only say that this server does not lead there. */
    private static IOException root(IOException e) {
        return e.getCause() instanceof IOException cause ? root(cause) : e;
    }

    /** An empty table is told as "not found". */
    private List<DmsgEntry> parsed(HttpResponse answer) throws ControlException {
        if (answer.status() != 200 && answer.status() != 404) {
            throw refused("it answers " + answer.status());
        }
        try {
            return Servers.parse(answer.status() == 404 ? new byte[] {'[', ']'} : answer.body());
        } catch (MalformedException e) {
            throw refused(LogLimit.clean(e.getMessage()));
        }
    }

    private ControlException refused(String why) {
        return new ControlException(
                Failure.Kind.MALFORMED,
                "the discovery " + discovery.brief() + " gives no list that could be used: " + why,
                "nothing was written");
    }

    /** Servers of all these lists, each key once; the address in the first list counts. */
    static List<DmsgEntry> union(List<List<DmsgEntry>> lists) {
        List<DmsgEntry> all = new ArrayList<>();
        for (List<DmsgEntry> list : lists) {
            for (DmsgEntry server : list) {
                Optional<DmsgEntry> same = all.stream()
                        .filter(known -> known.key().equals(server.key()))
                        .findFirst();
                if (same.isEmpty()) {
                    all.add(server);
                }
            }
        }
        return all;
    }
}
