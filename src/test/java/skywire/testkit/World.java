package skywire.testkit;

import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import skywire.platform.Platform;
import skywire.sim.Simulation;

/** Where a test can be played: the real world once, or the simulated one with several seeds. */
public enum World {
    /** JDK clock, sockets and threads. */
    REAL {
        @Override
        public void play(Scene scene) throws Exception {
            var task = new FutureTask<Void>(() -> {
                scene.play(Platform.system());
                return null;
            });
            Platform.system().start("test", task);
            try {
                task.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            } catch (java.util.concurrent.ExecutionException e) {
                switch (e.getCause()) {
                    case Exception cause -> throw cause;
                    case Error cause -> throw cause;
                    default -> throw e;
                }
            }
        }
    },
    /** Seeds 0 to 9. */
    SIMULATED {
        @Override
        public void play(Scene scene) {
            for (long seed = 0; seed < SEEDS; seed++) {
                Simulation.run(seed, scene::play);
            }
        }
    };

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int SEEDS = 10;

    /** A test that needs a platform. */
    @FunctionalInterface
    public interface Scene {
        /** Plays it; any exception fails the test. */
        void play(Platform platform) throws Exception;
    }

    /** Plays the scene on a virtual thread of this world. */
    public abstract void play(Scene scene) throws Exception;
}
