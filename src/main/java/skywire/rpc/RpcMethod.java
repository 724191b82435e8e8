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
        Answer call(GobValue argument, Deadline deadline) throws IOException;
    }

    /**
     * What a call came to.
     *
     * @param body the reply
     * @param undo run, on the thread that serves the link, if the reply could not be sent: the caller will never hear of
     *     what was done for it
     */
    public record Answer(GobValue body, Runnable undo) {
        /** One with nothing to take back. */
        public static Answer of(GobValue body) {
            return new Answer(body, () -> {});
        }
    }
}
