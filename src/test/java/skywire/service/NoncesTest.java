package skywire.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.platform.Platform;

@Timeout(20)
class NoncesTest {
    private static final Platform PLATFORM = Platform.system();

    private static PublicKey key(int i) {
        return SecretKey.fromSeed(("key " + i).getBytes(StandardCharsets.UTF_8)).publicKey();
    }

    private static void use(Nonces nonces, PublicKey key) throws Exception {
        nonces.begin(key);
        nonces.end(key, true);
    }

    @Test
    void aForgottenKeyDoesNotBeginAgain() throws Exception {
        var nonces = new Nonces(PLATFORM.clock(), 0, 2);
        for (int i = 0; i < 7; i++) {
            use(nonces, key(0));
        }
        use(nonces, key(1));
        use(nonces, key(2)); // now key 0 is forgotten
        assertEquals(7, nonces.next(key(0)));
        assertEquals(7, nonces.next(key(3)), "nor does any other");
        assertEquals(1, nonces.next(key(2)));
    }

    @Test
    void requestsOfOneKeyTakeTurns() throws Exception {
        var nonces = new Nonces(PLATFORM.clock(), 0, 10);
        nonces.begin(key(0));
        nonces.begin(key(1)); // another key need not wait
        var waiting = new CountDownLatch(1);
        var second = new FutureTask<>(() -> {
            waiting.countDown();
            nonces.begin(key(0));
            return nonces.next(key(0));
        });
        PLATFORM.start("second", second);
        waiting.await();
        nonces.end(key(0), true);
        assertEquals(1, second.get());
        assertTrue(second.isDone());
    }
}
