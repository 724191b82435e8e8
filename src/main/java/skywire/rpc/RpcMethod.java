package skywire.rpc;

import java.io.IOException;
import skywire.gob.GobSchema;
import skywire.gob.GobValue;
import skywire.platform.Deadline;

/**
 * One method a server offers.
 *
 * @param name {@code Service.Method}
 * @param reply the type of what it answers
 * @param handler what it does
 */
public record RpcMethod(String name, GobSchema reply, Handler handler) {
    /** What a method does. */
    @FunctionalInterface
    public interface Handler {
        /**
         * Answers one call.
         *
         * @param argument as the caller sent it
         * @param deadline by which the caller must have its answer
         * @throws RpcFault to answer with that error text; any other {@link IOException} answers with its message
         */
        GobValue call(GobValue argument, Deadline deadline) throws IOException;
    }
}
