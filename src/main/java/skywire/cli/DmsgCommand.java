package skywire.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import skywire.bytes.MalformedException;
import skywire.dmsg.DmsgAddress;

/** Talking over dmsg without a running node, and the sessions of a running one. */
@Command(
        name = "dmsg",
        description = "Talk over dmsg: fetch, connect, probe.",
        subcommands = {DmsgCurl.class, DmsgCat.class, DmsgProbeCommand.class, DmsgCommand.Sessions.class, DmsgConf.class
        })
final class DmsgCommand {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    /** An address a person has typed; what is wrong with it is a wrong use of the command. */
    static DmsgAddress address(CommandSpec spec, String text, KnownKeys known) throws IOException {
        try {
            DmsgAddress address = DmsgAddress.parse(known.expand(text));
            if (address.key().isNull()) {
                throw new MalformedException("a public key has 66 hex digits and begins with 02 or 03");
            }
            return address;
        } catch (MalformedException e) {
            throw new ParameterException(spec.commandLine(), "\"" + text + "\": " + e.getMessage());
        }
    }

    /** The same, with a port in it. */
    static DmsgAddress addressWithPort(CommandSpec spec, String text, KnownKeys known) throws IOException {
        DmsgAddress address = address(spec, text, known);
        if (address.port() == 0) {
            throw new ParameterException(
                    spec.commandLine(), "which port? Write " + address.key().hex() + ":PORT");
        }
        return address;
    }

    /** {@code dmsg sessions}. */
    @Command(name = "sessions", description = "Servers the running node is connected to.")
    static final class Sessions extends ListCommand {
        @Override
        String method() {
            return "visor.info";
        }

        @Override
        JsonObject result(JsonObject parameters) throws IOException {
            var sessions = new JsonObject();
            JsonObject info = super.result(parameters);
            sessions.add("sessions", info.has("dmsg_sessions") ? info.get("dmsg_sessions") : new JsonArray());
            return sessions;
        }

        @Override
        String schema() {
            return "dmsg.sessions";
        }

        @Override
        void render(JsonObject result, Console console) {
            var table = new Table("server", "address", ">rtt", ">streams", ">age");
            for (Fields s : Fields.list(result, "sessions")) {
                table.row(
                        Units.brief(s.text("server"), options.full),
                        s.text("address"),
                        s.millis("rtt_ms"),
                        s.text("streams"),
                        s.age("age_seconds"));
            }
            if (table.isEmpty()) {
                console.line("no sessions");
            } else {
                table.print(console);
            }
        }
    }
}
