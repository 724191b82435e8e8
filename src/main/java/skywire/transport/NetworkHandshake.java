package skywire.transport;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.function.IntPredicate;
import skywire.bytes.MalformedException;
import skywire.json.Json;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.key.Signature;
import skywire.limit.LogLimit;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Link;
import skywire.platform.Platform;

/**
 * Says in clear who calls whom, before the encryption of a raw connection (transport §4). Neither side reads beyond the
 * message it waits for.
 */
final class NetworkHandshake {
    /** Limit of the whole exchange. */
    static final Duration LIMIT = Duration.ofSeconds(10);

    private static final byte[] HELLO = "get_nonce".getBytes(StandardCharsets.US_ASCII);
    private static final int NONCE = 16;
    private static final int MAX_PORT = 65535;

    private NetworkHandshake() {}

    /** One end, as the handshake names it. */
    record End(PublicKey key, int port) {
        String json() {
            return "{\"public_key\":\"" + key.hex() + "\",\"port\":" + port + "}";
        }

        static End parse(JsonObject frame, String name) throws MalformedException {
            JsonObject end = Json.object(frame.get(name), name);
            long port = Json.integer(end, "port");
            if (port < 0 || port > MAX_PORT) {
                throw new MalformedException("port out of range");
            }
            return new End(PublicKey.parse(Json.string(end, "public_key")), (int) port);
        }
    }

    /** Frame 2: who calls whom, signed by the caller. */
    record Call(End source, End destination, byte[] nonce, Signature signature) {
        String json() {
            var nonces = new StringBuilder();
            for (byte b : nonce) {
                nonces.append(nonces.isEmpty() ? "" : ",").append(b & 0xff);
            }
            return "{\"SrcAddr\":" + source.json() + ",\"DstAddr\":" + destination.json() + ",\"Nonce\":[" + nonces
                    + "],\"Sig\":\"" + signature.hex() + "\"}";
        }

        /** What is signed: the frame without its signature, with its newline. */
        byte[] signedBytes() {
            var unsigned = new Call(source, destination, nonce, Signature.NONE);
            return (unsigned.json() + "\n").getBytes(StandardCharsets.UTF_8);
        }

        Call sign(SecretKey own) {
            return new Call(source, destination, nonce, own.sign(signedBytes()));
        }

        static Call parse(String line) throws MalformedException {
            JsonObject frame = Json.object(line);
            return new Call(
                    End.parse(frame, "SrcAddr"),
                    End.parse(frame, "DstAddr"),
                    NetworkHandshake.nonce(frame),
                    Signature.parse(Json.string(frame, "Sig")));
        }
    }

    /** The calling side; on failure the link is left for the caller to close. */
    static void initiate(Link link, SecretKey own, int localPort, PublicKey remote, Deadline deadline)
            throws IOException {
        link.write(HELLO, deadline);
        byte[] nonce = nonce(Json.object(Lines.read(link, deadline)));
        var source = new End(own.publicKey(), localPort);
        var destination = new End(remote, Carrier.PORT);
        var call = new Call(source, destination, nonce, Signature.NONE).sign(own);
        Lines.write(link, call.json(), deadline);
        JsonObject answer = Json.object(Lines.read(link, deadline));
        if (!Json.bool(answer, "OK")) {
            throw new Failure(Failure.Kind.REFUSED, "peer refused: " + LogLimit.clean(Json.string(answer, "ErrMsg")));
        }
    }

    /**
     * The called side.
     *
     * @param listens whether somebody takes calls for that port
     * @return the caller
     * @throws Failure of kind {@code UNTRUSTED} if nonce or signature are wrong
     */
    static End respond(Link link, PublicKey own, IntPredicate listens, Platform platform, Deadline deadline)
            throws IOException {
        byte[] hello = new byte[HELLO.length];
        link.readFully(hello, 0, hello.length, deadline);
        if (!MessageDigest.isEqual(hello, HELLO)) {
            throw Failure.malformed("not a transport handshake");
        }
        byte[] nonce = new byte[NONCE];
        platform.random().nextBytes(nonce);
        Lines.write(link, "{\"Nonce\":" + array(nonce) + "}", deadline);
        Call call = Call.parse(Lines.read(link, deadline));
        check(call, nonce);
        String problem = "";
        if (!call.destination().key().equals(own)) {
            problem = "not the visor that was called";
        } else if (!listens.test(call.destination().port())) {
            problem = "not listening on given port";
        }
        Lines.write(link, "{\"OK\":" + problem.isEmpty() + ",\"ErrMsg\":" + Json.quote(problem) + "}", deadline);
        if (!problem.isEmpty()) {
            throw new Failure(Failure.Kind.REFUSED, problem);
        }
        return call.source();
    }

    private static void check(Call call, byte[] nonce) throws Failure {
        if (!MessageDigest.isEqual(call.nonce(), nonce)) {
            throw Failure.untrusted("unexpected nonce");
        }
        PublicKey caller = call.source().key();
        if (caller.isNull() || !call.signature().verifies(caller, call.signedBytes())) {
            throw Failure.untrusted("handshake signature does not verify");
        }
    }

    private static String array(byte[] nonce) {
        var numbers = new JsonArray();
        for (byte b : nonce) {
            numbers.add(b & 0xff);
        }
        return numbers.toString();
    }

    private static byte[] nonce(JsonObject frame) throws MalformedException {
        JsonArray numbers = Json.array(frame.get("Nonce"), "Nonce");
        if (numbers.size() != NONCE) {
            throw new MalformedException("nonce of " + numbers.size() + " bytes");
        }
        byte[] nonce = new byte[NONCE];
        for (int i = 0; i < NONCE; i++) {
            String number = numbers.get(i).getAsString();
            if (!number.matches("[0-9]{1,3}") || Integer.parseInt(number) > 255) {
                throw new MalformedException("nonce is not of bytes");
            }
            nonce[i] = (byte) Integer.parseInt(number);
        }
        return nonce;
    }
}
