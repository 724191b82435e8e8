package skywire.testkit;

import java.security.SecureRandom;
import skywire.platform.Clock;
import skywire.platform.Network;
import skywire.platform.Platform;

/** The real world with other randomness. */
public record WithRandom(SecureRandom random) implements Platform {
    @Override
    public Clock clock() {
        return Platform.system().clock();
    }

    @Override
    public Network network() {
        return Platform.system().network();
    }

    @Override
    public Thread start(String name, Runnable body) {
        return Platform.system().start(name, body);
    }
}
