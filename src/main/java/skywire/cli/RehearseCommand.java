package skywire.cli;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import skywire.control.ControlServer;
import skywire.key.SecretKey;
import skywire.platform.Platform;

/** Goes through the motions of short commands, so that the start-up cache knows the classes they need. */
@Command(name = "rehearse", hidden = true, description = "Train the start-up cache.")
final class RehearseCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Path folder = Files.createTempDirectory("skywire");
        Path socket = folder.resolve("control.sock");
        var silent = new PrintWriter(Writer.nullWriter());
        Console console = new Console(
                silent, silent, false, 100, ControlCommand.console(spec).environment());
        try (ControlServer server = ControlServer.start(Platform.system(), socket)) {
            for (String method : new String[] {"visor.info", "visor.health", "tp.list", "proxy.status"}) {
                server.method(method, call -> answer());
                String[] words = method.split("\\.");
                String command = words[1].equals("list") ? "ls" : words[1];
                Main.run(console, words[0], command, "--control", socket.toString());
                Main.run(console, words[0], command, "--json", "--control", socket.toString());
            }
            Main.run(
                    console,
                    "visor",
                    "info",
                    "--control",
                    folder.resolve("none").toString());
            Main.run(console, "visor", "--help");
            SecretKey.generate(Platform.system().random()).publicKey();
        } finally {
            Files.deleteIfExists(socket);
            Files.deleteIfExists(folder.resolve("control.sock.lock"));
            Files.deleteIfExists(folder);
        }
        return Exit.OK;
    }

    private static JsonObject answer() {
        var answer = new JsonObject();
        var list = new com.google.gson.JsonArray();
        var item = new JsonObject();
        item.addProperty("pk", "02");
        item.addProperty("rtt_ms", 1.5);
        item.addProperty("age_seconds", 90);
        item.addProperty("sent_bytes", 90_000);
        list.add(item);
        answer.addProperty("uptime_seconds", 1.5);
        for (String name : new String[] {"transports", "dmsg_sessions", "checks", "proxies"}) {
            answer.add(name, list);
        }
        return answer;
    }
}
