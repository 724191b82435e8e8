package skywire.visor;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import skywire.app.socks.ExitLink;
import skywire.directory.Path;
import skywire.key.PublicKey;
import skywire.limit.LogLimit;
import skywire.packet.Hop;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.route.group.RouteGroup;

/**
 * A route group whose user learns which hop has died when the route breaks: from the Error of a relay, else by asking
 * all hops. As thread-safe as a route group.
 */
final class WatchedRoute implements ExitLink {
    private static final int LONGEST_REASON = 100;

    private final RouteGroup group;
    private final Path path;
    private final HopCheck check;
    private final Consumer<List<PublicKey>> dead;

    /**
     * @param dead hears of hops that have died, before the user does
     */
    WatchedRoute(RouteGroup group, Path path, HopCheck check, Consumer<List<PublicKey>> dead) {
        this.group = group;
        this.path = path;
        this.check = check;
        this.dead = dead;
    }

    Path path() {
        return path;
    }

    RouteGroup group() {
        return group;
    }

    @Override
    public int read(byte[] b, int off, int len, Deadline deadline) throws IOException {
        try {
            return group.read(b, off, len, deadline);
        } catch (Failure e) {
            throw isBreak(e.kind()) ? explained(e) : e;
        }
    }

    /** Whether the route, not its user or a deadline, is the cause. */
    private static boolean isBreak(Failure.Kind kind) {
        return kind == Failure.Kind.CLOSED_THERE || kind == Failure.Kind.UNREACHABLE;
    }

    private Failure explained(Failure why) throws IOException {
        Optional<Told> told = told(Failure.text(why));
        if (told.isPresent()) {
            dead.accept(List.of(told.get().gone()));
            return new Failure(
                    why.kind(),
                    broken(name(told.get().gone()) + " (" + told.get().how() + ")"),
                    why);
        }
        // Where all of them live, the other end wanted it so.
        return findBreak().map(text -> new Failure(why.kind(), text, why)).orElse(why);
    }

    @Override
    public Optional<String> findBreak() throws IOException {
        List<PublicKey> silent = check.silent(visors());
        if (silent.isEmpty()) {
            return Optional.empty();
        }
        dead.accept(silent);
        String names = String.join(" and ", silent.stream().map(this::name).toList());
        return Optional.of(broken(names + " (no answer within " + HopCheck.LIMIT.toSeconds() + " s)"));
    }

    private static String broken(String where) {
        return "the route broke at " + where;
    }

    /** All visors of the path but this one. */
    private List<PublicKey> visors() {
        return path.hops().stream().map(Hop::to).toList();
    }

    private String name(PublicKey visor) {
        int hop = visors().indexOf(visor) + 1;
        return (hop == path.length() ? "the exit " : "hop " + hop + " of " + path.length() + ", ") + visor.brief();
    }

    /** What the Error of a relay says: which visor has gone, and how that shows. */
    private record Told(PublicKey gone, String how) {}

    private Optional<Told> told(String message) {
        for (PublicKey visor : visors()) {
            if (message.contains("visor " + visor.hex() + ": shutting down")) {
                return Optional.of(new Told(visor, "it is shutting down"));
            }
        }
        for (Hop hop : path.hops()) {
            for (Hop way : List.of(hop, hop.reversed())) {
                String says = "visor " + way.from().hex() + ": transport " + way.transport() + " to "
                        + way.to().hex() + ": ";
                int at = message.indexOf(says);
                if (at >= 0 && visors().contains(way.to())) {
                    String how = LogLimit.clean(message.substring(at + says.length()), LONGEST_REASON);
                    return Optional.of(new Told(way.to(), "says " + way.from().brief() + ": " + how));
                }
            }
        }
        return Optional.empty();
    }

    @Override
    public void write(byte[] b, int off, int len, Deadline deadline) throws IOException {
        try {
            group.write(b, off, len, deadline);
        } catch (Failure e) {
            throw isBreak(e.kind()) ? explained(e) : e;
        }
    }

    @Override
    public void finishWriting(Deadline deadline) {
        group.finishWriting(deadline);
    }

    @Override
    public PublicKey remoteKey() {
        return group.remoteKey();
    }

    @Override
    public int remotePort() {
        return group.remotePort();
    }

    @Override
    public int localPort() {
        return group.localPort();
    }

    @Override
    public String local() {
        return group.local();
    }

    @Override
    public String remote() {
        return group.remote();
    }

    @Override
    public void close() {
        group.close();
    }
}
