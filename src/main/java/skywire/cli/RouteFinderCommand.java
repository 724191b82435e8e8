package skywire.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import skywire.config.Config;
import skywire.config.ConfigException;
import skywire.directory.DmsgDirectory;
import skywire.directory.HttpTransportDirectory;
import skywire.http.HttpClient;
import skywire.http.HttpUrl;
import skywire.key.SecretKey;
import skywire.service.routes.RouteFinderService;

/** {@code route-finder}. */
@Command(name = "route-finder", description = "Run a route finder: it tells visors which paths lead to others.")
final class RouteFinderCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Mixin
    Program program;

    @Override
    public Integer call() throws IOException {
        return new ServiceProgram(program, "route-finder").run(ControlCommand.console(spec), RouteFinderCommand::start);
    }

    /** All that its configuration says. */
    record Settings(
            RouteFinderService.Config config, HttpClient transports, Optional<DmsgDirectory> servers, SecretKey key) {
        static Settings read(Program.Start start) throws ConfigException {
            Config config = start.config();
            HttpUrl transports = ServiceConfig.url(config, "transport_discovery");
            var servers = ServiceConfig.optionalDiscovery(start.platform(), config.object("dmsg"));
            var settings = new RouteFinderService.Config(
                    config.address("listening_address", ":9092"), config.duration("refresh", Duration.ofSeconds(5)));
            SecretKey key = ServiceConfig.key(start, settings.listen());
            return new Settings(settings, ServiceConfig.http(start.platform(), transports), servers, key);
        }
    }

    private static ServiceProgram.Running start(Program.Start start) throws IOException {
        Settings settings = Settings.read(start);
        var transports = new HttpTransportDirectory(start.platform(), settings.transports(), settings.key());
        RouteFinderService finder = RouteFinderService.start(start.platform(), settings.config(), transports::all);
        if (settings.servers().isPresent()) {
            try {
                finder.serveDmsg(settings.key(), settings.servers().get());
            } catch (IOException e) {
                finder.close();
                throw e;
            }
        }
        return new ServiceProgram.Running(
                settings.key().publicKey(),
                "listens on " + finder.address(),
                finder::trouble,
                info -> {
                    info.addProperty("address", finder.address().toString());
                    info.addProperty("dmsg_servers", finder.dmsgSessions());
                },
                finder);
    }
}
