package skywire.fuzz;

import java.io.IOException;
import java.util.List;

/**
 * Something that takes bytes from strangers. An implementation also has {@code public static void
 * fuzzerTestOneInput(byte[])}, which calls {@link Hostile#feed}: that is what the fuzzer runs.
 */
public interface Decoder {
    /** Takes the bytes apart. An {@link IOException} is a refusal and fine, anything else thrown is a bug. */
    void decode(byte[] data) throws IOException;

    /** Good inputs; each is taken without a refusal. */
    List<byte[]> samples() throws Exception;

    /** Bytes of memory it may take whatever comes in; {@link Hostile#PER_BYTE} for each byte of input come on top. */
    default long allowance() {
        return 48 * 1024;
    }

    /** What it is called: {@code yamux} for {@code YamuxFuzz}. */
    default String name() {
        String name = getClass().getSimpleName().replaceFirst("Fuzz$", "");
        return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-").toLowerCase(java.util.Locale.ROOT);
    }
}
