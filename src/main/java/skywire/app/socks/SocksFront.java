package skywire.app.socks;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import skywire.link.Splice;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Link;
import skywire.platform.Listener;
import skywire.platform.Platform;
import skywire.platform.Scope;

/**
 * The local SOCKS5 address. The conversation is between the program and the exit. Where its beginning can only go one
 * way (a program that offers no password), it is answered here while the exit is asked, which saves a round trip.
 */
final class SocksFront {
    static final int MOST_LINKS = 1024;
    static final Duration DIALOGUE = Duration.ofSeconds(30);
    static final Duration IDLE = Duration.ofMinutes(30);

    private static final System.Logger LOG = System.getLogger(SocksFront.class.getName());

    private final Platform platform;
    private final Scope scope;
    private final SocksClient client;
    private final Optional<String> passcode;
    private final AtomicInteger links = new AtomicInteger();

    SocksFront(Platform platform, Scope scope, SocksClient client, Optional<String> passcode) {
        this.platform = platform;
        this.scope = scope;
        this.client = client;
        this.passcode = passcode;
    }

    void accept(Listener listener) throws IOException {
        while (true) {
            Link program = listener.accept();
            if (links.incrementAndGet() > MOST_LINKS) {
                links.decrementAndGet();
                program.close();
                continue;
            }
            scope.own(program);
            scope.forkChild("connection", () -> {
                try {
                    converse(program);
                } catch (IOException e) {
                    LOG.log(System.Logger.Level.DEBUG, () -> "connection ended: " + Failure.text(e));
                } finally {
                    links.decrementAndGet();
                    scope.disown(program);
                    program.close();
                }
            });
        }
    }

    private void converse(Link program) throws IOException {
        Deadline deadline = platform.clock().in(DIALOGUE);
        byte[] methods = Socks.readGreeting(program, deadline);
        boolean ask = Socks.offers(methods, Socks.PASSWORD) && passcode.isEmpty();
        if (!ask && !Socks.offers(methods, Socks.NO_AUTHENTICATION)) {
            program.write(Socks.choice(Socks.NONE_ACCEPTABLE), deadline);
            return;
        }
        if (!ask) {
            program.write(Socks.choice(Socks.NO_AUTHENTICATION), deadline);
        }
        try (Link exit = ask ? client.open(deadline) : client.greeted(passcode, new byte[0], deadline)) {
            if (ask) {
                exit.write(Socks.greeting(methods), deadline);
            }
            Splice.run(platform, scope, program, exit, IDLE);
        } catch (IOException e) {
            if (!ask) {
                tell(program, Failure.kindOf(e), deadline);
            }
            throw e;
        }
    }

    /** The program waits for the reply to its request: say that it failed rather than just going away. */
    private static void tell(Link program, Failure.Kind why, Deadline deadline) throws IOException {
        Socks.readRequest(program, deadline);
        boolean isCutOff = why == Failure.Kind.UNREACHABLE;
        program.write(Socks.reply(isCutOff ? Socks.NETWORK_UNREACHABLE : Socks.FAILED), deadline);
        program.finishWriting(deadline);
    }
}
