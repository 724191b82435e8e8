package skywire.dmsg;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import skywire.directory.DmsgDirectory;
import skywire.entry.DmsgEntry;
import skywire.limit.LastingTrouble;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Platform;
import skywire.platform.Scope;

/** Keeps as many sessions as wanted: finds servers, connects, replaces what is lost (spec dmsg §9). */
final class SessionKeeper {
    private static final Duration ASK_LIMIT = Duration.ofSeconds(10);
    private static final Duration PING_LIMIT = Duration.ofSeconds(5);
    private static final Duration SHORTAGE = Duration.ofSeconds(15);
    private static final System.Logger LOG = System.getLogger(SessionKeeper.class.getName());

    private final Platform platform;
    private final DmsgConfig config;
    private final DmsgDirectory directory;
    private final SessionSet sessions;
    private final ServerTries tries;
    private final AllServers all;
    private final LastingTrouble noServers;
    private final Backoff backoff = new Backoff(); // of asking for servers; keeper's thread only, like the next two
    private List<DmsgEntry> servers = List.of();
    private Deadline ask; // when to ask for them again; null: at once

    SessionKeeper(Platform platform, DmsgConfig config, DmsgDirectory directory, SessionSet sessions, Scope scope) {
        this.platform = platform;
        this.config = config;
        this.directory = directory;
        this.sessions = sessions;
        this.tries = new ServerTries(platform.clock(), config.key().publicKey());
        this.all = new AllServers(platform, sessions, tries, scope);
        this.noServers = new LastingTrouble(platform.clock(), LOG);
    }

    /** Runs until the client closes. */
    void run() throws IOException {
        if (config.sessions() == 0) {
            keepAll();
        } else {
            keepSome();
        }
    }

    private void keepAll() throws IOException {
        while (true) {
            long seen = sessions.reasons();
            askIfDue();
            sessions.awaitReason(seen, all.dial(servers, ask));
        }
    }

    private void keepSome() throws IOException {
        while (true) {
            long seen = sessions.changes(); // our own changes make it look once more
            Deadline again = platform.clock().in(config.updateInterval());
            if (!enough()) {
                askIfDue();
                again = connectToSome();
            }
            sessions.awaitChange(seen, again);
        }
    }

    /** The list is asked for now and then while servers are wanted, and soon if it could not be had or is empty. */
    private void askIfDue() throws IOException {
        if (ask != null && !ask.passed()) {
            return;
        }
        List<DmsgEntry> found = servers();
        if (found.isEmpty()) {
            ask = platform.clock().in(backoff.next());
        } else {
            servers = found;
            backoff.reset();
            ask = platform.clock().in(shorter(config.updateInterval(), SHORTAGE));
        }
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private boolean enough() {
        return sessions.size() >= config.sessions();
    }

    /** Connects to servers in random order until there are enough; when to look again. */
    private Deadline connectToSome() throws IOException {
        Deadline again = ask;
        for (DmsgEntry server : servers) {
            if (enough()) {
                break;
            }
            if (sessions.find(server.key()).isPresent()) {
                continue;
            }
            Deadline due = tries.begin(server.key());
            again = again.orEarlier(due == null ? connect(server) : due);
        }
        tries.forgetOthers(servers);
        return again;
    }

    /** When to think of this server again; never if it worked: the end of the session is told. */
    private Deadline connect(DmsgEntry server) throws IOException {
        try {
            tries.up(sessions.connect(server, platform.clock().in(DmsgSession.CONNECT_LIMIT)));
            return Deadline.NEVER;
        } catch (IOException e) {
            Deadline again = tries.failed(server.key());
            stopIfClosed(e);
            sessions.trouble(e);
            return again;
        }
    }

    private List<DmsgEntry> servers() throws IOException {
        try {
            List<DmsgEntry> all = new ArrayList<>();
            for (DmsgEntry entry : listed(platform.clock().in(ASK_LIMIT))) {
                if (isWanted(entry)) {
                    all.add(entry);
                }
            }
            if (all.isEmpty()) {
                noServers(new Failure(Failure.Kind.NOT_FOUND, "the directory lists no servers"));
            } else {
                noServers.works("the dmsg discovery lists servers again");
            }
            Collections.shuffle(all, platform.random());
            return all;
        } catch (IOException e) {
            stopIfClosed(e);
            noServers(Failure.wrap("asking for servers", e));
            return List.of();
        }
    }

    private void noServers(Failure why) {
        sessions.trouble(why);
        noServers.fails("no dmsg servers to connect to: " + Failure.text(why));
    }

    private boolean isWanted(DmsgEntry entry) {
        String type = entry.server().map(s -> s.serverType()).orElse("");
        return switch (config.serverType()) {
            case "" -> true;
            case "official" -> directory.isOfficial(entry);
            default -> config.serverType().equals(type);
        };
    }

    /** A full server takes no client more, but whoever needs all servers may have a place there already. */
    private List<DmsgEntry> listed(Deadline deadline) throws IOException {
        return config.sessions() == 0 ? directory.allServers(deadline) : directory.availableServers(deadline);
    }

    private void stopIfClosed(IOException e) throws IOException {
        if (Failure.kindOf(e) == Failure.Kind.CANCELLED || sessions.isClosed()) {
            throw e;
        }
    }

    /** Measures how far the servers are, again and again, for the order of dials. */
    void measure() throws IOException {
        while (true) {
            sessions.awaitChange(sessions.changes(), platform.clock().in(config.updateInterval()));
            for (DmsgSession session : sessions.all()) {
                try {
                    Deadline deadline = platform.clock().in(PING_LIMIT);
                    session.ping(deadline);
                } catch (IOException e) {
                    stopIfClosed(e);
                    LOG.log(System.Logger.Level.DEBUG, session + ": " + Failure.text(e));
                }
            }
        }
    }
}
