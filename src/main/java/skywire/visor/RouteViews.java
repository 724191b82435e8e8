package skywire.visor;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import skywire.app.socks.SocksClient;
import skywire.app.socks.SocksClient.Status;
import skywire.directory.Path;
import skywire.platform.Platform;
import skywire.route.group.GroupKind;
import skywire.route.group.RouteGroup;
import skywire.route.setup.LegCount;
import skywire.route.setup.LegKeeper;

/** What a visor tells of its routes and who uses them, as JSON (visor §3, mux §4.4). */
final class RouteViews {
    private final Platform platform;
    private final Visor visor;
    private final LegViews legs;

    RouteViews(Platform platform, Visor visor, HopTimes times) {
        this.platform = platform;
        this.visor = visor;
        this.legs = new LegViews(visor.key(), times);
    }

    JsonArray groups() {
        var list = new JsonArray();
        for (RouteGroup group : visor.router().groups().list()) {
            var json = new JsonObject();
            json.addProperty("local_port", group.localPort());
            json.addProperty("remote_pk", group.remoteKey().hex());
            json.addProperty("remote_port", group.remotePort());
            json.addProperty("initiator", group.isDialled());
            Optional<SocksClient> proxy = visor.proxies().of(group);
            proxy.flatMap(Proxies::path).ifPresent(path -> json.add("hops", legs.hops(path)));
            LegViews.time(json, "rtt_ms", roundTrip(group, proxy));
            json.addProperty("sent_bytes", group.sentBytes());
            json.addProperty("recv_bytes", group.receivedBytes());
            json.addProperty("age_seconds", age(group));
            legs(json, group, proxy.flatMap(Proxies::legs));
            list.add(json);
        }
        return list;
    }

    /** Says what legs a group has; of a plain one that was to be plain there is nothing to say. */
    private void legs(JsonObject json, RouteGroup group, Optional<LegKeeper> keeper) {
        GroupKind kind = group.kind();
        LegViews.kind(json, kind);
        keeper.ifPresent(k -> json.add("leg_count", LegViews.count(k.count())));
        if (kind != GroupKind.PLAIN) {
            json.addProperty("mode", group.mode().text());
            Map<UUID, Path> ways = keeper.map(LegKeeper::paths).orElse(Map.of());
            json.add("legs", legs.legs(group.legs(), ways));
        }
    }

    /** That of the group itself; a proxy measures to its exit and back, through the same group. */
    private static Duration roundTrip(RouteGroup group, Optional<SocksClient> proxy) {
        return group.roundTrip().isZero()
                ? proxy.flatMap(c -> c.status().rtt()).orElse(Duration.ZERO)
                : group.roundTrip();
    }

    private double age(RouteGroup group) {
        return seconds(Duration.between(group.since(), platform.clock().now()));
    }

    JsonArray routes(List<Path> paths) {
        var list = new JsonArray();
        for (Path path : paths) {
            var json = new JsonObject();
            json.add("hops", legs.hops(path));
            list.add(json);
        }
        return list;
    }

    JsonArray proxies() {
        var list = new JsonArray();
        visor.proxies().list().forEach(client -> list.add(proxy(client)));
        return list;
    }

    JsonObject proxy(SocksClient client) {
        var json = new JsonObject();
        Status status = client.status();
        json.addProperty("name", client.config().name());
        json.addProperty("pk", client.config().exit().hex());
        json.addProperty("status", status.state().name().toLowerCase(Locale.ROOT));
        json.addProperty("socks", status.socks().toString());
        status.http().ifPresent(http -> json.addProperty("http", http.toString()));
        Proxies.path(client).ifPresent(path -> json.add("hops", legs.hops(path)));
        json.addProperty("streams", status.streams());
        LegViews.time(json, "rtt_ms", status.rtt().orElse(Duration.ZERO));
        json.addProperty("sent_bytes", status.sent());
        json.addProperty("recv_bytes", status.received());
        json.addProperty("uptime_seconds", seconds(status.uptime()));
        status.error().ifPresent(error -> json.addProperty("error", error));
        Proxies.group(client).ifPresent(group -> {
            Optional<LegKeeper> keeper = Proxies.legs(client);
            legs(json, group, keeper);
            keeper.flatMap(k -> warning(k.count())).ifPresent(text -> json.addProperty("warning", text));
        });
        return json;
    }

    /** A single leg is what most routes have; it is worth a word only where more were asked for. */
    static Optional<String> warning(LegCount count) {
        boolean isAlone = count.actual() + count.standby() <= 1;
        return isAlone && count.requested() + count.spares() > 1
                ? Optional.of("a single leg: nothing takes over when it fails")
                : Optional.empty();
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1000.0;
    }
}
