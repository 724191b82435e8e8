package skywire.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import skywire.config.Config;
import skywire.directory.HttpTransportDirectory;
import skywire.http.HttpClient;
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

    private static ServiceProgram.Running start(Program.Start start) throws IOException {
        Config config = start.config();
        HttpClient transports = ServiceConfig.http(start.platform(), ServiceConfig.url(config, "transport_discovery"));
        var servers = ServiceConfig.optionalDiscovery(start.platform(), config.object("dmsg"));
        var settings = new RouteFinderService.Config(
                config.address("listening_address", ":9092"), config.duration("refresh", Duration.ofSeconds(5)));
        SecretKey key = ServiceConfig.key(start, settings.listen());
        RouteFinderService finder = RouteFinderService.start(
                start.platform(), settings, new HttpTransportDirectory(start.platform(), transports, key)::all);
        if (servers.isPresent()) {
            try {
                finder.serveDmsg(key, servers.get());
            } catch (IOException e) {
                finder.close();
                throw e;
            }
        }
        return new ServiceProgram.Running(
                key.publicKey(),
                "listens on " + finder.address(),
                finder::trouble,
                info -> {
                    info.addProperty("address", finder.address().toString());
                    info.addProperty("dmsg_servers", finder.dmsgSessions());
                },
                finder);
    }
}
