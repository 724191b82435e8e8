package skywire.service.transports;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import skywire.http.Routes;
import skywire.platform.HostPort;
import skywire.service.RecordedExchange;
import skywire.service.SignedRequests;
import skywire.service.store.Store;
import skywire.testkit.FixedTime;

/** The recorded conversation with the reference's transport discovery, answered by ours. */
class TransportVectorsTest {
    @Test
    void everyAnswerIsAsRecorded() throws Exception {
        var platform = new FixedTime(Instant.EPOCH); // numbers of unknown keys begin at the time of the start
        var config = TransportDiscovery.Config.at(new HostPort("127.0.0.1", 0));
        var rows = new TransportRows(platform, Store.none(), 10, 10);
        Routes routes = new TransportApi(platform, config, rows, Store.none(), SignedRequests.start(platform)).routes();
        for (RecordedExchange exchange : RecordedExchange.with("transport-discovery")) {
            exchange.replay(routes);
        }
    }
}
