package skywire.cli;

import java.io.Closeable;
import java.io.IOException;
import skywire.platform.Deadline;

/** A program that can let what runs come to its end before it is closed. */
interface Draining extends Closeable {
    /** Begins nothing new and waits for what runs, until then at the latest, or until it is closed. */
    void drain(Deadline until) throws IOException;

    /** The same with another way of closing it. */
    default Draining closedBy(Closeable end) {
        Draining self = this;
        return new Draining() {
            @Override
            public void drain(Deadline until) throws IOException {
                self.drain(until);
            }

            @Override
            public void close() throws IOException {
                end.close();
            }
        };
    }
}
