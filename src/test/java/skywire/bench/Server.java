package skywire.bench;

import java.io.Closeable;
import java.io.IOException;

/** A dmsg server that runs as a process of its own, ours or another. */
interface Server extends Closeable {
    /** Its key and its address. */
    String[] address() throws IOException;

    /** CPU seconds it has used. */
    double cpu() throws IOException;

    /** Bytes of memory it holds, after a garbage collection where one can be asked for. */
    double resident() throws IOException;

    /** Ours. */
    static Server ours() throws IOException {
        return new Ours(Child.start("server"));
    }

    /** Ours in a {@link Child}. */
    record Ours(Child child) implements Server {
        @Override
        public String[] address() throws IOException {
            return child.ask("address").split(" ");
        }

        @Override
        public double cpu() throws IOException {
            return child.cpu();
        }

        @Override
        public double resident() throws IOException {
            return child.resident();
        }

        @Override
        public void close() {
            child.close();
        }
    }
}
