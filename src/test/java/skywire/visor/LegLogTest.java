package skywire.visor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.route.mux.LegInfo;
import skywire.route.mux.LegState;
import skywire.sim.Simulation;

class LegLogTest {
    private static final PublicKey RELAY =
            SecretKey.fromSeed("relay".getBytes(StandardCharsets.UTF_8)).publicKey();

    private static String name(int number) {
        return "p: leg 0000000%d over %s ".formatted(number, RELAY.brief());
    }

    /** A leg's number is in the upper half of its id, so that it is in the first digits. */
    private static LegInfo leg(long number, LegState state, String reason) {
        return leg(number, state, reason, number == 1);
    }

    private static LegInfo leg(long number, LegState state, String reason, boolean primary) {
        UUID id = new UUID(number << 32, 0);
        Duration none = Duration.ZERO;
        return new LegInfo(id, RELAY, state, reason, primary, none, none, none, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    @Test
    void eachEventIsOneLine() {
        Simulation.run(1, sim -> {
            var log = new LegLog(sim.clock(), "p", null);
            assertEquals(List.of(name(1) + "is up"), log.lines(List.of(leg(1, LegState.ACTIVE, ""))));
            List<LegInfo> probing = List.of(leg(1, LegState.ACTIVE, ""), leg(2, LegState.PROBING, ""));
            assertEquals(List.of(), log.lines(probing));
            List<LegInfo> parked =
                    List.of(leg(1, LegState.ACTIVE, ""), leg(2, LegState.ACTIVE, ""), leg(3, LegState.STANDBY, ""));
            assertEquals(List.of(name(2) + "is up", name(3) + "is up, as a standby"), log.lines(parked));
            assertEquals(List.of(), log.lines(parked));
            List<LegInfo> silent = List.of(
                    leg(1, LegState.ACTIVE, ""), leg(2, LegState.STANDBY, "no progress"), leg(3, LegState.ACTIVE, ""));
            assertEquals(
                    List.of(name(2) + "is not sent on any more: no progress", name(3) + "takes over"),
                    log.lines(silent));
            assertEquals(
                    List.of(name(2) + "is gone: no progress"),
                    log.lines(List.of(leg(1, LegState.ACTIVE, ""), leg(3, LegState.ACTIVE, ""))));
        });
    }

    @Test
    void whoBecomesThePrimaryIsSaid() {
        Simulation.run(1, sim -> {
            var log = new LegLog(sim.clock(), "p", null);
            log.lines(List.of(leg(1, LegState.ACTIVE, ""), leg(2, LegState.ACTIVE, "")));
            assertEquals(
                    List.of(name(1) + "is gone", name(2) + "is the primary now"),
                    log.lines(List.of(leg(2, LegState.ACTIVE, "", true))));
        });
    }

    @Test
    void aLegThatFlapsDoesNotFillTheLog() {
        Simulation.run(1, sim -> {
            var log = new LegLog(sim.clock(), "p", null);
            int written = 0;
            for (int i = 0; i < 500; i++) {
                LegState state = i % 2 == 0 ? LegState.ACTIVE : LegState.STANDBY;
                written += log.lines(List.of(leg(1, state, ""))).size();
            }
            assertEquals(LegLog.BURST, written);
            sim.sleep(Duration.ofSeconds(10));
            List<String> next = log.lines(List.of(leg(1, LegState.ACTIVE, "by\u001b[2J")));
            assertTrue(next.getFirst().endsWith("(460 events before left out)"), next::toString);
            assertTrue(next.getFirst().contains("by\\u001b[2J"), next::toString);
        });
    }
}
