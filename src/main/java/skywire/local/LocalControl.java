package skywire.local;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import skywire.control.ControlCall;
import skywire.control.ControlServer;
import skywire.key.PublicKey;
import skywire.platform.Platform;
import skywire.visor.Visor;
import skywire.visor.VisorControl;

/** How an operator steers a local network: the methods of its first visor, and life and death of the others. */
public final class LocalControl {
    private static final Duration START_LIMIT = Duration.ofSeconds(25);

    private final Platform platform;
    private final Mesh mesh;

    private LocalControl(Platform platform, Mesh mesh) {
        this.platform = platform;
        this.mesh = mesh;
    }

    /** Has the control server answer for this network; {@code halt} ends the program. */
    public static void register(Platform platform, LocalNetwork network, ControlServer control, Runnable halt) {
        Map<PublicKey, String> exits = new LinkedHashMap<>();
        exits.put(network.mesh().exitKey(), "the exit of this network");
        VisorControl.register(platform, network.first(), control, halt, network::roundTrip, exits);
        var methods = new LocalControl(platform, network.mesh());
        control.method("visor.list", call -> methods.list())
                .method("visor.kill", methods::kill)
                .method("visor.start", methods::start);
    }

    private JsonObject list() {
        var visors = new JsonArray();
        for (int number = 0; number < mesh.size(); number++) {
            visors.add(one(number));
        }
        var json = new JsonObject();
        json.add("visors", visors);
        return json;
    }

    private JsonObject one(int number) {
        var json = new JsonObject();
        json.addProperty("number", number);
        json.addProperty("pk", mesh.key(number).hex());
        json.addProperty("role", mesh.role(number));
        json.addProperty("up", mesh.visor(number).isPresent());
        mesh.visor(number).ifPresent(visor -> sizes(visor, json));
        return json;
    }

    private static void sizes(Visor visor, JsonObject json) {
        json.addProperty("transports", visor.transports().list().size());
        json.addProperty("route_groups", visor.router().groups().list().size());
        json.addProperty("rules", visor.router().table().size());
    }

    private JsonObject kill(ControlCall call) throws IOException {
        int number = number(call);
        mesh.kill(number);
        return one(number);
    }

    private JsonObject start(ControlCall call) throws IOException {
        int number = number(call);
        mesh.start(number, platform.clock().in(START_LIMIT));
        return one(number);
    }

    private static int number(ControlCall call) throws IOException {
        return call.integer("number", -1, 0, LocalSettings.MOST_VISORS);
    }
}
