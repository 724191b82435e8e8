package skywire.cli;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command {@code skywire}. */
public final class Main {
    private Main() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] args) {
        Console console = Console.system();
        int code = run(console, args);
        console.out().flush();
        if (console.lost().isPresent() && code == Exit.OK) {
            console.error("the results could not be written: " + console.lost().get(), null);
            code = Exit.FAILED;
        }
        console.err().flush();
        System.exit(code);
    }

    /** Runs one command; its exit code is one of {@link Exit}. */
    static int run(Console console, String... args) {
        CommandLine line = commandLine(console, args.length == 0 ? "" : args[0]);
        if (args.length == 0) {
            line.usage(console.err());
            return Exit.USAGE;
        }
        return line.execute(args);
    }

    /** The parser: with one command if {@code first} names it, since loading all of them takes time; else with all. */
    static CommandLine commandLine(Console console, String first) {
        var line = new CommandLine(new Root(console));
        for (Commands command : Commands.values()) {
            if (command.title().equals(first) || Commands.find(first).isEmpty()) {
                line.addSubcommand(command.title(), command.create());
            }
        }
        line.setOut(console.out());
        line.setErr(console.err());
        line.setColorScheme(CommandLine.Help.defaultColorScheme(
                console.colour() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
        line.setUsageHelpWidth(console.proseWidth());
        line.setUsageHelpAutoWidth(false);
        line.setParameterExceptionHandler((e, args) -> wrongUsage(console, e));
        line.setExecutionExceptionHandler((e, failed, result) -> failed(console, e));
        return line;
    }

    private static int wrongUsage(Console console, ParameterException e) {
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        console.error(told(e), "see:  " + command + " --help");
        return Exit.USAGE;
    }

    private static String told(ParameterException e) {
        boolean hasCommands = !e.getCommandLine().getSubcommands().isEmpty();
        if (e instanceof UnmatchedArgumentException unmatched) {
            String word = unmatched.getUnmatched().getFirst();
            String what =
                    word.startsWith("-") ? "unknown option" : hasCommands ? "unknown command" : "one word too many:";
            boolean isOption = e.getCommandLine().getCommandSpec().findOption("--" + word) != null;
            List<String> like = isOption ? List.of("--" + word) : unmatched.getSuggestions();
            return what + " \"" + word + "\"" + (like.isEmpty() ? "" : " (did you mean \"" + like.getFirst() + "\"?)");
        }
        if (e.getClass() == ParameterException.class && hasCommands && e.getArgSpec() == null) {
            return "which command? " + String.join(", ", visible(e.getCommandLine()));
        }
        return String.valueOf(e.getMessage()).replaceAll("\\s*\\R\\s*", " ");
    }

    private static List<String> visible(CommandLine command) {
        return command.getSubcommands().entrySet().stream()
                .filter(sub -> !sub.getValue().getCommandSpec().usageMessage().hidden())
                .map(Map.Entry::getKey)
                .toList();
    }

    private static int failed(Console console, Exception e) {
        if (e instanceof IOException io) {
            if (ResultStream.isClosedPipe(io)) {
                return Exit.FAILED; // of a command that writes bytes: its reader has gone
            }
            return Exit.tell(console, io);
        }
        console.error("bug: " + e, "please report it with these lines");
        e.printStackTrace(console.err());
        return Exit.FAILED;
    }

    /** The root; also carries the console to all commands. */
    @Command(
            name = "skywire",
            description = "A node for the Skywire overlay network.",
            synopsisSubcommandLabel = "COMMAND",
            footer = {"", "Every command has --help. Start with:  skywire local"},
            versionProvider = Version.class)
    static final class Root implements Runnable {
        final Console console;

        @Spec
        CommandSpec spec;

        @Option(
                names = {"-h", "--help"},
                usageHelp = true,
                description = "Show this help.")
        boolean help;

        @Option(
                names = {"-V", "--version"},
                versionHelp = true,
                description = "Show the version.")
        boolean version;

        Root(Console console) {
            this.console = console;
        }

        @Override
        public void run() {
            throw new ParameterException(spec.commandLine(), "which command?");
        }
    }
}
