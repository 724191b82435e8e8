package skywire.service.routes;

import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import skywire.entry.TransportEntry;
import skywire.http.Routes;
import skywire.key.PublicKey;
import skywire.platform.Platform;
import skywire.service.RecordedExchange;
import skywire.testkit.Vectors;

/** The recorded conversation with the reference's route finder, answered by ours. */
class RouteVectorsTest {
    @Test
    void everyAnswerIsAsRecorded() throws Exception {
        PublicKey a = key("A");
        PublicKey b = key("B");
        PublicKey c = key("C");
        List<TransportEntry> transports = new ArrayList<>(List.of(
                TransportEntry.of(a, b, "stcpr", TransportEntry.USER),
                TransportEntry.of(b, c, "dmsg", TransportEntry.USER)));
        Platform platform = Platform.system();
        var graph = new FreshGraph(platform.clock(), Duration.ZERO, deadline -> transports);
        Routes routes = new RouteApi(platform, graph).routes();
        for (RecordedExchange exchange : RecordedExchange.with("route-finder")) {
            if (exchange.name().startsWith("min hops 2 with direct")) {
                transports.add(TransportEntry.of(a, c, "stcp", TransportEntry.USER)); // as it was recorded
            }
            exchange.replay(routes);
        }
    }

    private static PublicKey key(String name) throws Exception {
        JsonObject keys = Vectors.load("routing/http_services.json").getAsJsonObject("keys");
        return PublicKey.parse(Vectors.text(keys.getAsJsonObject(name), "pk"));
    }
}
