package skywire.visor;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import skywire.directory.Path;
import skywire.key.PublicKey;
import skywire.limit.LogLimit;
import skywire.packet.Hop;

/**
 * Finds out where a route has broken. The Error of a relay says it, but any relay before it may have written that Error:
 * a visor counts as dead only if it does not answer us either. Immutable.
 */
final class RouteBreak {
    private static final int LONGEST_REASON = 100;

    private final Path path;
    private final Check check;

    /** Asks visors whether they are alive. */
    @FunctionalInterface
    interface Check {
        /** Those that did not answer, within {@link HopCheck#LIMIT}. */
        List<PublicKey> silent(List<PublicKey> visors) throws IOException;
    }

    /**
     * What was found.
     *
     * @param text for the user
     * @param avoid who may be the cause
     */
    record Finding(String text, List<PublicKey> avoid) {}

    RouteBreak(Path path, Check check) {
        this.path = path;
        this.check = check;
    }

    /** Of several ways at once; empty if one of them is whole. All visors are asked together. */
    static Optional<Finding> find(List<Path> ways, Check check) throws IOException {
        Set<PublicKey> all = new LinkedHashSet<>();
        ways.forEach(way -> way.hops().forEach(hop -> all.add(hop.to())));
        List<PublicKey> silent = check.silent(List.copyOf(all));
        Optional<Finding> first = Optional.empty();
        for (Path way : ways) {
            var broken = new RouteBreak(way, check);
            Optional<Finding> found = broken.silent(
                    broken.visors().stream().filter(silent::contains).toList());
            if (found.isEmpty()) {
                return found;
            }
            first = first.or(() -> found);
        }
        return first;
    }

    /** Who does not answer; empty if all do. */
    Optional<Finding> find() throws IOException {
        return silent(check.silent(visors()));
    }

    /**
     * As {@link #find()}, with a look at what a relay may have said.
     *
     * @param message of the failure of the route
     * @return empty if all answer and nobody is blamed: then the other end wanted it so
     */
    Optional<Finding> find(String message) throws IOException {
        List<PublicKey> silent = check.silent(visors());
        Optional<Told> told = told(message);
        if (told.isPresent() && silent.contains(told.get().gone())) {
            PublicKey gone = told.get().gone();
            return Optional.of(new Finding(broken("at " + name(gone), told.get().how()), List.of(gone)));
        }
        if (!silent.isEmpty()) {
            return silent(silent);
        }
        return told.flatMap(this::unconfirmed);
    }

    private Optional<Finding> silent(List<PublicKey> silent) {
        if (silent.isEmpty()) {
            return Optional.empty();
        }
        String names = String.join(" and ", silent.stream().map(this::name).toList());
        return Optional.of(new Finding(
                broken("at " + names, "no answer within " + HopCheck.LIMIT.toSeconds() + " s"), List.copyOf(silent)));
    }

    /** Who is blamed is alive. Their link may have failed, or it is not true: who blames is as suspect as who is blamed. */
    private Optional<Finding> unconfirmed(Told told) {
        if (told.by().equals(told.gone())) {
            return Optional.empty();
        }
        List<PublicKey> both = List.of(told.by(), told.gone());
        return Optional.of(new Finding(
                broken("between " + name(told.by()) + " and " + name(told.gone()), told.how()),
                both.stream().filter(visors()::contains).toList()));
    }

    private static String broken(String where, String how) {
        return "the route broke " + where + " (" + how + ")";
    }

    /** All visors of the path but this one. */
    private List<PublicKey> visors() {
        return path.hops().stream().map(Hop::to).toList();
    }

    private String name(PublicKey visor) {
        int hop = visors().indexOf(visor) + 1;
        if (hop == 0) {
            return "this visor";
        }
        return (hop == path.length() ? "the exit " : "hop " + hop + " of " + path.length() + ", ") + visor.brief();
    }

    /** What the Error of a relay says: who has gone, according to whom, and how that shows. */
    private record Told(PublicKey gone, PublicKey by, String how) {}

    private Optional<Told> told(String message) {
        for (PublicKey visor : visors()) {
            if (message.contains("visor " + visor.hex() + ": shutting down")) {
                return Optional.of(new Told(visor, visor, "it is shutting down"));
            }
        }
        for (Hop hop : path.hops()) {
            for (Hop way : List.of(hop, hop.reversed())) {
                String says = "visor " + way.from().hex() + ": transport " + way.transport() + " to "
                        + way.to().hex() + ": ";
                int at = message.indexOf(says);
                if (at >= 0 && visors().contains(way.to())) {
                    String how = LogLimit.clean(message.substring(at + says.length()), LONGEST_REASON);
                    return Optional.of(
                            new Told(way.to(), way.from(), "says " + way.from().brief() + ": " + how));
                }
            }
        }
        return Optional.empty();
    }
}
