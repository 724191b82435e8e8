package skywire.local;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import skywire.app.socks.AddressRange;
import skywire.app.socks.SocksServerConfig;
import skywire.app.socks.TargetFilter;
import skywire.entry.TransportEntry;
import skywire.http.HttpUrl;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.HostPort;
import skywire.platform.Platform;
import skywire.platform.Scope;
import skywire.route.setup.RouteDialer;
import skywire.transport.StcpCarrier;
import skywire.transport.Transport;
import skywire.transport.TransportSet;
import skywire.visor.Visor;
import skywire.visor.VisorConfig;

/**
 * The visors of a local network: number 0 is the user's, the last is the exit, those between are relays. Each relay is
 * linked to the first, to the exit, and to the relays next to it; the first and the exit are not linked. Where the route
 * is to have several legs of more than two hops, as many relays as they take are all linked to each other: then any of
 * them that are left over make another leg, however the others go. Visors can be killed and started again. Thread-safe.
 */
public final class Mesh implements Closeable {
    private static final Duration LINK_LIMIT = Duration.ofSeconds(10);

    /** Each takes two handshakes, which have a limit of their own. */
    private static final int LINKS_AT_ONCE = 64;

    private final Platform platform;
    private final LocalSettings settings;
    private final Services services;
    private final List<SecretKey> keys = new ArrayList<>(); // filled by start
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Integer, Running> running = new LinkedHashMap<>(); // guarded by lock
    private boolean closed; // guarded by lock

    /** Where the services of the network are. */
    record Services(HttpUrl discovery, HttpUrl transports, HttpUrl routes, PublicKey setupNode) {}

    /** Two visors that are linked. */
    record Pair(int from, int to) {}

    private record Running(Visor visor, CutOff world) {}

    Mesh(Platform platform, LocalSettings settings, Services services) {
        this.platform = platform;
        this.settings = settings;
        this.services = services;
    }

    /** Starts all visors, waits until dmsg servers know them, and links them. */
    void start(Deadline limit) throws IOException {
        for (int i = 0; i < settings.visors(); i++) {
            keys.add(settings.keys().of("visor-" + i));
        }
        sideBySide("start", numbers(), limit, number -> launch(number, limit));
        List<Pair> pairs = pairs();
        for (int begin = 0; begin < pairs.size(); begin += LINKS_AT_ONCE) {
            List<Pair> some = pairs.subList(begin, Math.min(begin + LINKS_AT_ONCE, pairs.size()));
            sideBySide("link", some, limit, pair -> link(pair, limit));
        }
        numbers().forEach(this::keepLinks);
    }

    private void link(Pair pair, Deadline limit) throws IOException {
        visor(pair.from())
                .orElseThrow()
                .transports()
                .dial(key(pair.to()), StcpCarrier.TYPE, TransportEntry.AUTOMATIC, limit);
    }

