package skywire.route.setup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import skywire.control.Progress;
import skywire.key.PublicKey;
import skywire.link.KeyedListener;
import skywire.platform.Failure;
import skywire.sim.Simulation;

class RouteDialerTest {
    private static final int PORT = 3;

    private interface Part {
        void run(DialWorld world, RouteDialer dialer) throws Exception;
    }

    /** Visor 0 and visor 4, joined by the relays 1, 2 and 3. */
    private static void threeRelays(long seed, Part part) {
        Simulation.run(seed, Simulation.Options.DEFAULT.leaving(), sim -> {
            try (var world = new DialWorld(sim, 5)) {
                for (int relay = 1; relay <= 3; relay++) {
                    world.row(0, relay, 4);
                }
                world.list();
                KeyedListener listener = world.visor(4).node().router().groups().listen(PORT);
                part.run(world, world.dialer(0));
                listener.close();
            }
        });
    }

    private static final class Told implements Progress {
        final List<String> lines = new ArrayList<>();

        @Override
        public void stage(String stage, String text) {
            lines.add(stage + ": " + text);
        }

        boolean says(String part) {
            return lines.stream().anyMatch(line -> line.contains(part));
        }
    }

    private static PublicKey relay(Dialled dialled) {
        assertEquals(1, dialled.path().relays().size());
        return dialled.path().relays().getFirst();
    }

    @Test
    void tellsThePathAndTheStages() {
        threeRelays(1, (world, dialer) -> {
            var told = new Told();
            Dialled dialled = dialer.dial(world.visor(4).key(), PORT, told, world.soon());
            assertEquals(2, dialled.path().length());
            assertEquals(world.visor(0).key(), dialled.path().from());
            assertEquals(world.visor(4).key(), dialled.path().to());
            assertEquals("finding routes: 3 candidates", told.lines.getFirst());
            assertTrue(
                    told.lines.getLast().startsWith("setting up route: 1 of 6: ok, 2 hops, "), told.lines.toString());
            assertEquals(2, told.lines.size());
            assertFalse(dialled.group().isClosed());
        });
    }

    /** The relay answers the setup node, and then dies before the ends have shaken hands. */
    @Test
    void aRelayThatDiesDuringTheHandshakeIsLeftOut() {
        int retried = 0;
        for (long micros = 20_000; micros < 120_000; micros += 2_000) {
            long at = micros;
            var told = new Told();
            threeRelays(2, (world, dialer) -> {
                world.sim.go("executioner", () -> {
                    world.sim.sleep(Duration.ofNanos(at * 1_000));
                    List<DialWorld.Visor> busy = world.visors.subList(1, 4).stream()
                            .filter(v -> v.left() > 0)
                            .toList();
                    busy.forEach(v -> v.host().kill());
                });
                Dialled dialled = dialer.dial(world.visor(4).key(), PORT, told, world.soon());
                if (told.says("leaving it out")) {
                    assertTrue(told.says("2 of 6: ok"), told.lines.toString());
                    assertFalse(told.says(relay(dialled).brief()), told.lines.toString());
                }
            });
            retried += told.says("leaving it out") ? 1 : 0;
        }
        assertTrue(retried > 10, "only " + retried + " were tried again");
    }

    @Test
    void aSilentRelayIsNamedAndLeftOut() {
        threeRelays(3, (world, dialer) -> {
            var told = new Told();
            world.visor(1).host().unplug();
            world.visor(2).host().unplug();
            Dialled dialled = dialer.dial(world.visor(4).key(), PORT, told, world.soon());
            assertEquals(world.visor(3).key(), relay(dialled));
            told.lines.clear();
            Dialled again = dialer.dial(world.visor(4).key(), PORT, told, world.soon()); // they stay out for a minute
            assertEquals(world.visor(3).key(), relay(again));
            assertTrue(told.says("1 of 6: ok"), told.lines.toString());
        });
    }

    @Test
    void relaysToAvoidAreTakenOnlyIfThereIsNoOtherWay() {
        threeRelays(4, (world, dialer) -> {
            List<PublicKey> dead = List.of(world.visor(1).key(), world.visor(2).key());
            for (int i = 0; i < 5; i++) {
                dialer.avoid(dead);
                assertEquals(
                        world.visor(3).key(), relay(dialer.dial(world.visor(4).key(), PORT, world.soon())));
            }
            dialer.avoid(List.of(world.visor(3).key()));
            dialer.dial(world.visor(4).key(), PORT, world.soon()); // all are under suspicion
            world.sim.sleep(Suspects.TIME);
            var seen = new ArrayList<PublicKey>();
            for (int i = 0; i < 30; i++) {
                seen.add(relay(dialer.dial(world.visor(4).key(), PORT, world.soon())));
            }
            assertEquals(3, seen.stream().distinct().count());
        });
    }

    @Test
    void triesNoOtherPathWhenTheFarEndSaysNo() {
        threeRelays(5, (world, dialer) -> {
            var told = new Told();
            Failure failure = assertThrows(
                    Failure.class,
                    () -> dialer.dial(world.visor(4).key(), 99, told, world.soon())
                            .group()
                            .read(new byte[1], 0, 1, world.soon()));
            assertTrue(failure.getMessage().contains("no listener on port 99"), failure.getMessage());
            assertFalse(told.says("2 of 6"), told.lines.toString());
        });
    }

    @Test
    void triesNoOtherPathWhenTheFarEndIsDead() {
        threeRelays(6, (world, dialer) -> {
            var told = new Told();
            world.visor(4).host().unplug();
            long before = world.sim.elapsed().toSeconds();
            IOException failure = assertThrows(
                    IOException.class, () -> dialer.dial(world.visor(4).key(), PORT, told, world.soon()));
            assertTrue(failure.getMessage().contains(world.visor(4).key().hex()), failure.getMessage());
            assertTrue(world.sim.elapsed().toSeconds() - before < 20);
            assertEquals(1, told.lines.size(), told.lines.toString());
        });
    }

    @Test
    void obeysTheNumberOfHopsAsked() {
        Simulation.run(7, Simulation.Options.DEFAULT.leaving(), sim -> {
            try (var world = new DialWorld(sim, 4)) {
                world.row(0, 1, 2, 3);
                world.row(0, 2);
                world.row(0, 3);
                world.list();
                try (var listener = world.visor(3).node().router().groups().listen(PORT)) {
                    RouteDialer dialer = world.dialer(0);
                    PublicKey to = world.visor(3).key();
                    for (int hops = 1; hops <= 3; hops++) {
                        Dialled dialled = dialer.dial(to, PORT, hops, hops, Progress.NONE, world.soon());
                        assertEquals(hops, dialled.path().length());
                        listener.accept().close();
                    }
                    Failure none =
                            assertThrows(Failure.class, () -> dialer.dial(to, PORT, 4, 5, Progress.NONE, world.soon()));
                    assertEquals(Failure.Kind.NOT_FOUND, none.kind());
                }
            }
        });
    }

    @Test
    void aCallerThatIsGoneEndsTheDialAndTheGroup() {
        threeRelays(8, (world, dialer) -> {
            Progress gone = (stage, text) -> {
                if (text.contains("ok")) {
                    throw Failure.closedThere("caller");
                }
            };
            assertThrows(IOException.class, () -> dialer.dial(world.visor(4).key(), PORT, gone, world.soon()));
            world.sim.sleep(Duration.ofSeconds(1));
            for (DialWorld.Visor visor : world.visors) {
                assertEquals(0, visor.left());
            }
            assertEquals(0, world.visor(0).node().router().groups().ports().inUse());
        });
    }
}
