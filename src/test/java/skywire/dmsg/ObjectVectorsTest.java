package skywire.dmsg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static skywire.testkit.Vectors.each;
import static skywire.testkit.Vectors.hex;
import static skywire.testkit.Vectors.text;

import com.google.gson.JsonObject;
import org.junit.jupiter.api.Test;
import skywire.bytes.Hex;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.platform.Failure;
import skywire.testkit.Vectors;

/** Recorded requests and responses: what they say, the reference's verdict, and that our bytes are the same. */
class ObjectVectorsTest {
    @Test
    void requestsOf2024() throws Exception {
        JsonObject v = Vectors.load("dmsg/gob_2024.json");
        SecretKey source = SecretKey.of(hex(v, "source_secret"));
        for (JsonObject c : each(v, "requests")) {
            SignedObject object = SignedObject.of(hex(c, "signed_object"));
            assertEquals(text(c, "sha256_of_signed_object"), Hex.of(object.hash()));
            StreamRequest request = StreamRequest.read(object);
            assertEquals(Long.parseLong(text(c, "timestamp_decimal")), request.timestamp());
            assertEquals(
                    text(c, "src_pk") + ":" + port(c, "src_port"),
                    request.source().toString());
            assertEquals(
                    text(c, "dst_pk") + ":" + port(c, "dst_port"),
                    request.destination().toString());
            assertEquals(text(c, "noise_msg"), Hex.of(request.noiseMessage()));
            assertEquals(text(c, "gob"), Hex.of(request.sign(source).gob()), text(c, "case"));
            verdict(text(c, "verify_error"), () -> request.verify(object));
        }
    }

    @Test
    void responsesOf2024() throws Exception {
        JsonObject v = Vectors.load("dmsg/gob_2024.json");
        PublicKey destination = PublicKey.of(hex(v, "destination_public"));
        byte[] hash = hex(each(v, "requests").get(0), "sha256_of_signed_object");
        for (JsonObject c : each(v, "responses")) {
            SignedObject object = SignedObject.of(hex(c, "signed_object"));
            StreamResponse response = StreamResponse.read(object);
            assertEquals(c.get("accepted").getAsBoolean(), response.accepted());
            assertEquals(c.get("err_code").getAsInt(), response.errorCode());
            assertEquals(text(c, "noise_msg"), Hex.of(response.noiseMessage()));
            assertArrayEquals(hex(c, "req_hash"), response.requestHash());
            verdict(text(c, "verify_error"), () -> {
                response.verify(object, hash, destination);
                if (!response.accepted()) {
                    throw response.refusal().failure();
                }
            });
        }
    }

    @Test
    void objectsOf2026() throws Exception {
        JsonObject v = Vectors.load("dmsg/gob_2026.json");
        SecretKey source = SecretKey.of(hex(v, "source_secret"));
        for (JsonObject c : each(v, "requests")) {
            SignedObject object = SignedObject.of(hex(c, "signed_object"));
            StreamRequest request = StreamRequest.read(object);
            request.verify(object);
            assertEquals(c.get("ip_info").getAsBoolean(), request.ipInfo());
            assertEquals(c.get("geo_info").getAsBoolean(), request.geoInfo());
            assertEquals(text(c, "noise_msg"), Hex.of(request.noiseMessage()));
            SignedObject again = request.sign(source);
            StreamRequest read = StreamRequest.read(again);
            read.verify(again);
            assertEquals(request.ipInfo(), read.ipInfo());
            assertEquals(request.destination(), read.destination());
            assertArrayEquals(request.noiseMessage(), read.noiseMessage());
        }
        for (JsonObject c : each(v, "responses")) {
            StreamResponse response = StreamResponse.read(SignedObject.of(hex(c, "signed_object")));
            assertEquals(c.get("accepted").getAsBoolean(), response.accepted());
            assertEquals(c.get("err_code").getAsInt(), response.errorCode());
            byte[] ip = StreamResponse.read(response.sign(source)).ip();
            assertArrayEquals(response.ip(), ip);
        }
    }

    @Test
    void responseBytesAreTheRecordedOnes() throws Exception {
        JsonObject v = Vectors.load("dmsg/gob_2024.json");
        SecretKey destination = SecretKey.of(hex(v, "destination_secret"));
        for (JsonObject c : each(v, "responses")) {
            StreamResponse response = StreamResponse.read(SignedObject.of(hex(c, "signed_object")));
            SignedObject again = response.sign(destination);
            // the ids differ (the recording process had encoded requests before), the value does not
            assertEquals(response.errorCode(), StreamResponse.read(again).errorCode());
            assertArrayEquals(response.requestHash(), StreamResponse.read(again).requestHash());
            response.verify(again, response.requestHash(), destination.publicKey());
        }
    }

    @Test
    void anythingElseIsRefusedWithoutHarm() {
        assertThrows(Failure.class, () -> SignedObject.of(new byte[65]));
        assertThrows(java.io.IOException.class, () -> StreamRequest.read(SignedObject.of(new byte[66])));
        assertThrows(java.io.IOException.class, () -> StreamResponse.read(SignedObject.of(new byte[300])));
    }

    private static String port(JsonObject c, String field) {
        int port = c.get(field).getAsInt();
        return port == 0 ? "~" : Integer.toString(port);
    }

    private interface Check {
        void run() throws Exception;
    }

    /** The reference's text begins with ours; behind a colon it adds its own cause. */
    private static void verdict(String expected, Check check) throws Exception {
        if (expected.equals("<nil>")) {
            check.run();
            return;
        }
        Failure f = assertThrows(Failure.class, check::run);
        assertTrue(expected.startsWith(f.getMessage()), expected + " / " + f.getMessage());
    }
}
