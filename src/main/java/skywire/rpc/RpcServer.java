package skywire.rpc;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import skywire.gob.GobSchema;
import skywire.gob.GobStruct;
import skywire.gob.GobValue;
import skywire.platform.Clock;
import skywire.platform.Failure;
import skywire.platform.Link;

/**
 * Answers the calls that come in over links, on each link one after the other. Immutable; one server may serve many
 * links at once, each on its own thread.
 */
public final class RpcServer {
    /** Limit for the rest of a message whose first byte has come, and for writing an answer. */
    static final Duration MESSAGE_LIMIT = Duration.ofSeconds(10);

    private final Clock clock;
    private final Duration idle;
    private final Duration call;
    private final Map<String, RpcMethod> methods = new LinkedHashMap<>();

    /**
     * A server for these methods.
     *
     * @param idle how long a link may be silent between two calls
     * @param call how long the handling of a call may take; handlers get it as their deadline
     */
    public RpcServer(Clock clock, Duration idle, Duration call, List<RpcMethod> methods) {
        this.clock = clock;
        this.idle = idle;
        this.call = call;
        methods.forEach(method -> this.methods.put(method.name(), method));
    }

    /**
     * Serves until the peer ends the link or breaks the protocol. The caller closes the link.
     *
     * @throws Failure of kind {@code TIMEOUT} when the link was idle for too long
     */
    public void serve(Link link) throws IOException {
        var gob = new GobLink(link);
        while (gob.await(clock.in(idle))) {
            GobStruct request = gob.read(clock.in(MESSAGE_LIMIT)).asStruct().expecting("ServiceMethod", "Seq");
            String name = request.text("ServiceMethod");
            long seq = request.unsigned("Seq", Long.MAX_VALUE);
            GobValue argument = gob.read(clock.in(MESSAGE_LIMIT));
            answer(gob, name, seq, argument);
        }
    }

    private void answer(GobLink gob, String name, long seq, GobValue argument) throws IOException {
        String error = "";
        GobSchema type = Messages.EMPTY;
        RpcMethod.Answer answer = RpcMethod.Answer.of(GobValue.struct().build());
        try {
            RpcMethod method = find(name);
            answer = method.handler().call(argument, clock.in(call));
            type = method.reply();
        } catch (IOException e) {
            if (Failure.kindOf(e) == Failure.Kind.CANCELLED) {
                throw e;
            }
            error = Failure.text(e);
        }
        boolean sent = false;
        try {
            GobValue head = Messages.response(name, seq, error);
            gob.write(Messages.RESPONSE, head, type, answer.body(), clock.in(MESSAGE_LIMIT));
            sent = true;
        } finally {
            if (!sent) {
                answer.undo().run();
            }
        }
    }

    private RpcMethod find(String name) throws RpcFault {
        RpcMethod method = methods.get(name);
        if (method != null) {
            return method;
        }
        int dot = name.lastIndexOf('.');
        if (dot < 0) {
            throw new RpcFault("rpc: service/method request ill-formed: " + name);
        }
        String service = name.substring(0, dot + 1);
        boolean known = methods.keySet().stream().anyMatch(other -> other.startsWith(service));
        throw new RpcFault("rpc: can't find " + (known ? "method " : "service ") + name);
    }
}
