package skywire.cli;

import com.google.gson.JsonObject;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The visors of {@code skywire local}: which there are, and experiments with them. */
final class LocalVisors {
    private static final String ALONE = "what answers is a single program, not a local network of several visors";
    private static final String NETWORK = "start one:  skywire local   or say where it is:  --control SOCKET";

    private LocalVisors() {}

    /** {@code visor ls}. */
    @Command(name = "ls", description = "List the visors of a local network.")
    static final class Ls extends ListCommand {
        @Override
        String method() {
            return "visor.list";
        }

        @Override
        String unknown() {
            return ALONE;
        }

        @Override
        String unknownAdvice() {
            return NETWORK;
        }

        @Override
        void render(JsonObject result, Console console) {
            var table = new Table(">number", "key", "role", "state", ">transports", ">groups", ">rules");
            for (Fields v : Fields.list(result, "visors")) {
                table.row(
                        v.text("number"),
                        Units.brief(v.text("pk"), options.full),
                        v.text("role"),
                        v.flag("up") ? "up" : "dead",
                        v.text("transports"),
                        v.text("route_groups"),
                        v.text("rules"));
            }
            table.print(console);
        }
    }

    /** What kill and start share. */
    abstract static class One extends ControlCommand {
        @Parameters(paramLabel = "VISOR", description = "Its number, see: skywire visor ls.")
        int number;

        @Override
        JsonObject parameters() throws IOException {
            var params = new JsonObject();
            params.addProperty("number", number);
            return params;
        }

        @Override
        String unknown() {
            return ALONE;
        }

        @Override
        String unknownAdvice() {
            return NETWORK;
        }
    }

    /** {@code visor kill}. */
    @Command(name = "kill", description = "End a visor of a local network as a crash would.")
    static final class Kill extends One {
        @Override
        String method() {
            return "visor.kill";
        }

        @Override
        void render(JsonObject result, Console console) {
            console.line("visor " + number + " is dead; start it again:  skywire visor start " + number);
        }
    }

    /** {@code visor start}. */
    @Command(name = "start", description = "Start a visor of a local network again.")
    static final class Start extends One {
        @Override
        String method() {
            return "visor.start";
        }

        @Override
        void render(JsonObject result, Console console) {
            console.line("visor " + number + " is up");
        }
    }
}
