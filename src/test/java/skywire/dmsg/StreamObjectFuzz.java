package skywire.dmsg;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import skywire.fuzz.Decoder;
import skywire.fuzz.Hostile;
import skywire.key.SecretKey;
import skywire.testkit.Vectors;

/** Signed stream requests, responses and announcements, the same bytes tried as all of them. */
public final class StreamObjectFuzz implements Decoder {
    public static void fuzzerTestOneInput(byte[] data) {
        Hostile.feed(new StreamObjectFuzz(), data);
    }

    @Override
    public void decode(byte[] data) throws IOException {
        SignedObject object = SignedObject.of(data);
        PeerAnnounce.read(object)
                .ifPresent(announce -> assertFalse(announce.key().isNull()));
        IOException refused;
        try {
            StreamRequest request = StreamRequest.read(object);
            request.fault(object);
            assertNotNull(request.toString());
            return;
        } catch (IOException e) {
            refused = e;
        }
        StreamResponse response = StreamResponse.read(object);
        response.refusal();
        if (response.requestHash().length != 32) {
            throw refused;
        }
    }

    @Override
    public List<byte[]> samples() {
        List<byte[]> all = new ArrayList<>();
        for (String file : List.of("dmsg/gob_2024.json", "dmsg/gob_2026.json")) {
            for (String kind : List.of("requests", "responses")) {
                all.add(Vectors.hex(Vectors.each(Vectors.load(file), kind).getFirst(), "signed_object"));
            }
        }
        SecretKey key = SecretKey.fromSeed(new byte[] {1});
        all.add(new PeerAnnounce(1_700_000_000_000_000_000L, key.publicKey())
                .sign(key)
                .bytes());
        return all;
    }

    @Override
    public long allowance() {
        return 4 << 20; // curve arithmetic makes many short-lived numbers
    }
}
