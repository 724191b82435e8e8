package skywire.bench;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A process of its own that answers each line with one line; see {@link Node}. */
final class Child implements Closeable {
    private final Process process;
    private final BufferedReader answers;
    private final PrintStream questions;

    private Child(Process process) {
        this.process = process;
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.questions = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    }

    /** Starts a {@link Node} with the JVM options that lasting programs are shipped with. */
    static Child start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(shippedOptions());
        command.addAll(
                List.of(System.getenv().getOrDefault("BENCH_JAVA_OPTS", "").split(" +")));
        command.removeIf(String::isBlank);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Node.class.getName()));
        command.addAll(List.of(arguments));
        return new Child(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** The options in {@code bin/skywire}, so that the two cannot differ. */
    static List<String> shippedOptions() throws IOException {
        Matcher options = Pattern.compile("\\noptions=\"([^\"]*)\"").matcher(Files.readString(Path.of("bin/skywire")));
        if (!options.find()) {
            throw new IOException("no options in bin/skywire");
        }
        return List.of(options.group(1).trim().split("\\s+"));
    }

    /** Asks and waits for the answer. */
    String ask(String question) throws IOException {
        questions.println(question);
        String answer = answers.readLine();
        if (answer == null || answer.startsWith("error")) {
            throw new IOException(question + ": " + answer);
        }
        return answer;
    }

    /** Asks for numbers. */
    double[] numbers(String question) throws IOException {
        return java.util.Arrays.stream(ask(question).trim().split(" +"))
                .mapToDouble(Double::parseDouble)
                .toArray();
    }

    /** CPU seconds used so far. */
    double cpu() throws IOException {
        return numbers("cpu")[0];
    }

    /** Bytes of memory resident after a garbage collection. */
    double resident() throws IOException {
        ask("gc");
        return resident(process.pid());
    }

    /** Bytes of memory resident in a process. */
    static double resident(long pid) throws IOException {
        Matcher rss =
                Pattern.compile("VmRSS:\\s+(\\d+) kB").matcher(Files.readString(Path.of("/proc/" + pid + "/status")));
        if (!rss.find()) {
            throw new IOException("no VmRSS");
        }
        return Double.parseDouble(rss.group(1)) * 1024;
    }

    /** Bytes of heap that are alive. */
    double heap() throws IOException {
        return numbers("gc")[0];
    }

    /** The output of a command, or empty if there is no such program. */
    static String output(Duration limit, String... command) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            return "";
        }
        try (var in = new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)) {
            var text = new StringBuilder();
            var killer = Thread.ofVirtual().start(() -> killAfter(process, limit));
            for (int c; (c = in.read()) >= 0; ) {
                text.append((char) c);
            }
            process.waitFor();
            killer.interrupt();
            return text.toString();
        }
    }

    private static void killAfter(Process process, Duration limit) {
        try {
            Thread.sleep(limit);
            process.destroyForcibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        questions.close();
        process.destroy();
    }
}
