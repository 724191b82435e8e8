package skywire.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import skywire.testkit.FaultyRelay.Treatment;
import skywire.testkit.Flow;
import skywire.testkit.RouteNet;

class LegsNetTest {
    private static final int SEEDS = 3;

    private interface Scene {
        void play(Simulation sim, LegsNet net) throws Exception;
    }

    private static void play(Scene scene) {
        for (long seed = 0; seed < SEEDS; seed++) {
            Simulation.run(seed, sim -> {
                try (var net = new LegsNet(sim)) {
                    scene.play(sim, net);
                }
            });
        }
    }

    private static void near(double wanted, double is) {
        assertTrue(is > 0.95 * wanted && is < 1.05 * wanted, is + " instead of " + wanted);
    }

    @Test
    void plainGroupGetsTheRateOfItsRoadBothWays() {
        play((sim, net) -> {
            RouteNet.Ends ends = net.openPlain(net.leg(LegsNet.Spec.of(10, 50)));
            Duration trip = ends.dialled().ping(sim.clock().in(Duration.ofSeconds(5)));
            near(50, trip.toMillis());
            Flow up = Flow.start(sim, ends.dialled(), ends.accepted());
            Flow down = Flow.start(sim, ends.accepted(), ends.dialled());
            Duration from = Duration.ofSeconds(3);
            Duration to = Duration.ofSeconds(8);
            sim.sleep(Duration.ofSeconds(8));
            near(1_250_000 * 0.98, up.rate(from, to)); // less encryption and headers
            near(1_250_000 * 0.98, down.rate(from, to));
            near(1_250_000 * 0.98, down.worstSecond(from, to));
            assertTrue(
                    up.longestGap(from, to).toMillis() < 60,
                    up.longestGap(from, to).toString());
            near(2 * 1_250_000 * 8 / 2e7, net.wireBytes() / 2e7);
            up.stop();
            down.stop();
            up.check();
            down.check();
        });
    }

    @Test
    void faultyRelayTreatsPacketsAsItIsTold() {
        for (Treatment treatment : List.of(
                Treatment.dropping(0.02),
                new Treatment(0, 0.02, 0, 0),
                new Treatment(0, 0, 0.02, 0),
                new Treatment(0, 0, 0, 0.02))) {
            play((sim, net) -> {
                LegsNet.Leg leg = net.faultyLeg(LegsNet.Spec.of(10, 50));
                RouteNet.Ends ends = net.openPlain(leg);
                Flow fair = Flow.start(sim, ends.accepted(), ends.dialled(), 500_000);
                sim.until("all is there", Duration.ofSeconds(20), fair::isOver);
                assertEquals(500_000, fair.received());
                assertEquals(0, leg.faulty().spoilt());
                leg.faulty().treat(treatment, sim.seed());
                Flow spoilt = Flow.start(sim, ends.accepted(), ends.dialled(), 20_000_000);
                sim.until("a plain group breaks", Duration.ofSeconds(30), spoilt::isOver);
                assertTrue(leg.faulty().spoilt() > 0);
                assertTrue(spoilt.received() < 20_000_000, treatment.toString());
            });
        }
    }
}
