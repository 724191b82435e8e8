package skywire.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** docs/commands.md says what the commands say of themselves. */
class CommandsPageTest {
    private static final Path PAGE = Path.of("docs/commands.md");

    /** Options that mean the same everywhere, told once. */
    private static final Set<String> COMMON = Set.of("--control", "--timeout", "--json", "--full", "--help", "--watch");

    private static final String INTRODUCTION = """
            # Commands

            `skywire COMMAND --help` shows the same as this page. `skywire shell` takes all of them line by line, with
            completion. Written by `CommandsPageTest` from the commands themselves; do not edit it.

            Options that many commands have:

            | option | meaning |
            |---|---|
            | `--json` | the result as JSON, with a `schema` field |
            | `--full` | keys and ids in full; otherwise their first 8 digits, which are accepted too where unique |
            | `--watch [TIME]` | show it again every so often |
            | `--timeout TIME` | how long to wait for an answer, 30 s unless said; 0 for ever |
            | `--control SOCKET` | the control socket of the program to talk to, else `$SKYWIRE_CONTROL`, else `./local`, else the state folders `skywire` and `skywire-local`; of a dmsg server: `skywire/dmsg-server` |

            Exit codes: 0 done, 1 failed, 2 wrong use, 3 not reachable, 124 not in time, 130 interrupted, 143
            terminated. Results go to the output, progress and errors to the error output.
            """;

    @TempDir
    Path folder;

    @Test
    void thePageIsUpToDate() throws IOException {
        var page = new StringBuilder(INTRODUCTION);
        CommandLine tree = Main.commandLine(new Cli(folder).console(), "");
        tree.getSubcommands().forEach((name, command) -> chapter(page, command.getCommandSpec()));
        String before = Files.exists(PAGE) ? Files.readString(PAGE) : "";
        if (!before.equals(page.toString())) {
            Files.writeString(PAGE, page);
        }
        assertEquals(before, page.toString(), PAGE + " was not up to date; it is now: look at it and commit it");
    }

    private static void chapter(StringBuilder page, CommandSpec command) {
        if (command.usageMessage().hidden()) {
            return;
        }
        page.append("\n## ")
                .append(command.name())
                .append("\n\n")
                .append(description(command))
                .append('\n');
        boolean runs = Runnable.class.isAssignableFrom(command.userObject().getClass())
                || java.util.concurrent.Callable.class.isAssignableFrom(
                        command.userObject().getClass());
        if (runs) {
            entry(page, command);
        }
        entries(page, command);
    }

    /** The commands in a command; those in them by their own, with the whole path. */
    private static void entries(StringBuilder page, CommandSpec command) {
        command.subcommands().forEach((name, sub) -> {
            CommandSpec spec = sub.getCommandSpec();
            if (spec.usageMessage().hidden()) {
                return;
            }
            if (spec.subcommands().isEmpty()) {
                page.append("\n**").append(description(spec)).append("**\n");
                entry(page, spec);
            } else {
                entries(page, spec);
            }
        });
    }

    private static String description(CommandSpec command) {
        return String.join(" ", command.usageMessage().description());
    }

    private static void entry(StringBuilder page, CommandSpec command) {
        var line = new StringBuilder(command.qualifiedName());
        for (PositionalParamSpec param : command.positionalParameters()) {
            line.append(param.arity().min() == 0 ? " [" + param.paramLabel() + "]" : " " + param.paramLabel());
        }
        Set<String> common = new TreeSet<>();
        List<OptionSpec> own = new ArrayList<>();
        for (OptionSpec option : command.options()) {
            if (!COMMON.contains(option.longestName())) {
                own.add(option);
            } else if (!option.longestName().equals("--help")) {
                common.add(option.longestName());
            }
        }
        page.append("\n```console\n").append(line).append(own.isEmpty() && common.isEmpty() ? "" : " [OPTIONS]");
        page.append("\n```\n");
        if (own.isEmpty() && command.positionalParameters().isEmpty()) {
            page.append(common.isEmpty() ? "" : "\nOptions: `" + String.join("`, `", common) + "`.\n");
            return;
        }
        page.append("\n| | |\n|---|---|\n");
        command.positionalParameters().forEach(param -> row(page, param.paramLabel(), param.description()));
        own.forEach(option -> row(page, names(option), option.description()));
        if (!common.isEmpty()) {
            row(page, String.join("`, `", common), "see above");
        }
    }

    private static String names(OptionSpec option) {
        String value = option.arity().max() == 0 ? "" : " " + option.paramLabel();
        return String.join("`, `", option.names()) + value;
    }

    private static void row(StringBuilder page, String what, String... description) {
        page.append("| `").append(what.replace("|", "\\|")).append("` | ");
        page.append(String.join(" ", description).replace("|", "\\|")).append(" |\n");
    }
}
