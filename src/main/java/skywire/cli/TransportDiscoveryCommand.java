package skywire.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import skywire.config.Config;
import skywire.config.ConfigException;
import skywire.key.SecretKey;
import skywire.service.transports.TransportDiscovery;

/** {@code transport-discovery}. */
@Command(
        name = "transport-discovery",
        description = "Run a transport discovery: it knows the transports between visors.")
final class TransportDiscoveryCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Mixin
    Program program;

    @Override
    public Integer call() throws IOException {
        return new ServiceProgram(program, "transport-discovery")
                .run(ControlCommand.console(spec), TransportDiscoveryCommand::start);
    }

    private static ServiceProgram.Running start(Program.Start start) throws IOException {
        TransportDiscovery.Config config = read(start.config());
        var servers =
                ServiceConfig.optionalDiscovery(start.platform(), start.config().object("dmsg"));
        Optional<Path> store = ServiceConfig.store(start, "transports.db");
        SecretKey key = ServiceConfig.key(start, config.listen());
        TransportDiscovery discovery = store.isPresent()
                ? TransportDiscovery.start(start.platform(), config, store.get())
                : TransportDiscovery.start(start.platform(), config);
        if (servers.isPresent()) {
            try {
                discovery.serveDmsg(key, servers.get());
            } catch (IOException e) {
                discovery.close();
                throw e;
            }
        }
        return new ServiceProgram.Running(
                key.publicKey(),
                "listens on " + discovery.address(),
                discovery::trouble,
                info -> {
                    info.addProperty("address", discovery.address().toString());
                    info.addProperty("transports", discovery.size());
                    info.addProperty("dmsg_servers", discovery.dmsgSessions());
                },
                discovery);
    }

    private static TransportDiscovery.Config read(Config config) throws ConfigException {
        TransportDiscovery.Config usual = TransportDiscovery.Config.at(config.address("listening_address", ":9091"));
        return new TransportDiscovery.Config(
                usual.listen(),
                config.publicKeys("network_monitors"),
                config.duration("transport_timeout", usual.lifetime()),
                config.integer("capacity", usual.capacity(), 1, 10_000_000),
                config.integer("max_per_visor", usual.mostPerEdge(), 1, 1_000_000));
    }
}
