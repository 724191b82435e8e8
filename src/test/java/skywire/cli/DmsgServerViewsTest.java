package skywire.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skywire.control.ControlServer;
import skywire.dmsg.server.PeerState;
import skywire.dmsg.server.PeerView;
import skywire.key.SecretKey;
import skywire.platform.Platform;

/** Tables of a dmsg server whose rows a server alone does not have. */
class DmsgServerViewsTest {
    @TempDir
    Path home;

    private static PeerView peer(
            String seed, String address, boolean out, boolean in, PeerState state, long forwarded) {
        var key = SecretKey.fromSeed(seed.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .publicKey();
        Optional<Duration> rtt = state.forwards() ? Optional.of(Duration.ofMillis(21)) : Optional.empty();
        return new PeerView(key, address, out, in, state, rtt, forwarded, Duration.ofMinutes(62));
    }

    @Test
    void peersShowWhichWayTheyGoAndHowTheyAre() throws Exception {
        var list = new JsonArray();
        list.add(DmsgServerControl.peer(peer("a", "10.0.0.1:8081", true, true, PeerState.CAPABLE, 12)));
        list.add(DmsgServerControl.peer(peer("b", "", false, true, PeerState.ACCEPTED, 0)));
        list.add(DmsgServerControl.peer(peer("c", "10.0.0.3:8081", true, false, PeerState.NOT_CAPABLE, 3)));
        var answer = new JsonObject();
        answer.add("peers", list);
        Path socket = home.resolve("s/control.sock");
        try (var control = ControlServer.start(Platform.system(), socket)) {
            control.method(DmsgServerControl.PEERS, call -> answer);
            var cli = new Cli(home);
            assertEquals(Exit.OK, cli.run("dmsg-server", "peers", "--control", socket.toString()), cli.err());
            assertEquals("""
                    peer      address        dialled      rtt  forwarded      age  state
                    032ffee4  10.0.0.1:8081  both ways  21 ms         12  1 h 2 m  linked
                    02c9d0d1  –              by it      21 ms          0  1 h 2 m  accepted
                    035a630a  10.0.0.3:8081  by us          –          3  1 h 2 m  not capable
                    """, cli.out());
        }
    }
}
