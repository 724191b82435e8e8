package skywire.service;

import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import skywire.http.Handler;
import skywire.http.HttpRequest;
import skywire.http.HttpResponse;
import skywire.key.PublicKey;
import skywire.limit.RateLimit;
import skywire.platform.Clock;

/**
 * Bounds the requests of each client key that arrive over dmsg; those over TCP are not counted, as they may share an
 * address (discovery §2.3). Thread-safe.
 */
public final class KeyRate implements Handler {
    /** Requests per second a key may make. */
    public static final int PER_SECOND = 100;

    /** Requests a key may make at once. */
    public static final int BURST = 200;

    /** An idle key is forgotten after this time. */
    public static final Duration IDLE = Duration.ofMinutes(10);

    /** Most keys that are remembered; beyond it those idle longest are forgotten first. */
    static final int MOST_KEYS = 20_000;

    private final Clock clock;
    private final Handler behind;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<PublicKey, Bucket> buckets = new TreeMap<>(); // guarded by lock
    private long sweptAt; // guarded by lock

    private static final class Bucket {
        private final RateLimit limit;
        private long usedAt;

        Bucket(RateLimit limit) {
            this.limit = limit;
        }
    }

    /** Bounds the rate of requests to a handler. */
    public KeyRate(Clock clock, Handler behind) {
        this.clock = clock;
        this.behind = behind;
        this.sweptAt = clock.nanoTime();
    }

    @Override
    public HttpResponse handle(HttpRequest request) throws IOException {
        if (!request.remoteKey().isNull() && !take(request.remoteKey())) {
            return HttpResponse.of(429, "text/plain; charset=utf-8", "rate limit exceeded")
                    .with("Retry-After", "1");
        }
        return behind.handle(request);
    }

    private boolean take(PublicKey key) {
        long now = clock.nanoTime();
        lock.lock();
        try {
            sweep(now);
            Bucket bucket = buckets.get(key);
            if (bucket == null) {
                bucket = new Bucket(new RateLimit(clock, PER_SECOND, BURST));
                buckets.put(key, bucket);
            }
            bucket.usedAt = now;
            return bucket.limit.take();
        } finally {
            lock.unlock();
        }
    }

    /** A full bucket says nothing, so a second without requests is enough when memory is short. */
    private void sweep(long now) {
        boolean full = buckets.size() >= MOST_KEYS;
        if (!full && now - sweptAt < IDLE.toNanos() / 10) {
            return;
        }
        sweptAt = now;
        long idle = full ? Duration.ofSeconds(BURST / PER_SECOND).toNanos() : IDLE.toNanos();
        buckets.values().removeIf(b -> now - b.usedAt >= idle);
        for (Iterator<Bucket> all = buckets.values().iterator(); buckets.size() >= MOST_KEYS; ) {
            all.next();
            all.remove();
        }
    }

    /** Keys remembered now. */
    int size() {
        lock.lock();
        try {
            return buckets.size();
        } finally {
            lock.unlock();
        }
    }
}
