package skywire.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Good messages cut at each byte, with flipped bits, with lengths beyond all limits; and all inputs ever found bad. */
class BadInputTest {
    static Stream<Decoder> decoders() {
        return Decoders.ALL.stream();
    }

    @ParameterizedTest
    @MethodSource("decoders")
    void takesGoodMessages(Decoder decoder) throws Exception {
        List<byte[]> samples = decoder.samples();
        assertFalse(samples.isEmpty());
        for (byte[] sample : samples) {
            decoder.decode(sample);
        }
    }

    private interface Spoiler {
        void spoil(byte[] good, Consumer<byte[]> to);
    }

    private static void spoilt(Decoder decoder, String how, Spoiler spoiler) throws Exception {
        for (byte[] sample : decoder.samples()) {
            Hostile.feed(decoder, sample); // loads classes, fills caches
            spoiler.spoil(sample, bad -> Hostile.check(decoder, bad, how));
        }
    }

    @ParameterizedTest
    @MethodSource("decoders")
    void refusesCutMessages(Decoder decoder) throws Exception {
        spoilt(decoder, "cut", Hostile::cuts);
    }

    @ParameterizedTest
    @MethodSource("decoders")
    void survivesFlippedBits(Decoder decoder) throws Exception {
        spoilt(decoder, "flipped", Hostile::flips);
    }

    @ParameterizedTest
    @MethodSource("decoders")
    void takesNoMemoryForWhatIsOnlyAnnounced(Decoder decoder) throws Exception {
        spoilt(decoder, "extreme", Hostile::extremes);
        spoilt(decoder, "longer", Hostile::longer);
    }

    @ParameterizedTest
    @MethodSource("decoders")
    void survivesItsCorpus(Decoder decoder) throws Exception {
        Hostile.feed(decoder, new byte[0]);
        List<Corpus.Input> inputs = Corpus.of(decoder);
        assertFalse(inputs.isEmpty(), "no corpus/" + decoder.name());
        for (Corpus.Input input : inputs) {
            Hostile.check(decoder, input.bytes(), input.file());
        }
    }

    @Test
    void noDecoderIsForgotten() throws Exception {
        var classes = new TreeSet<String>();
        Path tests = Path.of("src/test/java");
        try (Stream<Path> files = Files.walk(tests)) {
            files.filter(f -> f.toString().matches(".*[a-z]Fuzz\\.java"))
                    .map(f -> tests.relativize(f).toString().replace('/', '.').replaceFirst("\\.java$", ""))
                    .forEach(classes::add);
        }
        var listed = new TreeSet<String>();
        for (Decoder decoder : Decoders.ALL) {
            listed.add(decoder.getClass().getName());
            decoder.getClass().getMethod("fuzzerTestOneInput", byte[].class);
        }
        assertEquals(classes, listed);
    }
}
