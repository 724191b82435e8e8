package skywire.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Runs commands in this process and keeps what they say. */
final class Cli {
    final Map<String, String> environment = new HashMap<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private InputStream in = InputStream.nullInputStream();

    /** For a user whose home is this folder. */
    Cli(Path home) {
        environment.put("HOME", home.toString());
    }

    /** What the next command finds in its input. */
    Cli input(String text) {
        in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    int run(String... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        bytes = new ByteArrayOutputStream();
        return Main.run(console(), args);
    }

    Console console() {
        return new Console(new PrintWriter(out, true), new PrintWriter(err, true), false, 100, environment, in, bytes);
    }

    String out() {
        return out.toString();
    }

    String err() {
        return err.toString();
    }

    /** How much was written as bytes. */
    int byteCount() {
        return bytes.size();
    }

    /** What was written as bytes. */
    String bytes() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
