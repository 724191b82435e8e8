package skywire.bench;

import java.io.Closeable;
import java.io.IOException;

/** A dmsg server and two clients of it, a process each. */
final class SmallNet implements Closeable {
    final Server server;
    final Child near;
    final Child far;
    final String farKey;

    SmallNet() throws IOException {
        this(Server.ours());
    }

    SmallNet(Server server) throws IOException {
        this.server = server;
        String[] address = server.address();
        near = Child.start("client", address[0], address[1]);
        far = Child.start("client", address[0], address[1]);
        farKey = far.ask("key");
        near.ask("key"); // up as well
    }

    /** CPU seconds of server and of both clients so far. */
    double[] cpu() throws IOException {
        return new double[] {server.cpu(), near.cpu() + far.cpu()};
    }

    @Override
    public void close() throws IOException {
        near.close();
        far.close();
        server.close();
    }
}
