package skywire.testkit;

import java.time.Duration;
import java.util.concurrent.Callable;
import skywire.platform.Clock;
import skywire.platform.Deadline;
import skywire.platform.Platform;

/** Waits in the real world for what happens in its own time and tells nobody when it has. */
public final class Await {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration PAUSE = Duration.ofMillis(1);

    private Await() {}

    /** Returns once the condition holds, looking every millisecond; fails after 20 s. */
    public static void until(String what, Callable<Boolean> condition) throws Exception {
        Clock clock = Platform.system().clock();
        Deadline deadline = clock.in(LIMIT);
        while (!condition.call()) {
            deadline.check(what);
            clock.sleep(PAUSE);
        }
    }
}
