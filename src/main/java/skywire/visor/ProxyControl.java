package skywire.visor;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import skywire.app.socks.SocksClient;
import skywire.app.socks.SocksClientConfig;
import skywire.control.ControlCall;
import skywire.control.ControlException;
import skywire.key.PublicKey;
import skywire.platform.Failure;
import skywire.platform.HostPort;
import skywire.platform.Platform;
import skywire.route.group.RouteGroup;
import skywire.route.setup.LegWish;
import skywire.route.setup.RouteDialer;
import skywire.route.setup.RouteRequest;

/** The methods by which an operator starts and stops proxies. Thread-safe. */
final class ProxyControl {
    /**
     * A proxy works with its first leg, and nobody is to wait for the others; near by they are up in no time, and then
     * the answer may as well tell of them.
     */
    private static final Duration LEGS_LIMIT = Duration.ofSeconds(2);

    private final Platform platform;
    private final Visor visor;
    private final RouteViews views;
    private final Map<PublicKey, String> exits;

    /**
     * @param exits visors that are known to be exits, with what to call them
     */
    ProxyControl(Platform platform, Visor visor, RouteViews views, Map<PublicKey, String> exits) {
        this.platform = platform;
        this.visor = visor;
        this.views = views;
        this.exits = new LinkedHashMap<>(exits);
    }

    JsonElement start(ControlCall call) throws IOException {
        PublicKey exit = VisorControl.key(call, "pk");
        SocksClientConfig config = config(call, exit);
        LegWish legs = legs(call, visor.config().routing().muxRoutes());
        if (visor.config().routing().setupNodes().isEmpty()) {
            throw new ControlException(
                    Failure.Kind.REFUSED,
                    "no setup node is configured",
                    "name one in the configuration:  \"routing\": {\"route_setup_nodes\": [..]}");
        }
        checkName(config.name());
        SocksClient client = visor.proxies()
                .start(config, legs, call::progress, platform.clock().in(RouteDialer.DIAL_LIMIT));
        LegStatus.await(client, call::progress, platform.clock().in(LEGS_LIMIT));
        return views.proxy(client);
    }

    /**
     * How many legs are asked for, and how long (mux §4.2). What is said of this proxy counts, also 1.
     *
     * @param usual legs where nothing is said
     */
    static LegWish legs(ControlCall call, int usual) throws ControlException {
        int mux = call.integer("mux", usual, 1, RouteGroup.MOST_LEGS);
        int forward = call.integer("forward_mux", mux, 1, RouteGroup.MOST_LEGS);
        int reverse = call.integer("reverse_mux", mux, 1, RouteGroup.MOST_LEGS);
        int inUse = Math.max(forward, reverse);
        int spares = call.integer("standby", -1, 0, RouteGroup.MOST_LEGS - 1);
        if (inUse + spares > RouteGroup.MOST_LEGS) {
            throw ControlException.badParameter(inUse + " legs and " + spares + " standbys are more than the "
                    + RouteGroup.MOST_LEGS + " that a route can have");
        }
        int hops = call.integer("hops", 0, 1, RouteRequest.MOST_HOPS);
        int least = call.integer("min_hops", 0, 1, RouteRequest.MOST_HOPS);
        if (hops > 0 && least > 0) {
            throw ControlException.badParameter(
                    "\"hops\" is exact, so there is nothing for \"min_hops\" to say: give one of them");
        }
        // Who wants several legs wants to get over the loss of one, and a spare costs keep-alives only.
        int warm = spares >= 0 ? spares : inUse > 1 ? 1 : 0;
        return new LegWish(forward, reverse, warm, hops > 0 ? hops : least, hops);
    }

    private void checkName(String name) throws ControlException {
        if (visor.proxies().list().stream().anyMatch(c -> c.config().name().equals(name))) {
            throw new ControlException(
                    Failure.Kind.REFUSED,
                    "a proxy called " + name + " runs already",
                    "stop it:  skywire proxy stop " + name + "   or start a second one:  --name NAME --addr HOST:PORT");
        }
    }

    private static SocksClientConfig config(ControlCall call, PublicKey exit) throws ControlException {
        try {
            Optional<String> socks = call.optional("addr");
            Optional<String> http = call.optional("http");
            return new SocksClientConfig(
                    call.optional("name").orElse(SocksClientConfig.NAME),
                    exit,
                    socks.map(HostPort::parse).orElse(SocksClientConfig.SOCKS),
                    http.map(HostPort::parse),
                    call.optional("passcode"));
        } catch (IllegalArgumentException e) {
            throw ControlException.badParameter(e.getMessage());
        }
    }

    JsonElement stop(ControlCall call) throws IOException {
        Optional<String> wanted = call.optional("name");
        List<SocksClientConfig> running = visor.proxies().configs();
        List<SocksClientConfig> chosen = call.flag("all", false)
                ? running
                : wanted.isPresent()
                        ? running.stream()
                                .filter(c -> isCalled(c, wanted.get()))
                                .toList()
                        : running.size() == 1 ? running : List.of();
        if (chosen.isEmpty() && !call.flag("all", false)) {
            throw new ControlException(
                    Failure.Kind.NOT_FOUND,
                    running.isEmpty()
                            ? "no proxy runs"
                            : wanted.map(w -> "no proxy is called " + w)
                                    .orElse(running.size() + " proxies run, which one?"),
                    running.isEmpty() ? null : "see:  skywire proxy status");
        }
        var stopped = new JsonArray();
        for (SocksClientConfig proxy : chosen) {
            if (visor.proxies().stop(proxy.name())) {
                stopped.add(proxy.name());
            }
        }
        return VisorControl.list("stopped", stopped);
    }

    private static boolean isCalled(SocksClientConfig proxy, String wanted) {
        return proxy.name().equals(wanted)
                || wanted.length() >= 4 && proxy.exit().hex().startsWith(wanted.toLowerCase(Locale.ROOT));
    }

    JsonElement exits() {
        Map<PublicKey, String> known = new LinkedHashMap<>(exits);
        visor.proxies()
                .list()
                .forEach(c -> known.putIfAbsent(
                        c.config().exit(), "used by " + c.config().name()));
        var list = new JsonArray();
        known.forEach((key, label) -> {
            var json = new JsonObject();
            json.addProperty("pk", key.hex());
            json.addProperty("label", label);
            list.add(json);
        });
        return VisorControl.list("servers", list);
    }
}
