package skywire.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import skywire.packet.Data;
import skywire.platform.Platform;
import skywire.testkit.RouteNet;
import skywire.transport.Transport;

/** A visor with stcp transports to many others, all in one process. */
final class TransportNode implements Node.Role {
    private static final Platform PLATFORM = Platform.system();

    private final RouteNet net = new RouteNet(PLATFORM);
    private final List<RouteNet.Node> visors = new ArrayList<>();
    private final List<Transport> transports = new ArrayList<>();

    @Override
    public String answer(String question, List<String> words) throws Exception {
        switch (question) {
            case "visors" -> {
                for (int i = 0; i <= Integer.parseInt(words.getFirst()); i++) {
                    visors.add(net.add("visor " + i));
                }
            }
            case "join" -> {
                while (transports.size() < Integer.parseInt(words.getFirst())) {
                    transports.add(net.join(visors.getFirst(), visors.get(transports.size() + 1)));
                }
            }
            case "use" -> {
                for (Transport transport : transports) {
                    use(transport);
                }
            }
            case "ping" -> {
                for (Transport transport : transports) {
                    write(transport, new byte[8]); // as the next real ping will
                }
            }
            default -> {
                return "error no question " + question;
            }
        }
        return "ok";
    }

    /** Sends a megabyte. */
    private static void use(Transport transport) throws IOException {
        byte[] payload = new byte[32 * 1024];
        for (int i = 0; i < 32; i++) {
            write(transport, payload);
        }
    }

    /** Sends a packet that nobody has a rule for. */
    private static void write(Transport transport, byte[] payload) throws IOException {
        transport.write(new Data(0x7fff_0001L, payload), PLATFORM.clock().in(Duration.ofSeconds(30)));
    }
}
