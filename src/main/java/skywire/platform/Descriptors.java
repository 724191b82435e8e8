package skywire.platform;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * How many links may be open before no more are accepted. Some descriptors are kept free for the process itself: a class
 * that cannot be loaded because its file cannot be opened stays broken for good, and stores and dials need some too.
 */
final class Descriptors {
    /** As many links never come close to any limit, so it is not asked for: that would cost every start. */
    static final int SURELY_FREE = 32;

    private static final int RESERVE = 64;

    private Descriptors() {}

    /** Whether so many links leave room for one more that is dialled for somebody else. */
    static boolean permitToOthers(int links) {
        return links < SURELY_FREE || links < ofOthers(Most.LINKS);
    }

    /** Links up to which dialling for others is fine; the rest is for what the node accepts and dials itself. */
    static int ofOthers(int most) {
        return most - most / 4;
    }

    /** Whether so many links leave room for one more. */
    static boolean permit(int links) {
        return links < SURELY_FREE || links < Most.LINKS;
    }

    /** Links of a process that may have so many descriptors: all but the reserve, or half if that is more. */
    static int most(long descriptors) {
        return (int) Math.min(Integer.MAX_VALUE, Math.max(descriptors - RESERVE, descriptors / 2));
    }

    /** Found out when it is first needed. */
    private static final class Most {
        static final int LINKS = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? most(unix.getMaxFileDescriptorCount())
                : Integer.MAX_VALUE;
    }
}
