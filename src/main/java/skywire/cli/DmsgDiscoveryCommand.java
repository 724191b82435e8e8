package skywire.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import skywire.config.Config;
import skywire.config.ConfigException;
import skywire.entry.DmsgEntry;
import skywire.key.SecretKey;
import skywire.service.discovery.DmsgDiscovery;

/** {@code dmsg-discovery}. */
@Command(name = "dmsg-discovery", description = "Run a dmsg discovery: it knows which servers lead to which clients.")
final class DmsgDiscoveryCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Mixin
    Program program;

    @Override
    public Integer call() throws IOException {
        return new ServiceProgram(program, "dmsg-discovery")
                .run(ControlCommand.console(spec), DmsgDiscoveryCommand::start);
    }

    /** All that its configuration says. */
    record Settings(
            DmsgDiscovery.Config config, boolean overDmsg, List<DmsgEntry> known, Optional<Path> store, SecretKey key) {
        static Settings read(Program.Start start) throws ConfigException {
            DmsgDiscovery.Config config = DmsgDiscoveryCommand.read(start.config());
            Config dmsg = start.config().object("dmsg");
            boolean overDmsg = dmsg.flag("enable", true);
            List<DmsgEntry> known = ServiceConfig.servers(dmsg);
            Optional<Path> store = ServiceConfig.store(start, "entries.db");
            return new Settings(config, overDmsg, known, store, ServiceConfig.key(start, config.listen()));
        }
    }

    private static ServiceProgram.Running start(Program.Start start) throws IOException {
        Settings settings = Settings.read(start);
        DmsgDiscovery discovery = settings.store().isPresent()
                ? DmsgDiscovery.start(
                        start.platform(), settings.config(), settings.store().get())
                : DmsgDiscovery.start(start.platform(), settings.config());
        if (settings.overDmsg()) {
            try {
                discovery.serveDmsg(settings.key(), settings.known());
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
                    info.addProperty("entries", discovery.size());
                    info.addProperty("dmsg_servers", discovery.dmsgSessions());
                    info.addProperty("server_address_returns", discovery.addressReturns());
                },
                discovery);
    }

    private static DmsgDiscovery.Config read(Config config) throws ConfigException {
        return new DmsgDiscovery.Config(
                config.address("listening_address", ":9090"),
                config.flag("test_mode", false),
                config.string("auth", ""),
                config.publicKeys("official_servers"),
                config.publicKeys("network_monitors"),
                config.duration("entry_timeout", Duration.ZERO),
                config.integer("capacity", DmsgDiscovery.Config.CAPACITY, 1, 10_000_000));
    }
}
