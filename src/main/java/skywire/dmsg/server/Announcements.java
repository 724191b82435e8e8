package skywire.dmsg.server;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import skywire.directory.KeyClash;
import skywire.platform.Deadline;
import skywire.platform.Platform;
import skywire.platform.Scope;

/** The entries of a server at all its discoveries. Thread-safe once it is filled, which is before anything is started. */
final class Announcements {
    private static final System.Logger LOG = System.getLogger(Announcements.class.getName());

    private final Platform platform;
    private final List<Announcement> all = new ArrayList<>();

    Announcements(Platform platform) {
        this.platform = platform;
    }

    void add(Announcement announcement) {
        all.add(announcement);
    }

    /** Publishes each on a thread of its own in this scope, which goes on when they end. */
    void start(Scope scope) throws IOException {
        for (Announcement announcement : all) {
            scope.forkChild("entry", announcement::run);
        }
    }

    void available(int sessions) {
        all.forEach(announcement -> announcement.available(sessions));
    }

    void hurry() {
        all.forEach(Announcement::hurry);
    }

    /** Whether all discoveries know of the server. */
    boolean published() {
        return all.stream().allMatch(Announcement::published);
    }

    /** Evidence at any of them that another process uses our key. */
    Optional<KeyClash> clash() {
        return all.stream()
                .flatMap(announcement -> announcement.clash().stream())
                .findFirst();
    }

    /** Takes all of them back, side by side, as far as that goes quickly. */
    void withdraw(Deadline until) {
        try (var leaving = new Scope(platform, "dmsg-server/leaving")) {
            for (Announcement announcement : all) {
                leaving.forkChild("entry", () -> announcement.withdraw(until));
            }
            leaving.join(until);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "entry not withdrawn", e);
        }
    }
}
