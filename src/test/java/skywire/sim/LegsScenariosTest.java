package skywire.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class LegsScenariosTest {
    private static final int SEEDS = 20;

    @Test
    void everyByteArrivesWhateverHappensToTheLegs() {
        Scenarios.playSeeds("legs-short", SEEDS);
    }

    @Test
    void replays() {
        assertEquals(
                Scenarios.play("legs-short", 3).hash(),
                Scenarios.play("legs-short", 3).hash());
    }
}
