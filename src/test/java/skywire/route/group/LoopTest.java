package skywire.route.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import skywire.packet.Data;
import skywire.packet.Rule;
import skywire.route.Forwarder;
import skywire.sim.Simulation;
import skywire.testkit.RouteNet;
import skywire.testkit.RouteNet.Node;
import skywire.transport.Transport;

/** A setup node that has turned bad gives two neighbours rules that lead to each other. */
class LoopTest {
    @Test
    void aPacketDoesNotGoRoundForEver() {
        for (int millis : new int[] {1, 40}) {
            Simulation.run(1, Simulation.Options.DEFAULT.leaving(), sim -> {
                sim.faults().between(Duration.ofMillis(millis), Duration.ZERO, 20_000_000);
                try (var net = new RouteNet(sim)) {
                    List<Node> two = net.line(2);
                    Node a = two.get(0);
                    Node b = two.get(1);
                    Transport between = a.transports().list().getFirst();
                    long atA = a.router().installer().reserve(RouteNet.SETUP, 1).getFirst();
                    long atB = b.router().installer().reserve(RouteNet.SETUP, 1).getFirst();
                    Duration hour = Duration.ofHours(1);
                    a.router()
                            .installer()
                            .addIntermediary(
                                    RouteNet.SETUP, List.of(new Rule.Intermediary(hour, atA, atB, between.id())));
                    b.router()
                            .installer()
                            .addIntermediary(
                                    RouteNet.SETUP, List.of(new Rule.Intermediary(hour, atB, atA, between.id())));
                    between.write(new Data(atB, new byte[1000]), sim.clock().in(Duration.ofSeconds(5)));
                    sim.sleep(Duration.ofMinutes(10));
                    assertTrue(b.router().forwarder().forwardedPackets() <= Forwarder.MOST_TURNS);
                    long turned = a.router().forwarder().turnedPackets()
                            + b.router().forwarder().turnedPackets();
                    assertTrue(turned > 0 && turned <= 3, turned + " refused: the packet, an Error and a Close");
                    assertEquals(
                            0, a.router().table().size() + b.router().table().size());
                }
            });
        }
    }
}
