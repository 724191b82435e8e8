package skywire.interop;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The reference's program and how it is to be called, which differs between its versions. Immutable. */
final class Reference {
    private final String skywire;
    private final boolean visorGroup; // commands about transports and rules are below "cli visor"
    private final boolean limitOption; // a server's limit of sessions per address can be set

    /** Looks which version there is. */
    Reference(Path folder) throws IOException {
        skywire = folder.resolve("skywire").toString();
        visorGroup = help("cli", "visor").lines().anyMatch(l -> l.matches(" +tp +.*"));
        limitOption = help("dmsg", "server", "start").contains("--limit-ip");
    }

    private String help(String... command) throws IOException {
        List<String> all = new ArrayList<>(List.of(skywire));
        all.addAll(List.of(command));
        all.add("--help");
        Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return said.replaceAll("\u001b\\[[0-9;?]*[a-zA-Z]", "");
    }

    /** The program. */
    String skywire() {
        return skywire;
    }

    /** A dmsg server with that configuration. */
    String[] server(Path config) {
        List<String> command = new ArrayList<>(List.of(skywire, "dmsg", "server", "start", config.toString()));
        if (limitOption) {
            command.addAll(List.of("--limit-ip", "1000"));
        }
        return command.toArray(String[]::new);
    }

    /** The command for the list of transports, or with a verb to change it. */
    List<String> transports(String verb) {
        if (visorGroup) {
            return List.of("visor", "tp", verb);
        }
        return verb.equals("ls") ? List.of("tp") : List.of("tp", verb);
    }

    /** The command for the list of rules; empty where it asks only a visor at the usual address. */
    Optional<List<String>> rules() {
        return visorGroup ? Optional.of(List.of("visor", "route", "ls-rules")) : Optional.empty();
    }
}
