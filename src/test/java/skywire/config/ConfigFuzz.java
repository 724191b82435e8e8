package skywire.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import skywire.fuzz.Decoder;
import skywire.fuzz.Hostile;

/** A configuration file, with every kind of value asked of it. */
public final class ConfigFuzz implements Decoder {
    public static void fuzzerTestOneInput(byte[] data) {
        Hostile.feed(new ConfigFuzz(), data);
    }

    @Override
    public void decode(byte[] data) throws IOException {
        try {
            Config config = Config.parse("fuzz.json", new String(data, StandardCharsets.UTF_8));
            config.string("name", "");
            config.integer("number", 1, 0, 100);
            config.flag("flag", false);
            config.duration("time", Duration.ZERO);
            config.address("address");
            config.publicKeys("keys");
            config.secretKey("sk", "pk");
            config.strings("words");
            config.object("inner").integer("deep", 0, 0, 9);
            config.addressTable("table");
            config.warnings();
        } catch (ConfigException e) {
            throw new IOException(e);
        }
    }

    @Override
    public List<byte[]> samples() {
        String text = """
                {
                  "name": "n\\u00e4me", "number": 7, "flag": true, "time": "1m30s",
                  "address": "127.0.0.1:80", "keys": [], "words": ["a", "b"],
                  "inner": {"deep": 3}, "table": {}, "unknown": null
                }
                """;
        return List.of(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public long allowance() {
        return 4 << 20; // curve arithmetic, and distances to known names
    }
}
