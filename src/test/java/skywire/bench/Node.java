package skywire.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.logging.Level;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.ObjectName;
import skywire.cli.Logs;

/** The program of a {@link Child}: {@code server}, {@code client}, {@code transports} or {@code local}, then a question per line. */
public final class Node {
    /** What a kind of node answers; words separated by blanks, one line. */
    @FunctionalInterface
    interface Role {
        /** Answers a question. */
        String answer(String question, List<String> words) throws Exception;
    }

    private Node() {}

    /** See the class. */
    public static void main(String[] args) throws Exception {
        Logs.start(Level.WARNING);
        List<String> rest = Arrays.asList(args).subList(1, args.length);
        Role role = switch (args[0]) {
            case "server" -> new ServerNode();
            case "client" -> new ClientNode(rest);
            case "transports" -> new TransportNode();
            case "local" -> new LocalNode();
            default -> throw new IOException("no role " + args[0]);
        };
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line; (line = in.readLine()) != null; ) {
            System.out.println(answer(role, List.of(line.split(" "))));
        }
        System.exit(0);
    }

    private static String answer(Role role, List<String> words) {
        try {
            return switch (words.getFirst()) {
                case "cpu" -> String.valueOf(cpu());
                case "gc" -> String.valueOf(heap());
                default -> role.answer(words.getFirst(), words.subList(1, words.size()));
            };
        } catch (Exception e) {
            e.printStackTrace();
            return "error " + e;
        }
    }

    private static double cpu() {
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return system.getProcessCpuTime() / 1e9;
    }

    /** Bytes alive, by a census: what a collector leaves uncompacted for convenience is not counted. */
    private static long heap() throws Exception {
        System.gc(); // references and cleaners first
        Thread.sleep(100);
        var census = (String) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        new Object[] {new String[0]},
                        new String[] {String[].class.getName()});
        Matcher total = Pattern.compile("Total\\s+\\d+\\s+(\\d+)").matcher(census);
        if (!total.find()) {
            throw new IOException("no total in the census of the heap");
        }
        return Long.parseLong(total.group(1));
    }
}
