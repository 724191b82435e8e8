package skywire.platform;

import java.security.SecureRandom;

/** The real world. */
final class SystemPlatform implements Platform {
    static final SystemPlatform INSTANCE = new SystemPlatform();

    private final Clock clock = new SystemClock();
    private final Network network = new SystemNetwork(new WriteWatch());
    private final SecureRandom random = new SecureRandom();

    private final ThreadCount threads = new ThreadCount(ThreadCount.ALARM);

    private SystemPlatform() {}

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public Network network() {
        return network;
    }

    @Override
    public SecureRandom random() {
        return random;
    }

    @Override
    public Thread start(String name, Runnable body) {
        return Thread.ofVirtual().name(name).start(threads.counted(body));
    }
}
