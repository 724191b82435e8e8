package skywire.visor;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import skywire.app.socks.ExitLink;
import skywire.directory.Path;
import skywire.key.PublicKey;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.route.group.RouteGroup;
import skywire.route.setup.Dialled;
import skywire.route.setup.LegKeeper;

/**
 * A route group whose user learns which hop has died when the route breaks, see {@link RouteBreak}. As thread-safe as a route group.
 */
final class WatchedRoute implements ExitLink {
    private final RouteGroup group;
    private final Dialled dialled;
    private final RouteBreak.Check check;
    private final Consumer<List<PublicKey>> dead;

    /**
     * @param dead hears of hops that have died or may be the cause, before the user does
     */
    WatchedRoute(Dialled dialled, RouteBreak.Check check, Consumer<List<PublicKey>> dead) {
        this.group = dialled.group();
        this.dialled = dialled;
        this.check = check;
        this.dead = dead;
    }

    /** The way of the first leg, or of the oldest of those that are left. */
    Path path() {
        return ways().getFirst();
    }

    private List<Path> ways() {
        List<Path> ways =
                legs().map(keeper -> List.copyOf(keeper.paths().values())).orElse(List.of());
        return ways.isEmpty() ? List.of(dialled.path()) : ways;
    }

    Optional<LegKeeper> legs() {
        return dialled.legs();
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
        return noted(new RouteBreak(path(), check).find(Failure.text(why)))
                .map(text -> new Failure(why.kind(), text, why))
                .orElse(why); // the other end wanted it so
    }

    /** Several legs are broken only if none of them is whole. */
    @Override
    public Optional<String> findBreak() throws IOException {
        return noted(RouteBreak.find(ways(), check));
    }

    private Optional<String> noted(Optional<RouteBreak.Finding> found) {
        found.ifPresent(f -> dead.accept(f.avoid()));
        return found.map(RouteBreak.Finding::text);
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
