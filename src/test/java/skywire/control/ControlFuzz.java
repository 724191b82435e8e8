package skywire.control;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import skywire.fuzz.Decoder;
import skywire.fuzz.Hostile;

/** Lines of the control socket, as both sides read them. */
public final class ControlFuzz implements Decoder {
    public static void fuzzerTestOneInput(byte[] data) {
        Hostile.feed(new ControlFuzz(), data);
    }

    @Override
    public void decode(byte[] data) throws IOException {
        var message = Wire.parse(new String(data, StandardCharsets.UTF_8));
        Wire.text(message.get("method"), "");
        if (message.get("error") != null && message.get("error").isJsonObject()) {
            Wire.failure(message.getAsJsonObject("error"));
        }
    }

    @Override
    public List<byte[]> samples() {
        String call = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"visor.info\",\"params\":{\"a\":[1,2,{\"b\":null}]}}";
        String error =
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32000,\"message\":\"no\",\"data\":{\"kind\":\"limit\"}}}";
        return List.of(call.getBytes(StandardCharsets.UTF_8), error.getBytes(StandardCharsets.UTF_8));
    }
}
