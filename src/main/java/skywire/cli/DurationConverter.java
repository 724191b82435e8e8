package skywire.cli;

import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import skywire.config.Durations;

/** Durations on the command line: {@code 10s}, {@code 1m30s}. */
final class DurationConverter implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
        return Durations.parse(text)
                .orElseThrow(
                        () -> new TypeConversionException("\"" + text + "\" is not a duration such as 30s or 1m30s"));
    }
}
