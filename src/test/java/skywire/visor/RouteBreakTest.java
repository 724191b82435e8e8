package skywire.visor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import skywire.directory.Path;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.packet.Hop;

class RouteBreakTest {
    private static final PublicKey SELF = key("self");
    private static final PublicKey FIRST = key("first");
    private static final PublicKey SECOND = key("second");
    private static final PublicKey EXIT = key("exit");
    private static final List<Hop> HOPS = List.of(
            new Hop(new UUID(7, 1), SELF, FIRST),
            new Hop(new UUID(7, 2), FIRST, SECOND),
            new Hop(new UUID(7, 3), SECOND, EXIT));

    private static PublicKey key(String seed) {
        return SecretKey.fromSeed(seed.getBytes(StandardCharsets.UTF_8)).publicKey();
    }

    private static RouteBreak with(PublicKey... silent) {
        return new RouteBreak(new Path(HOPS), visors -> {
            assertEquals(List.of(FIRST, SECOND, EXIT), visors);
            return List.of(silent);
        });
    }

    /** What a relay says when a transport of its own ends. */
    private static String error(Hop hop) {
        return "closed by peer: visor " + hop.from().hex() + ": transport " + hop.transport() + " to "
                + hop.to().hex() + ": ended";
    }

    private static final Path DIRECT = new Path(List.of(new Hop(new UUID(7, 4), SELF, EXIT)));

    @Test
    void severalLegsAreBrokenOnlyIfNoneIsWhole() throws IOException {
        List<Path> ways = List.of(new Path(HOPS), DIRECT);
        assertEquals(Optional.empty(), RouteBreak.find(ways, visors -> List.of(SECOND)));
        RouteBreak.Finding found =
                RouteBreak.find(ways, visors -> List.of(FIRST, EXIT)).orElseThrow();
        assertTrue(found.text().contains("hop 1 of 3, " + FIRST.brief()), found.text());
        assertEquals(List.of(FIRST, EXIT), found.avoid());
    }

    @Test
    void whomARelayBlamesIsNamedIfItIsSilent() throws IOException {
        RouteBreak.Finding found = with(SECOND).find(error(HOPS.get(1))).orElseThrow();
        assertEquals(
                "the route broke at hop 2 of 3, " + SECOND.brief() + " (says " + FIRST.brief() + ": ended)",
                found.text());
        assertEquals(List.of(SECOND), found.avoid());
    }

    /** The Error may be made up: then its author gains nothing, since it is left out as well. */
    @Test
    void whomARelayBlamesIsNotDeadIfItAnswers() throws IOException {
        RouteBreak.Finding found = with().find(error(HOPS.get(1))).orElseThrow();
        assertTrue(found.text().startsWith("the route broke between hop 1 of 3, " + FIRST.brief()), found.text());
        assertTrue(found.text().contains("and hop 2 of 3, " + SECOND.brief()), found.text());
        assertEquals(List.of(FIRST, SECOND), found.avoid());
    }

    @Test
    void whoIsSilentIsNamedThoughAnotherIsBlamed() throws IOException {
        RouteBreak.Finding found = with(FIRST).find(error(HOPS.get(2))).orElseThrow();
        assertTrue(found.text().startsWith("the route broke at hop 1 of 3, " + FIRST.brief()), found.text());
        assertFalse(found.text().contains(EXIT.brief()));
        assertEquals(List.of(FIRST), found.avoid());
    }

    @Test
    void anErrorAboutOurOwnLinkBlamesNobodyButItsOtherEnd() throws IOException {
        RouteBreak.Finding found = with().find(error(HOPS.get(0).reversed())).orElse(null);
        assertEquals(null, found, "we are not dead");
        found = with().find(error(HOPS.get(0))).orElseThrow();
        assertTrue(found.text().contains("between this visor and hop 1 of 3"), found.text());
        assertEquals(List.of(FIRST), found.avoid());
    }

    @Test
    void aVisorThatIsSaidToShutDownIsNamedIfItHasGone() throws IOException {
        String error = "closed by peer: visor " + SECOND.hex() + ": shutting down";
        RouteBreak.Finding found = with(SECOND).find(error).orElseThrow();
        assertTrue(found.text().contains(SECOND.brief() + " (it is shutting down)"), found.text());
        assertEquals(Optional.empty(), with().find(error), "it answers, so this is not true");
    }

    @Test
    void whereAllAnswerAndNobodyIsBlamedTheOtherEndWantedItSo() throws IOException {
        assertEquals(Optional.empty(), with().find("closed by peer"));
        assertEquals(Optional.empty(), with().find());
        RouteBreak.Finding found = with(FIRST, EXIT).find("closed by peer").orElseThrow();
        assertTrue(found.text().contains("and the exit " + EXIT.brief()), found.text());
        assertEquals(List.of(FIRST, EXIT), found.avoid());
    }
}
