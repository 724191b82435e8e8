package skywire.service.setup;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import skywire.key.PublicKey;
import skywire.link.KeyedListener;
import skywire.platform.Platform;
import skywire.route.setup.Dialer;
import skywire.route.setup.RouteBuilder;
import skywire.rpc.RpcListener;
import skywire.rpc.RpcServer;

/** A route setup node: visors ask it for routes, it asks the visors along the way (setup §4, §5). Thread-safe. */
public final class SetupNode implements Closeable {
    /** How long a link of a visor may be silent; visors make one call per link. */
    private static final Duration IDLE = Duration.ofSeconds(30);

    private static final Duration CALL_LIMIT = RouteBuilder.REQUEST_LIMIT;

    private final RouteBuilder builder;
    private final RpcListener listener;

    private SetupNode(RouteBuilder builder, RpcListener listener) {
        this.builder = builder;
        this.listener = listener;
    }

    /**
     * What may be set.
     *
     * @param anySource whether a caller may ask for routes that do not begin at itself
     * @param mostRequests requests at once, in all
     * @param mostPerVisor requests at once of one caller
     */
    public record Config(boolean anySource, int mostRequests, int mostPerVisor) {
        /** Routes begin at their caller; 512 requests at once, 32 per visor. */
        public static final Config DEFAULT = new Config(false, 512, 32);
    }

    /** How busy it is. */
    public record Health(int requests, long built, long failed, long refused) {}

    /**
     * Starts serving.
     *
     * @param listener on port 36; taken over
     * @param dialer reaches visors on port 136
     */
    public static SetupNode start(Platform platform, KeyedListener listener, Dialer dialer, Config config)
            throws IOException {
        RouteBuilder builder = RouteBuilder.open(platform, dialer);
        var limits = new RpcListener.Limits(config.mostRequests(), config.mostPerVisor());
        try {
            return new SetupNode(
                    builder,
                    RpcListener.start(
                            platform,
                            "setup-node",
                            listener,
                            caller -> true,
                            caller -> server(platform, builder, caller, config),
                            limits));
        } catch (IOException e) {
            builder.close();
            throw e;
        }
    }

    private static RpcServer server(Platform platform, RouteBuilder builder, PublicKey caller, Config config) {
        return new RpcServer(
                platform.clock(), IDLE, CALL_LIMIT, List.of(builder.dialRouteGroup(caller, config.anySource())));
    }

    /** How busy it is. */
    public Health health() {
        return new Health(listener.open(), builder.built(), builder.failed(), listener.refused());
    }

    /** Stops serving; requests under way fail. */
    @Override
    public void close() {
        listener.close();
        builder.close();
    }
}
