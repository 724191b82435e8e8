package skywire.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import skywire.key.SecretKey;
import skywire.platform.HostPort;

/** A local network has room for the legs that are asked for, whichever of the possible ones are taken first. */
class LegRoomTest {
    private static final HostPort ANY = new HostPort("127.0.0.1", 0);

    private static LocalSettings settings(int visors, int hops, int mux) {
        return new LocalSettings(
                visors, hops, mux, 0, ANY, Optional.empty(), name -> SecretKey.fromSeed(name.getBytes()));
    }

    private static void refuses(String why, int visors, int hops, int mux) {
        assertEquals(
                why,
                assertThrows(IllegalArgumentException.class, () -> settings(visors, hops, mux))
                        .getMessage());
    }

    @Test
    void howManyVisorsAreNeededIsSaid() {
        refuses("4 legs of 2 hops, which share no visor on the way, need 6 visors, not 5", 5, 2, 4);
        refuses("4 legs of 3 hops, which share no visor on the way, need 10 visors, not 8", 8, 3, 4);
        refuses(
                "16 legs of 6 hops, which share no visor on the way, need 82 visors, more than there can be",
                64,
                6,
                16);
        refuses("a route has 1 to 16 legs, not 0", 8, 2, 0);
        refuses("a route has 1 to 16 legs, not 17", 64, 2, 17);
    }

    @Test
    void aSpareIsKeptWhereThereIsRoom() {
        assertEquals(0, settings(8, 3, 1).spares());
        assertEquals(1, settings(12, 2, 4).spares());
        assertEquals(0, settings(6, 2, 4).spares());
        assertEquals(0, settings(64, 2, 16).spares());
    }

    @Test
    void theUsualHopsAreAsManyAsFit() {
        assertEquals(2, LocalSettings.mostHops(8, 4));
        assertEquals(3, LocalSettings.mostHops(10, 4));
        assertEquals(7, LocalSettings.mostHops(8, 1));
        assertEquals(2, LocalSettings.mostHops(3, 16), "the settings will say what is wrong");
    }

    @Test
    void anyChoiceOfLegsLeavesRoomForTheRest() {
        for (long seed = 1; seed <= 300; seed++) {
            var random = new Random(seed);
            int mux = 1 + random.nextInt(5);
            int hops = 2 + random.nextInt(3);
            int fewest = mux * (hops - 1) + 2;
            LocalSettings settings = settings(fewest + random.nextInt(6), hops, mux);
            Set<Mesh.Pair> links = new HashSet<>(Mesh.pairs(settings));
            Set<Integer> used = new HashSet<>();
            for (int leg = 0; leg < settings.mux() + settings.spares(); leg++) {
                List<Integer> way = new ArrayList<>();
                assertTrue(find(settings, links, used, way, random), "leg " + leg + " of " + settings);
                used.addAll(way);
            }
        }
    }

    /** Any way from the first relay's neighbour to the exit over relays that are not used. */
    private static boolean find(
            LocalSettings settings, Set<Mesh.Pair> links, Set<Integer> used, List<Integer> way, Random random) {
        if (way.size() == settings.hops() - 1) {
            return true;
        }
        List<Integer> next = new ArrayList<>();
        for (int relay = 1; relay < settings.visors() - 1; relay++) {
            boolean isLinked = way.isEmpty()
                    || links.contains(new Mesh.Pair(Math.min(way.getLast(), relay), Math.max(way.getLast(), relay)));
            if (isLinked && !used.contains(relay) && !way.contains(relay)) {
                next.add(relay);
            }
        }
        Collections.shuffle(next, random);
        for (int relay : next) {
            way.add(relay);
            if (find(settings, links, used, way, random)) {
                return true;
            }
            way.removeLast();
        }
        return false;
    }
}
