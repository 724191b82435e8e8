package skywire.route.setup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import skywire.route.group.RouteGroup;

class LegWishTest {
    @Test
    void hasOneToSixteenLegs() {
        assertTrue(LegWish.ONE.isOne());
        assertFalse(LegWish.ONE.withSpares(1).isOne());
        assertEquals(5, new LegWish(1, 5, 0, 0, 0).total());
        assertEquals(7, new LegWish(5, 1, 2, 0, 0).total());
        assertEquals(RouteGroup.MOST_LEGS, LegWish.of(14).withSpares(9).total());
        for (int wrong : new int[] {0, -1, RouteGroup.MOST_LEGS + 1}) {
            var why = assertThrows(IllegalArgumentException.class, () -> LegWish.of(wrong));
            assertEquals("a route group has 1 to 16 legs", why.getMessage());
        }
    }

    @Test
    void refusesHopsThatNoRouteHas() {
        assertEquals(3, LegWish.ONE.withHops(3, 0).minHops());
        assertThrows(IllegalArgumentException.class, () -> LegWish.ONE.withHops(3, 2));
        assertThrows(IllegalArgumentException.class, () -> LegWish.ONE.withHops(-1, 2));
    }

    @Test
    void countsInWords() {
        assertEquals("4 of 4", new LegCount(4, 4, 0, 0, "").text());
        assertEquals("4 of 4", new LegCount(4, 4, 0, 1, "").text());
        assertEquals("2 of 4: no other way", new LegCount(4, 2, 0, 0, "no other way").text());
        assertEquals("4 of 4 and 0 of 1 spare: no other way", new LegCount(4, 4, 1, 0, "no other way").text());
        assertTrue(new LegCount(4, 4, 2, 2, "").isComplete());
        assertFalse(new LegCount(4, 4, 2, 1, "").isComplete());
    }
}
