package skywire.route.group;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import skywire.link.KeyedLink;
import skywire.link.KeyedListener;
import skywire.platform.Clock;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Mailbox;

/** New route groups for one port, waiting for an application to take them. Thread-safe. */
final class GroupListener implements KeyedListener {
    private static final int BACKLOG = 64;

    private final int port;
    private final Mailbox<RouteGroup> waiting;
    private final Consumer<GroupListener> onClose;

    GroupListener(Clock clock, int port, Consumer<GroupListener> onClose) {
        this.port = port;
        this.waiting = new Mailbox<>(clock, BACKLOG);
        this.onClose = onClose;
    }

    boolean offer(RouteGroup group) {
        return waiting.offer(group);
    }

    @Override
    public KeyedLink accept() throws IOException {
        return waiting.take(Deadline.NEVER);
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public void close() {
        waiting.close(Failure.closedHere("listener on port " + port));
        onClose.accept(this);
        for (Optional<RouteGroup> left = waiting.poll(); left.isPresent(); left = waiting.poll()) {
            left.get().close("listener closed");
        }
    }
}
