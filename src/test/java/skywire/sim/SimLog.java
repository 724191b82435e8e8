package skywire.sim;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Brings log lines into the timeline; an error in the log fails the run. */
final class SimLog extends Handler implements AutoCloseable {
    /** {@code -Dskywire.sim.log=FINE} shows more. */
    private static final Level LEVEL = Level.parse(System.getProperty("skywire.sim.log", "INFO"));

    private static final Logger ROOT = Logger.getLogger("skywire");

    private final Simulation sim;
    private final Level before = ROOT.getLevel();

    SimLog(Simulation sim) {
        this.sim = sim;
    }

    void open() {
        ROOT.setLevel(LEVEL);
        ROOT.setUseParentHandlers(false); // the console's lock would be shared with threads that are not ours
        ROOT.addHandler(this);
    }

    @Override
    public void publish(LogRecord record) {
        if (!sim.isInside() || record.getLevel().intValue() < LEVEL.intValue()) {
            return;
        }
        String cause = record.getThrown() == null ? "" : ": " + record.getThrown();
        sim.event(record.getLevel() + " " + record.getMessage() + cause);
        if (record.getLevel().intValue() >= Level.SEVERE.intValue() && !sim.mayLogErrors()) {
            sim.fail(new AssertionError("logged: " + record.getMessage(), record.getThrown()));
        }
    }

    @Override
    public void flush() {
        // nothing is held back
    }

    @Override
    public void close() {
        ROOT.removeHandler(this);
        ROOT.setUseParentHandlers(true);
        ROOT.setLevel(before);
    }
}
