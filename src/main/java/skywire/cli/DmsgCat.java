package skywire.cli;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import skywire.dmsg.DmsgAddress;
import skywire.dmsg.DmsgListener;
import skywire.dmsg.DmsgStream;
import skywire.key.SecretKey;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Platform;

/** {@code dmsg cat}: a stream as a pipe. */
@Command(
        name = "cat",
        description = "Connect the input and output with a port of another key, or wait for somebody to connect.")
final class DmsgCat implements Callable<Integer> {
    private static final Duration WRITE_LIMIT = Duration.ofSeconds(60);
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);
    private static final int BUFFER = 32 * 1024;

    @Spec
    CommandSpec spec;

    @Parameters(paramLabel = "KEY:PORT", description = "Where to connect; with --listen just the PORT.")
    String address;

    @Option(
            names = {"-l", "--listen"},
            description = "Wait for one connection to this port.")
    boolean listen;

    @Option(
            names = "--wait",
            description = "At the end of the input go on until the other side ends, instead of ending the stream.")
    boolean waitForOther;

    @Mixin
    DmsgOptions dmsg;

    @Mixin
    DmsgOptions.Client client;

    @Mixin
    ControlOptions options;

    private volatile boolean finished; // our direction is done: the end of the other one is no failure

    @Override
    public Integer call() throws IOException {
        Console console = ControlCommand.console(spec);
        if (options.json) {
            throw new ParameterException(spec.commandLine(), "--json has no meaning here: the output is the stream's");
        }
        if (listen) {
            accept(console, port(), Overlay.key(client.key));
        } else {
            dial(console, DmsgCommand.addressWithPort(spec, address, new KnownKeys(console, dmsg, options)));
        }
        return Exit.OK;
    }

    private int port() {
        if (!address.matches("[0-9]{1,5}") || Integer.parseInt(address) < 1 || Integer.parseInt(address) > 65535) {
            throw new ParameterException(
                    spec.commandLine(), "\"" + address + "\" is no port: --listen wants a number from 1 to 65535");
        }
        return Integer.parseInt(address);
    }

    private void dial(Console console, DmsgAddress to) throws IOException {
        Deadline deadline = options.deadline();
        Discovery discovery = dmsg.discovery(console, options);
        try (Overlay overlay = Overlay.towards(to.key(), client.service, discovery, Overlay.key(client.key), deadline);
                DmsgStream stream = overlay.dial(to, deadline)) {
            carry(console, stream);
        }
    }

    private void accept(Console console, int port, SecretKey key) throws IOException {
        Deadline deadline = options.deadline();
        try (Overlay overlay = Overlay.listening(dmsg.discovery(console, options), key, deadline);
                DmsgListener listener = overlay.client().listen(port)) {
            overlay.client().awaitReady(deadline);
            console.note("waiting for:  skywire dmsg cat " + key.publicKey().hex() + ":" + port);
            try (DmsgStream stream = listener.accept()) {
                console.note("connected: " + stream.remoteKey().hex());
                carry(console, stream);
            }
        }
    }

    /** Both directions until the other side ends; the input is read on a thread that may be left behind in its read. */
    private void carry(Console console, DmsgStream stream) throws IOException {
        Thread sender = Platform.system().startOutside("cat/input", () -> send(console, stream));
        byte[] buffer = new byte[BUFFER];
        OutputStream out = console.bytes();
        try {
            for (int n = read(stream, buffer); n >= 0; n = read(stream, buffer)) {
                out.write(buffer, 0, n);
                out.flush();
            }
        } catch (Failure | EOFException e) {
            if (!finished || Failure.kindOf(e) == Failure.Kind.CANCELLED) {
                throw e;
            }
        }
        awaitInput(sender);
    }

    /** The other side has said all it wanted; what waits in our input is still sent, a person's next line is not. */
    private static void awaitInput(Thread sender) throws Failure {
        try {
            sender.join(LAST_WORDS);
        } catch (InterruptedException e) {
            throw Failure.cancelled("the end of the input");
        }
    }

    private static int read(DmsgStream stream, byte[] buffer) throws IOException {
        return stream.read(buffer, 0, buffer.length, Deadline.NEVER);
    }

    private void send(Console console, DmsgStream stream) {
        byte[] buffer = new byte[BUFFER];
        InputStream in = console.in();
        try {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                stream.write(buffer, 0, n, soon());
            }
            if (!waitForOther) {
                finished = true;
                stream.finishWriting(soon());
            }
        } catch (IOException e) {
            stream.close(); // the reading side tells why
        }
    }

    private static Deadline soon() {
        return Platform.system().clock().in(WRITE_LIMIT);
    }
}