    private List<Integer> numbers() {
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < settings.visors(); i++) {
            numbers.add(i);
        }
        return numbers;
    }

    /** All links; the visor of the lower number dials. */
    private List<Pair> pairs() {
        return pairs(settings);
    }

    static List<Pair> pairs(LocalSettings settings) {
        int exit = settings.visors() - 1;
        List<Pair> pairs = new ArrayList<>();
        for (int relay = 1; relay < exit; relay++) {
            pairs.add(new Pair(0, relay));
            pairs.add(new Pair(relay, exit));
            for (int next = relay + 1; next < exit && (next == relay + 1 || next <= meshed(settings)); next++) {
                pairs.add(new Pair(relay, next));
            }
        }
        return pairs;
    }

    /** The last relay of those that are all linked to each other. */
    private static int meshed(LocalSettings settings) {
        boolean isWanted = settings.mux() > 1 && settings.hops() > 2;
        return isWanted ? (settings.mux() + settings.spares()) * (settings.hops() - 1) : 0;
    }

    private List<Integer> neighbours(int number) {
        List<Integer> neighbours = new ArrayList<>();
        for (Pair pair : pairs()) {
            if (pair.from() == number) {
                neighbours.add(pair.to());
            } else if (pair.to() == number) {
                neighbours.add(pair.from());
            }
        }
        return neighbours;
    }

    private void launch(int number, Deadline limit) throws IOException {
        var world = new CutOff(platform);
        Visor visor = Visor.start(world, config(number));
        lock.lock();
        try {
            if (!closed && !running.containsKey(number)) {
                running.forEach((other, known) -> {
                    visor.know(key(other), HostPort.parse(known.visor().stcpAddress()));
                    known.visor().know(key(number), HostPort.parse(visor.stcpAddress()));
                });
                running.put(number, new Running(visor, world));
            }
        } finally {
            lock.unlock();
        }
        if (visor(number).orElse(null) != visor) {
            visor.close();
            throw new Failure(Failure.Kind.REFUSED, "visor " + number + " runs already");
        }
        visor.dmsg().awaitReady(limit);
    }

    private VisorConfig config(int number) {
        boolean isExit = number == settings.visors() - 1;
        var routing = new VisorConfig.Routing(
                List.of(services.setupNode()),
                Optional.of(services.routes()),
                Duration.ofSeconds(10),
                0,
                1,
                true,
                RouteDialer.Settings.DEFAULT.keepAlive());
        return new VisorConfig(
                keys.get(number),
                services.discovery(),
                2,
                new VisorConfig.Stcp(Map.of(), Optional.of(new HostPort("127.0.0.1", 0))),
                services.transports(),
                List.of(),
                Optional.empty(),
                routing,
                isExit ? Optional.of(openExit()) : Optional.empty());
    }

    /** Nobody else can reach it, so it lets everybody out, and to this machine too: that is what is tried here. */
    private static SocksServerConfig openExit() {
        var filter = new TargetFilter(List.of(AddressRange.parse("127.0.0.0/8")));
        return new SocksServerConfig(Optional.empty(), List.of(), true, filter);
    }

    /** Has a visor make its links again when they end. */
    private void keepLinks(int number) {
        List<TransportSet.Persistent> kept = neighbours(number).stream()
                .filter(other -> other > number)
                .map(other -> new TransportSet.Persistent(key(other), StcpCarrier.TYPE))
                .toList();
        visor(number).ifPresent(visor -> visor.transports().persist(kept));
    }

    private interface Task<T> {
        void run(T item) throws IOException;
    }

    /** Runs the task for all items at once; the first failure is thrown when all have ended. */
    private <T> void sideBySide(String name, List<T> items, Deadline limit, Task<T> task) throws IOException {
        List<IOException> failures = new ArrayList<>();
        try (var scope = new Scope(platform, "local/" + name)) {
            for (T item : items) {
                scope.forkChild(item.toString(), () -> {
                    try {
                        task.run(item);
                    } catch (IOException e) {
                        lock.lock();
                        try {
                            failures.add(e);
                        } finally {
                            lock.unlock();
                        }
                    }
                });
            }
            if (!scope.join(limit)) {
                throw Failure.timeout("the " + name + " of the visors");
            }
        }
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
    }

    /** Number of visors, dead ones too. */
    public int size() {
        return settings.visors();
    }

    /** Number of links when all visors run. */
    public int links() {
        return pairs().size();
    }

    /** The key of a visor, whether it runs or not. */
    public PublicKey key(int number) {
        return keys.get(number).publicKey();
    }

    /** The key of the exit. */
    public PublicKey exitKey() {
        return key(settings.visors() - 1);
    }

    /** What a visor is for. */
    public String role(int number) {
        return number == 0 ? "you" : number == settings.visors() - 1 ? "exit" : "relay";
    }

    /** A visor, if it runs. */
    public Optional<Visor> visor(int number) {
        lock.lock();
        try {
            return Optional.ofNullable(running.get(number)).map(Running::visor);
        } finally {
            lock.unlock();
        }
    }

    private List<Visor> visors() {
        lock.lock();
        try {
            return running.values().stream().map(Running::visor).toList();
        } finally {
            lock.unlock();
        }
    }

    /** The number of the visor with this key. */
    public Optional<Integer> number(PublicKey key) {
        return numbers().stream().filter(n -> key(n).equals(key)).findFirst();
    }

    /**
     * Ends a visor at once, as a crash would: its links break off, and it takes leave of nobody.
     *
     * @throws Failure of kind {@code REFUSED} for the first, {@code NOT_FOUND} if there is none of that number running
     */
    public void kill(int number) throws Failure {
        if (number == 0) {
            throw new Failure(Failure.Kind.REFUSED, "visor 0 is yours; it ends with the network");
        }
        check(number);
        Running victim;
        lock.lock();
        try {
            victim = running.remove(number);
        } finally {
            lock.unlock();
        }
        if (victim == null) {
            throw new Failure(Failure.Kind.NOT_FOUND, "visor " + number + " does not run");
        }
        victim.world().cut();
        victim.visor().close();
    }

    /** Starts a visor that was killed, and links it again. */
    public void start(int number, Deadline limit) throws IOException {
        check(number);
        launch(number, limit);
        Visor visor = visor(number).orElseThrow(() -> Failure.closedHere("visor " + number));
        for (int neighbour : neighbours(number)) {
            if (visor(neighbour).isPresent()) {
                visor.transports()
                        .dial(
                                key(neighbour),
                                StcpCarrier.TYPE,
                                TransportEntry.AUTOMATIC,
                                limit.orEarlier(platform.clock(), LINK_LIMIT));
            }
        }
        keepLinks(number);
    }

    private void check(int number) throws Failure {
        if (number < 0 || number >= settings.visors()) {
            throw new Failure(
                    Failure.Kind.NOT_FOUND, "there is no visor " + number + ", only 0 to " + (settings.visors() - 1));
        }
    }

    Optional<Duration> roundTrip(UUID transport) {
        for (Visor visor : visors()) {
            Optional<Duration> time = visor.transports().get(transport).map(Transport::roundTrip);
            if (time.isPresent() && !time.get().isZero()) {
                return time;
            }
        }
        return Optional.empty();
    }

    /** Ends all visors, waiting for them until then. */
    void close(Deadline limit) {
        List<Visor> all;
        lock.lock();
        try {
            closed = true;
            all = running.values().stream().map(Running::visor).toList();
            running.clear();
        } finally {
            lock.unlock();
        }
        var scope = new Scope(platform, "local/close");
        try {
            for (Visor visor : all) {
                scope.forkChild(visor.key().brief(), visor::close);
            }
            scope.join(limit);
        } catch (IOException e) {
            all.forEach(Visor::close); // told to hurry
        }
    }

    @Override
    public void close() {
        close(platform.clock().in(LINK_LIMIT));
    }
}
