package skywire.directory;

import java.time.Instant;

/**
 * Evidence that another process uses our key (deployment §4). Two nodes with one key split their clients between them
 * and undo each other's entry. Immutable.
 *
 * @param other where the other one is, as far as it shows: its address, its dmsg servers
 * @param since when it was noticed first
 */
public record KeyClash(String other, Instant since) {
    /** What to do about it, in one line. */
    public static final String REMEDY =
            "stop one of the two, or give one a new key (a dmsg server:  skywire keys rotate -c FILE)";

    /** What is wrong, in one line. */
    public String text() {
        return "our key is in use by another process too: " + other;
    }
}
