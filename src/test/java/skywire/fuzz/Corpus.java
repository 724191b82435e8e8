package skywire.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Inputs kept in {@code src/test/resources/corpus/<decoder>}: good messages, what the fuzzer found interesting, and every
 * input that ever broke something.
 */
final class Corpus {
    private static final Path HOME = Path.of("src/test/resources/corpus");

    private Corpus() {}

    /** One file. */
    record Input(String file, byte[] bytes) {}

    static Path folder(Decoder decoder) {
        return HOME.resolve(decoder.name());
    }

    static List<Input> of(Decoder decoder) throws IOException {
        List<Input> inputs = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder(decoder))) {
            for (Path file : files.sorted().toList()) {
                inputs.add(new Input(file.toString(), Files.readAllBytes(file)));
            }
        }
        return inputs;
    }

    /** Writes the good messages of all decoders, after a format has changed. */
    public static void main(String[] args) throws Exception {
        for (Decoder decoder : Decoders.ALL) {
            Files.createDirectories(folder(decoder));
            int i = 0;
            for (byte[] sample : decoder.samples()) {
                Files.write(folder(decoder).resolve("good-" + i++), sample);
            }
        }
    }
}
