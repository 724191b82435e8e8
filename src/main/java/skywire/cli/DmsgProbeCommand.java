package skywire.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import skywire.dmsg.DmsgAddress;
import skywire.dmsg.DmsgProbe;
import skywire.entry.DmsgEntry;
import skywire.key.PublicKey;
import skywire.limit.LogLimit;
import skywire.platform.Deadline;

/** {@code dmsg probe}: can a key be reached, through which servers, how fast, and if not, why. */
@Command(
        name = "probe",
        description =
                "Dial a key through each of its servers; exits with 0 if one leads there, and with 1 if the port that"
                        + " is named does not accept.")
final class DmsgProbeCommand implements Callable<Integer> {
    /** The port on which nodes answer pings (spec dmsg §10); a refusal of it shows as well that the key answers. */
    private static final int CONTROL_PORT = 7;

    @Spec
    CommandSpec spec;

    @Parameters(paramLabel = "KEY[:PORT]", description = "Whom to dial; port " + CONTROL_PORT + " unless given.")
    String address;

    @Option(
            names = {"-a", "--all"},
            description = "Try all servers, not only those the key names.")
    boolean all;

    @Mixin
    DmsgOptions dmsg;

    @Mixin
    DmsgOptions.Client client;

    @Mixin
    ControlOptions options;

    @Override
    public Integer call() throws IOException {
        Console console = ControlCommand.console(spec);
        DmsgAddress typed = DmsgCommand.address(spec, address, new KnownKeys(console, dmsg, options));
        DmsgAddress to = typed.port() == 0 ? new DmsgAddress(typed.key(), CONTROL_PORT) : typed;
        Deadline deadline = options.deadline();
        Discovery discovery = dmsg.discovery(console, options);
        List<DmsgProbe.Result> results;
        try (Overlay overlay =
                Overlay.towards(to.key(), client.service, discovery, Overlay.key(client.key), deadline)) {
            results = new DmsgProbe(overlay.client(), to).run(servers(discovery, to, deadline), deadline);
        }
        if (options.json) {
            ControlCommand.printJson(console, "dmsg.probe", json(to, results));
        } else {
            show(console, to, results);
        }
        return exitCode(results, typed.port() != 0);
    }

    /** Whoever names a port wants to know whether it accepts; without one, whether the key answers. */
    private static int exitCode(List<DmsgProbe.Result> results, boolean portNamed) {
        if (results.stream().noneMatch(DmsgProbeCommand::leads)) {
            return Exit.UNREACHABLE;
        }
        boolean accepts = results.stream().anyMatch(r -> r.outcome() == DmsgProbe.Outcome.OPEN);
        return accepts || !portNamed ? Exit.OK : Exit.FAILED;
    }

    private static boolean leads(DmsgProbe.Result r) {
        return r.outcome() == DmsgProbe.Outcome.OPEN || r.outcome() == DmsgProbe.Outcome.ANSWERS;
    }

    private List<PublicKey> servers(Discovery discovery, DmsgAddress to, Deadline deadline) throws IOException {
        List<PublicKey> servers = new ArrayList<>();
        discovery.entry(to.key(), deadline).ifPresent(entry -> servers.addAll(entry.delegatedServers()));
        if (all || client.service) {
            discovery.servers(deadline).stream().map(DmsgEntry::key).forEach(servers::add);
        }
        return servers;
    }

    private void show(Console console, DmsgAddress to, List<DmsgProbe.Result> results) {
        if (results.isEmpty()) {
            console.line(to.key().brief() + " names no servers; it is not connected to any");
            return;
        }
        var table = new Table("server", "address", ">rtt", ">dial", "result");
        for (DmsgProbe.Result r : results) {
            table.row(
                    Units.brief(r.server().hex(), options.full),
                    r.address().isEmpty() ? null : r.address(),
                    millis(r.roundTrip()),
                    millis(r.dial()),
                    LogLimit.clean(told(to, r)));
        }
        table.print(console);
    }

    private static String told(DmsgAddress to, DmsgProbe.Result r) {
        return switch (r.outcome()) {
            case OPEN -> "port " + to.port() + " accepts";
            case ANSWERS -> "answers; port " + to.port() + " does not accept: " + r.trouble();
            case NO_WAY -> "does not lead there: " + r.trouble();
            case NO_SERVER -> "server not reached: " + r.trouble();
        };
    }

    private static String millis(Duration time) {
        return time.isZero() ? null : Units.millis(time.toNanos() / 1e6);
    }

    private static JsonObject json(DmsgAddress to, List<DmsgProbe.Result> results) {
        var list = new JsonArray();
        for (DmsgProbe.Result r : results) {
            var one = new JsonObject();
            one.addProperty("server", r.server().hex());
            one.addProperty("address", r.address().isEmpty() ? null : r.address());
            one.addProperty("outcome", r.outcome().name().toLowerCase(java.util.Locale.ROOT));
            one.addProperty(
                    "rtt_ms", r.roundTrip().isZero() ? null : r.roundTrip().toNanos() / 1e6);
            one.addProperty("dial_ms", r.dial().isZero() ? null : r.dial().toNanos() / 1e6);
            one.addProperty("error", r.trouble().isEmpty() ? null : r.trouble());
            list.add(one);
        }
        var result = new JsonObject();
        result.addProperty("pk", to.key().hex());
        result.addProperty("port", to.port());
        result.addProperty("reachable", results.stream().anyMatch(DmsgProbeCommand::leads));
        result.add("servers", list);
        return result;
    }
}
