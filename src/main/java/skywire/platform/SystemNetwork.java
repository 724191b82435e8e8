package skywire.platform;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/** Sockets of the JDK, blocking, for virtual threads. */
final class SystemNetwork implements Network {
    private static final System.Logger LOG = System.getLogger(SystemNetwork.class.getName());
    private static final int BACKLOG = 1024;

    /** What is certainly no name, so that nobody is asked. */
    private static final Pattern LITERAL = Pattern.compile("[0-9.]*|.*:.*");

    private static final Lookups LOOKUPS = new Lookups(SystemNetwork::lookup);

    private final WriteWatch watch;
    private final boolean others; // whether it is for the traffic of others
    private final AtomicInteger dialling = new AtomicInteger(); // for others; no links yet, but descriptors

    SystemNetwork(WriteWatch watch) {
        this(watch, false);
    }

    private SystemNetwork(WriteWatch watch, boolean others) {
        this.watch = watch;
        this.others = others;
    }

    @Override
    public Network forOthers() {
        return others ? this : new SystemNetwork(watch, true);
    }

    @Override
    public Link dial(HostPort to, Deadline deadline) throws IOException {
        deadline.check("dial " + to);
        if (!others) {
            return connect(to, deadline);
        }
        try {
            if (!Descriptors.permitToOthers(watch.links() + dialling.incrementAndGet())) {
                throw new Failure(Failure.Kind.LIMIT, "dial " + to + ": too many open connections");
            }
            return connect(to, deadline);
        } finally {
            dialling.decrementAndGet();
        }
    }

    private Link connect(HostPort to, Deadline deadline) throws IOException {
        @SuppressWarnings("resource") // handed over to the link, or closed below
        Socket socket = new Socket();
        try {
            InetAddress address = resolve(to.host(), deadline).getFirst();
            socket.connect(new InetSocketAddress(address, to.port()), TcpLink.millis(deadline));
            return TcpLink.open(socket, watch);
        } catch (Failure e) {
            socket.close();
            throw Failure.wrap("dial " + to, e);
        } catch (SocketTimeoutException e) {
            socket.close();
            throw new Failure(Failure.Kind.TIMEOUT, "dial " + to + " timed out", e);
        } catch (ConnectException e) {
            socket.close();
            throw new Failure(Failure.Kind.REFUSED, "dial " + to + ": " + Failure.text(e), e);
        } catch (IOException e) {
            socket.close();
            boolean cancelled = Thread.currentThread().isInterrupted();
            Failure.Kind kind = cancelled ? Failure.Kind.CANCELLED : Failure.Kind.UNREACHABLE;
            throw new Failure(kind, "dial " + to + ": " + Failure.text(e), e);
        }
    }

    @Override
    public Listener listen(HostPort at) throws IOException {
        var server = new ServerSocket();
        try {
            server.setReuseAddress(true);
            server.bind(new InetSocketAddress(at.host(), at.port()), BACKLOG);
        } catch (BindException e) {
            server.close();
            throw new Failure(Failure.Kind.REFUSED, "cannot listen on " + at + ": " + Failure.text(e), e);
        } catch (IOException e) {
            server.close();
            throw Failure.wrap("cannot listen on " + at, e);
        }
        return new TcpListener(server, watch);
    }

    private static final class TcpListener implements Listener {
        private final ServerSocket server;
        private final WriteWatch watch;
        private final Accepting accepting;

        TcpListener(ServerSocket server, WriteWatch watch) {
            this.server = server;
            this.watch = watch;
            this.accepting = new Accepting(new SystemClock(), this::acceptOne, server::isClosed);
        }

        @Override
        public Link accept() throws IOException {
            return accepting.next(local().toString());
        }

        private Link acceptOne() throws IOException {
            if (!Descriptors.permit(watch.links())) {
                throw new IOException("too many open connections for the limit of open files");
            }
            Socket socket = server.accept();
            try {
                return TcpLink.open(socket, watch);
            } catch (IOException e) {
                socket.close(); // gone before it was here
                throw e;
            }
        }

        @Override
        public HostPort local() {
            return new HostPort(server.getInetAddress().getHostAddress(), server.getLocalPort());
        }

        @Override
        public void close() {
            try {
                server.close();
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "closing a listener", e);
            }
        }
    }

    @Override
    public Link dial(Path socket, Deadline deadline) throws IOException {
        deadline.check("dial " + socket);
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            return UnixLink.open(channel, socket.toString(), watch);
        } catch (IOException e) {
            channel.close();
            throw new Failure(Failure.Kind.UNREACHABLE, "nothing answers at " + socket + ": " + Failure.text(e), e);
        }
    }

    @Override
    public Listener listen(Path socket) throws IOException {
        removeStale(socket);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(socket), BACKLOG);
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            server.close();
            throw new Failure(Failure.Kind.REFUSED, "cannot listen on " + socket + ": " + Failure.text(e), e);
        }
        return new UnixLink.UnixListener(server, socket, watch);
    }

    private static void removeStale(Path socket) throws IOException {
        if (!Files.exists(socket)) {
            return;
        }
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException nobodyAnswers) {
            Files.delete(socket);
            return;
        }
        throw new Failure(Failure.Kind.REFUSED, "another process listens on " + socket);
    }

    @Override
    public List<InetAddress> resolve(String host, Deadline deadline) throws IOException {
        deadline.check("resolve " + host);
        return LITERAL.matcher(host).matches() ? lookup(host) : LOOKUPS.wait(host, others, deadline);
    }

    static List<InetAddress> lookup(String host) throws Failure {
        try {
            return List.of(InetAddress.getAllByName(host));
        } catch (UnknownHostException e) {
            throw new Failure(Failure.Kind.NOT_FOUND, "no such host: " + host, e);
        }
    }

    @Override
    public List<InetAddress> ownAddresses() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .toList();
        } catch (SocketException e) {
            return List.of(); // the system does not tell
        }
    }
}
