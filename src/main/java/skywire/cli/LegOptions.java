package skywire.cli;

import com.google.gson.JsonObject;
import picocli.CommandLine.Option;

/** How many legs a route is to have. What is not said is left to the configuration of the node. */
final class LegOptions {
    @Option(
            names = {"--mux", "--routes"},
            paramLabel = "N",
            description = "Spread over so many legs that share no node on the way, 1 to 16 (default: mux_routes of the "
                    + "node's configuration).")
    Integer mux;

    @Option(names = "--min-hops", paramLabel = "N", description = "Fewest hops of every leg; 2 refuses the direct way.")
    Integer minHops;

    @Option(
            names = "--forward-mux",
            paramLabel = "N",
            description = "Legs that this node sends on at once (default: as --mux).")
    Integer forward;

    @Option(
            names = "--reverse-mux",
            paramLabel = "N",
            description = "Legs that the exit sends on at once (default: as --mux).")
    Integer reverse;

    @Option(
            names = "--standby",
            paramLabel = "N",
            description = "Legs beyond that, kept warm to take over (default: 1 with several legs, else 0).")
    Integer standby;

    /** Says to the node what was said here. */
    void addTo(JsonObject params) {
        params.addProperty("mux", mux);
        params.addProperty("min_hops", minHops);
        params.addProperty("forward_mux", forward);
        params.addProperty("reverse_mux", reverse);
        params.addProperty("standby", standby);
    }
}
