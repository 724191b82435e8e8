package skywire.platform;

import java.security.SecureRandom;

/**
 * The world a node runs in. Everything that depends on time, threads, the network or chance comes in through here, so
 * that tests can supply a simulated world that replays exactly.
 *
 * <p>Thread-safe.
 */
public interface Platform {
    /** The time of this world. */
    Clock clock();

    /** The network of this world. */
    Network network();

    /** The one source of random bytes: keys, nonces, jitter, shuffles. Safe for concurrent use. */
    SecureRandom random();

    /**
     * Starts a virtual thread. Prefer {@link Scope#fork}, which also ends it.
     *
     * @param name what the thread does, e.g. {@code dmsg/02ab/reader}; it is the context of its log lines
     */
    Thread start(String name, Runnable body);

    /**
     * Starts a daemon platform thread, for work that blocks in the kernel and must never be interrupted, such as a
     * file whose channel an interrupt would close for everybody. It belongs to no scope and to the real world only.
     */
    default Thread startOutside(String name, Runnable body) {
        return Thread.ofPlatform().daemon().name(name).start(body);
    }

    /** The real world: JDK clock, virtual threads, sockets, {@link SecureRandom}. */
    static Platform system() {
        return SystemPlatform.INSTANCE;
    }
}
