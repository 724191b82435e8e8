package skywire.control;

import java.io.IOException;

/** Hears how a long call goes. */
@FunctionalInterface
public interface Progress {
    /** Cares for none of it. */
    Progress NONE = (stage, text) -> {};

    /** A stage was entered, or something happened in it; a failure ends the call. */
    void stage(String stage, String text) throws IOException;
}
