package skywire.cli;

import java.net.URI;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A URL as a person types it; what it may not contain is told in words. */
final class UrlConverter implements ITypeConverter<URI> {
    @Override
    public URI convert(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            String why = text.contains(" ") ? "it has a blank, which is written %20" : "it has signs no URL has";
            throw new TypeConversionException("\"" + text + "\" is not a URL: " + why);
        }
    }
}
