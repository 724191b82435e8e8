package skywire.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import skywire.config.ConfigException;
import skywire.control.ControlPath;
import skywire.control.ControlServer;
import skywire.deployment.LocalMember;
import skywire.key.PublicKey;
import skywire.limit.LogLimit;
import skywire.platform.HostPort;
import skywire.visor.Visor;
import skywire.visor.VisorConfig;
import skywire.visor.VisorControl;

/** The node: runs it; and what the running one is, how it is, and its end. */
@Command(
        name = "visor",
        description = "Run a node, or ask the running one about itself.",
        subcommands = {
            VisorCommand.Info.class,
            VisorCommand.Health.class,
            VisorCommand.State.class,
            VisorCommand.Halt.class,
            LocalVisors.Ls.class,
            LocalVisors.Kill.class,
            LocalVisors.Start.class
        })
final class VisorCommand implements Callable<Integer> {
    @Mixin
    Program program;

    @Spec
    CommandSpec spec;

    /** Runs a node until it is told to end. */
    @Override
    public Integer call() throws IOException {
        return program.run(ControlCommand.console(spec), "visor", VisorCommand::start);
    }

    private static Closeable start(Program.Start start) throws IOException {
        ControlServer control =
                ControlServer.start(start.platform(), start.folder().resolve(ControlPath.NAME));
        try {
            ServiceProgram.answerEarly(control, "visor", start.halt());
            VisorConfig config = VisorConfig.read(start.config(), start::keyFile, start.folder());
            keepLocal(config);
            Visor visor = Visor.start(start.platform(), config);
            VisorControl.register(start.platform(), visor, control, start.halt());
            control.stage("");
            start.console()
                    .line("visor " + visor.key() + " is up, stcp " + visor.stcpAddress() + ", state in "
                            + start.folder());
            return () -> {
                visor.close();
                control.close();
            };
        } catch (IOException | RuntimeException e) {
            control.close();
            throw e;
        }
    }

    /** A setup node whose secret everybody has may set up routes only where nobody else comes. */
    private static void keepLocal(VisorConfig config) throws ConfigException {
        List<PublicKey> keys = new ArrayList<>(config.routing().setupNodes());
        keys.add(config.key().publicKey());
        List<HostPort> addresses = new ArrayList<>();
        config.stcp().listen().ifPresent(addresses::add);
        if (!config.discovery().isDmsg()) {
            addresses.add(config.discovery().address());
        }
        LocalMember.check(keys, addresses);
    }

    /** {@code visor info}. */
    @Command(name = "info", description = "Key, version, uptime and sizes of the node.")
    static final class Info extends ControlCommand {
        @Override
        String method() {
            return "visor.info";
        }

        @Override
        void render(JsonObject result, Console console) {
            var f = new Fields(result);
            String stage = f.text("stage", "");
            line(console, "program", f.text("program"));
            line(console, "key", f.text("local_pk"));
            line(console, "version", f.text("version"));
            line(console, "state", stage.isEmpty() ? "up " + f.age("uptime_seconds") : stage);
            line(console, "process", f.text("pid"));
            line(console, "folder", f.text("dir"));
            line(console, "transports", f.text("transports"));
            if (f.has("route_groups")) {
                line(console, "routes", f.count("route_groups", "group") + ", " + f.count("rules", "rule"));
            }
            for (Fields session : Fields.list(result, "dmsg_sessions")) {
                String rtt = session.millis("rtt_ms");
                line(
                        console,
                        "dmsg server",
                        Units.brief(session.text("server", "?"), options.full)
                                + (session.has("address") ? " at " + session.text("address") : "")
                                + (rtt == null ? "" : ", " + rtt));
            }
        }

        private static void line(Console console, String name, String value) {
            if (value != null) {
                console.line(String.format("%-12s %s", name, value));
            }
        }
    }

    /** {@code visor health}. */
    @Command(name = "health", description = "How the node is; exits with 0 only if it is well.")
    static final class Health extends ListCommand {
        @Override
        String method() {
            return "visor.health";
        }

        @Override
        int exitCode(JsonObject result) {
            return "RED".equals(new Fields(result).text("status", "RED")) ? Exit.FAILED : Exit.OK;
        }

        @Override
        void render(JsonObject result, Console console) {
            var f = new Fields(result);
            String status = f.text("status", "RED");
            String colour = status.equals("GREEN") ? "32" : status.equals("YELLOW") ? "33" : "31";
            console.line(console.paint(colour, status) + "  " + f.text("summary", ""));
            for (Fields check : Fields.list(result, "checks")) {
                String sign = switch (check.text("status", "fail")) {
                    case "ok" -> "✓";
                    case "warn" -> "!";
                    default -> "✗";
                };
                console.line(String.format(" %s %-11s %s", sign, check.text("name", ""), check.text("text", "")));
                if (check.has("hint")) {
                    console.line(" ".repeat(15) + check.text("hint"));
                }
            }
        }
    }

    /** {@code visor state}. */
    @Command(name = "state", description = "Everything the node tells about itself, without secrets.")
    static final class State extends ControlCommand {
        @Override
        String method() {
            return "visor.state";
        }

        @Override
        void render(JsonObject result, Console console) {
            tree(console, "", result);
        }

        private static void tree(Console console, String indent, JsonObject object) {
            for (Map.Entry<String, JsonElement> e : object.entrySet()) {
                member(console, indent, LogLimit.clean(e.getKey()), e.getValue());
            }
        }

        private static void member(Console console, String indent, String name, JsonElement value) {
            if (value instanceof JsonObject inner) {
                console.line(indent + name + ":");
                tree(console, indent + "  ", inner);
            } else if (value instanceof JsonArray list) {
                console.line(indent + name + ":" + (list.isEmpty() ? " none" : ""));
                for (JsonElement item : list) {
                    if (item instanceof JsonObject inner) {
                        console.line(indent + "  -");
                        tree(console, indent + "    ", inner);
                    } else {
                        member(console, indent + "  ", "-", item);
                    }
                }
            } else {
                String text = value.isJsonNull() ? "–" : LogLimit.clean(value.getAsString());
                console.line(indent + name + (name.equals("-") ? " " : ": ") + text);
            }
        }
    }

    /** {@code visor halt}. */
    @Command(name = "halt", description = "Stop the node.")
    static final class Halt extends ControlCommand {
        @Override
        String method() {
            return "visor.halt";
        }

        @Override
        void render(JsonObject result, Console console) {
            console.line("the node is stopping");
        }
    }
}
