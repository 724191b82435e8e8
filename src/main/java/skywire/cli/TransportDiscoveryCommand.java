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
import skywire.directory.DmsgDirectory;
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

    /** All that its configuration says. */
    record Settings(
            TransportDiscovery.Config config, Optional<DmsgDirectory> servers, Optional<Path> store, SecretKey key) {
        static Settings read(Program.Start start) throws ConfigException {
            TransportDiscovery.Config config = TransportDiscoveryCommand.read(start.config());
            Config dmsg = start.config().object("dmsg");
            Optional<DmsgDirectory> servers = ServiceConfig.optionalDiscovery(start.platform(), dmsg);
            Optional<Path> store = ServiceConfig.store(start, "transports.db");
            return new Settings(config, servers, store, ServiceConfig.key(start, config.listen()));
        }
    }

    private static ServiceProgram.Running start(Program.Start start) throws IOException {
        Settings settings = Settings.read(start);
        TransportDiscovery discovery = settings.store().isPresent()
                ? TransportDiscovery.start(
                        start.platform(), settings.config(), settings.store().get())
                : TransportDiscovery.start(start.platform(), settings.config());
        if (settings.servers().isPresent()) {
            try {
                discovery.serveDmsg(settings.key(), settings.servers().get());
            } catch (IOException e) {
                discovery.close();
                throw e;
            }
        }
        return new ServiceProgram.Running(
                settings.key().publicKey(),
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
