package skywire.control;

import com.google.gson.JsonElement;
import java.io.IOException;

/** What a registered method does. Runs on a virtual thread of its connection; may be called by several at once. */
@FunctionalInterface
public interface ControlMethod {
    /**
     * Answers one call.
     *
     * @throws ControlException with a hint for the operator, or any other failure; the caller gets its kind and message
     */
    JsonElement call(ControlCall call) throws IOException;
}
