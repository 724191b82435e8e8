package skywire.cli;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import skywire.config.Config;
import skywire.config.ConfigException;
import skywire.directory.DmsgDirectory;
import skywire.dmsg.DmsgAddress;
import skywire.dmsg.DmsgClient;
import skywire.dmsg.DmsgConfig;
import skywire.key.SecretKey;
import skywire.platform.Failure;
import skywire.platform.HostPort;
import skywire.route.setup.SetupPorts;
import skywire.service.setup.SetupNode;

/** {@code setup-node}. */
@Command(
        name = "setup-node",
        description = "Run a setup node: it sets up routes for visors, and takes them back when that fails.")
final class SetupNodeCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Mixin
    Program program;

    @Override
    public Integer call() throws IOException {
        return new ServiceProgram(program, "setup-node").run(ControlCommand.console(spec), SetupNodeCommand::start);
    }

    /** All that its configuration says. */
    record Settings(DmsgDirectory directory, int sessions, SetupNode.Config limits, SecretKey key) {
        static Settings read(Program.Start start) throws ConfigException {
            Config config = start.config();
            Config dmsg = config.object("dmsg");
            DmsgDirectory directory = ServiceConfig.discovery(start.platform(), dmsg);
            int sessions = dmsg.integer("sessions_count", 2, 0, 1000);
            SetupNode.Config usual = SetupNode.Config.DEFAULT;
            var limits = new SetupNode.Config(
                    config.flag("any_source", usual.anySource()),
                    config.integer("max_requests", usual.mostRequests(), 1, 100_000),
                    config.integer("max_requests_per_visor", usual.mostPerVisor(), 1, 100_000));
            HostPort discovery = ServiceConfig.url(dmsg, "discovery").address();
            return new Settings(directory, sessions, limits, ServiceConfig.key(start, discovery));
        }
    }

    private static ServiceProgram.Running start(Program.Start start) throws IOException {
        Settings settings = Settings.read(start);
        DmsgConfig presence = DmsgConfig.of(settings.key()).withSessions(settings.sessions());
        DmsgClient client = DmsgClient.start(start.platform(), presence, settings.directory());
        SetupNode node;
        try {
            node = SetupNode.start(
                    start.platform(),
                    client.listen(SetupPorts.SETUP_NODE),
                    (to, port, deadline) -> client.dial(new DmsgAddress(to, port), deadline),
                    settings.limits());
        } catch (IOException e) {
            client.close();
            throw e;
        }
        return new ServiceProgram.Running(
                settings.key().publicKey(),
                "serves dmsg port " + SetupPorts.SETUP_NODE + " of "
                        + settings.key().publicKey(),
                () -> client.isReady() ? Optional.empty() : Optional.of(trouble(client)),
                info -> {
                    SetupNode.Health health = node.health();
                    info.addProperty("dmsg_servers", client.sessions().size());
                    info.addProperty("requests", health.requests());
                    info.addProperty("routes_built", health.built());
                    info.addProperty("routes_failed", health.failed());
                },
                () -> {
                    node.close();
                    client.close();
                });
    }

    private static String trouble(DmsgClient client) {
        return "no dmsg server is connected"
                + client.trouble().map(e -> ": " + Failure.text(e)).orElse("");
    }
}
