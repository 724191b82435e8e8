package skywire.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * What could come next in a line: commands and options from the command tree; keys, transports and proxies from the
 * running node. Which of these a parameter takes is told by its label in the help.
 */
final class ShellCompleter implements Completer {
    private final Supplier<CommandLine> tree;
    private final KnownNames known;

    ShellCompleter(Supplier<CommandLine> tree, KnownNames known) {
        this.tree = tree;
        this.known = known;
    }

    /** Where in the tree a line has come to. */
    private static final class Place {
        CommandSpec command;
        int positionals;
        OptionSpec wantsValue; // the option before, if it still needs its value; else null

        Place(CommandSpec root) {
            command = root;
        }

        void go(String word) {
            if (wantsValue != null) {
                wantsValue = null;
            } else if (word.startsWith("-")) {
                OptionSpec option = command.findOption(word);
                wantsValue = option != null && option.arity().min() > 0 ? option : null;
            } else if (positionals == 0 && command.subcommands().containsKey(word)) {
                command = command.subcommands().get(word).getCommandSpec();
            } else {
                positionals++;
            }
        }
    }

    @Override
    public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
        var place = new Place(tree.get().getCommandSpec());
        List<String> before = new ArrayList<>(line.words().subList(0, line.wordIndex()));
        if (!before.isEmpty()
                && (before.getFirst().equals("skywire") || before.getFirst().equals("help"))) {
            before.removeFirst();
        }
        before.forEach(place::go);
        if (place.wantsValue != null) {
            values(place.wantsValue, line, candidates);
        } else if (line.word().startsWith("-")) {
            options(place.command, before, candidates);
        } else {
            if (place.positionals == 0) {
                subcommands(place.command, candidates);
            }
            for (PositionalParamSpec param : place.command.positionalParameters()) {
                if (param.index().contains(place.positionals)) {
                    values(param, line, candidates);
                }
            }
        }
        if (line.wordIndex() == 0) {
            candidates.add(candidate("help", "What there is, and how it is used."));
            candidates.add(candidate("exit", "Leave."));
        }
    }

    private static void subcommands(CommandSpec command, List<Candidate> candidates) {
        command.subcommands().forEach((name, sub) -> {
            if (!sub.getCommandSpec().usageMessage().hidden()) {
                String[] text = sub.getCommandSpec().usageMessage().description();
                candidates.add(candidate(name, text.length == 0 ? "" : text[0]));
            }
        });
    }

    private static void options(CommandSpec command, List<String> before, List<Candidate> candidates) {
        for (OptionSpec option : command.options()) {
            boolean given = !option.isMultiValue() && before.stream().anyMatch(List.of(option.names())::contains);
            if (!option.hidden() && !given) {
                String[] text = option.description();
                candidates.add(candidate(option.longestName(), text.length == 0 ? "" : plain(text[0])));
            }
        }
    }

    private static String plain(String description) {
        return description.replaceAll("\\s*\\([^)]*\\$\\{[^)]*\\)", "").replace("$$", "$");
    }

    private void values(ArgSpec argument, ParsedLine line, List<Candidate> candidates) {
        if (argument.completionCandidates() != null) {
            argument.completionCandidates().forEach(value -> candidates.add(candidate(value, "")));
        }
        String label = argument.paramLabel();
        if (label.contains("NAME|")) {
            known.proxies().forEach(name -> candidates.add(candidate(name, "proxy")));
        } else if (label.contains("KEY")) {
            known.keys().forEach(key -> candidates.add(shortened(key, "")));
        }
        if (label.equals("ID")) {
            known.transports().forEach((id, text) -> candidates.add(shortened(id, text)));
        }
        if (label.equals("VISOR")) {
            boolean up = argument.command().name().equals("kill");
            known.visors(up).forEach((number, text) -> candidates.add(candidate(number, text)));
        }
        if (label.equals("FILE") || label.equals("SOCKET")) {
            files(line.word(), candidates);
        }
    }

    /** Files and folders in the folder typed so far; hidden ones only once a dot is typed. */
    private static void files(String word, List<Candidate> candidates) {
        String folder = word.substring(0, word.lastIndexOf('/') + 1);
        String begun = word.substring(folder.length());
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of(folder.isEmpty() ? "." : folder))) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (name.startsWith(".") == begun.startsWith(".")) {
                    boolean isFolder = Files.isDirectory(entry);
                    String value = folder + name + (isFolder ? "/" : "");
                    candidates.add(new Candidate(value, name, null, null, null, null, !isFolder));
                }
            }
        } catch (IOException | InvalidPathException e) {
            candidates.clear(); // no such folder: nothing to offer
        }
    }

    private static Candidate candidate(String value, String description) {
        return new Candidate(value, value, null, description.isEmpty() ? null : description, null, null, true);
    }

    private static Candidate shortened(String id, String description) {
        String shown = Units.brief(id, false);
        return new Candidate(id, shown, null, description.isEmpty() ? null : description, null, null, true);
    }
}
