package skywire.service;

import java.nio.charset.StandardCharsets;
import java.util.List;
import skywire.bytes.MalformedException;
import skywire.http.HttpRequest;
import skywire.key.PublicKey;
import skywire.key.Signature;

/** Lets only configured network monitors remove what others registered (discovery §2.2). Immutable. */
public final class MonitorGate {
    private final List<PublicKey> monitors;

    /** A gate for these keys; an empty list lets nobody through. */
    public MonitorGate(List<PublicKey> monitors) {
        this.monitors = List.copyOf(monitors);
    }

    /** 200 if the request is by a monitor, else the status to refuse it with. */
    public int check(HttpRequest request) {
        PublicKey key;
        try {
            key = PublicKey.parse(request.header("NM-PK").orElse(""));
        } catch (MalformedException e) {
            return 403;
        }
        if (key.isNull() || !monitors.contains(key)) {
            return 403;
        }
        try {
            Signature signature = Signature.parse(request.header("NM-Sign").orElse(""));
            byte[] signed = key.hex().getBytes(StandardCharsets.US_ASCII);
            return signature.verifies(key, signed) ? 200 : 403;
        } catch (MalformedException e) {
            return 400;
        }
    }
}
