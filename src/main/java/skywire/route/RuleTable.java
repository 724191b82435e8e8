package skywire.route;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import skywire.key.PublicKey;
import skywire.limit.RateLimit;
import skywire.packet.RouteId;
import skywire.packet.Rule;
import skywire.platform.Clock;
import skywire.platform.Failure;

/**
 * The rules of a visor, by route id (routing §3, §4). Thread-safe; looking up takes no lock.
 *
 * <p>An id is first reserved, by somebody, and becomes a rule when the same somebody installs one under it. Ids are
 * random, so that they cannot be guessed, and never reused while known. A rule belongs to the transport its first
 * packet came by: packets for it that come by another one are refused. A rule that is not used for its keep-alive
 * time is found no more, and {@link #collect} takes it out.
 */
public final class RuleTable {
    /** The keep-alive of a rule is raised to this. */
    public static final Duration LEAST_KEEP_ALIVE = Duration.ofSeconds(5);

    /** The keep-alive of a rule is lowered to this. */
    public static final Duration MOST_KEEP_ALIVE = Duration.ofHours(1);

    /** Rules and reserved ids in a table. */
    public static final int MOST_RULES = 100_000;

    /** Ids in one request. */
    public static final int MOST_PER_REQUEST = 64;

    /** Ids one owner may reserve per second on average, and at once. */
    public static final int RATE = 200;

    /** Ids one owner may reserve at once. */
    public static final int BURST = 2_000;

    /** A reserved id without a rule is free again after this time. */
    public static final Duration RESERVED_FOR = Duration.ofMinutes(2);

    private final Clock clock;
    private final SecureRandom random;
    private final PublicKey self;
    private final Map<Long, RuleEntry> rules = new ConcurrentHashMap<>(); // written under lock, read without
    private final ReentrantLock lock = new ReentrantLock();
    private final TreeMap<Long, Reservation> reserved = new TreeMap<>(); // guarded by lock
    private final Map<PublicKey, RateLimit> rates = new LinkedHashMap<>(); // guarded by lock; configured keys only
    private final LongAdder refused = new LongAdder();
    private final LongAdder clamped = new LongAdder();

    private volatile Consumer<RuleEntry> installed = entry -> {};

    private record Reservation(PublicKey owner, long madeAt) {}

    /** An empty table of the visor {@code self}, whose own reservations are not rate-limited. */
    public RuleTable(Clock clock, SecureRandom random, PublicKey self) {
        this.clock = clock;
        this.random = random;
        this.self = self;
    }

    /** From now on {@code to} is told of each rule that packets may arrive for, right after it was installed. */
    void onInstalled(Consumer<RuleEntry> to) {
        installed = to;
    }

    /**
     * Reserves route ids.
     *
     * @param n 0 to {@link #MOST_PER_REQUEST}
     * @throws Failure of kind {@code LIMIT} if it asks for too much, too fast, or the table is full
     */
    public List<Long> reserve(PublicKey owner, int n) throws Failure {
        if (n < 0 || n > MOST_PER_REQUEST) {
            throw new Failure(Failure.Kind.LIMIT, "at most " + MOST_PER_REQUEST + " route ids at once");
        }
        lock.lock();
        try {
            if (rules.size() + reserved.size() + n > MOST_RULES) {
                throw new Failure(Failure.Kind.LIMIT, "no available routeIDs");
            }
            if (!owner.equals(self) && !rate(owner).take(n)) {
                throw new Failure(Failure.Kind.LIMIT, "too many route ids for " + owner.brief());
            }
            return takeIds(owner, n);
        } finally {
            lock.unlock();
        }
    }

    private RateLimit rate(PublicKey owner) {
        return rates.computeIfAbsent(owner, o -> new RateLimit(clock, RATE, BURST));
    }

    private List<Long> takeIds(PublicKey owner, int n) {
        long now = clock.nanoTime();
        var ids = new ArrayList<Long>(n);
        while (ids.size() < n) {
            long id = random.nextInt() & RouteId.MAX;
            if (id != RouteId.NONE && id != RouteId.MAX && !rules.containsKey(id) && !reserved.containsKey(id)) {
                reserved.put(id, new Reservation(owner, now));
                ids.add(id);
            }
        }
        return ids;
    }

    /**
     * Turns a reserved id into a rule. Its transport is found out by the first packet.
     *
     * @throws Failure of kind {@code REFUSED} if the id is not reserved by this owner or already used
     */
    public RuleEntry install(PublicKey owner, Rule rule) throws Failure {
        return install(owner, rule, null);
    }

    /** The two entries of a route that ends here. */
    public record EdgeEntries(RuleEntry forward, RuleEntry consume) {}

    /**
     * Installs both rules of a route that ends here, or none; what arrives goes to {@code end} from now on.
     *
     * @throws Failure of kind {@code REFUSED} as for {@link #install}
     */
    public EdgeEntries installEdge(PublicKey owner, EdgeRules rules, RouteEnd end) throws Failure {
        return installEdge(owner, rules, null, end);
    }

    /** As {@link #installEdge}, for a route whose packets are known to arrive by this transport. */
    public EdgeEntries installBoundEdge(PublicKey owner, EdgeRules rules, UUID arrivesBy, RouteEnd end) throws Failure {
        return installEdge(owner, rules, arrivesBy, end);
    }

    private EdgeEntries installEdge(PublicKey owner, EdgeRules rules, UUID arrivesBy, RouteEnd end) throws Failure {
        EdgeEntries entries;
        lock.lock();
        try {
            checkReserved(owner, rules.consume().keyRouteId());
            RuleEntry forward = put(owner, rules.forward(), null, end);
            entries = new EdgeEntries(forward, put(owner, rules.consume(), arrivesBy, end));
        } finally {
            lock.unlock();
        }
        installed.accept(entries.consume());
        return entries;
    }

    /**
     * Installs the rules of a relay for one route, all or none; when one of them breaks, so do the others.
     *
     * @throws Failure of kind {@code REFUSED} as for {@link #install}, or if two have the same id
     */
    public List<RuleEntry> installRelay(PublicKey owner, List<Rule.Intermediary> relay) throws Failure {
        var entries = new ArrayList<RuleEntry>();
        lock.lock();
        try {
            var ids = new TreeSet<Long>();
            for (Rule rule : relay) {
                checkReserved(owner, rule.keyRouteId());
                if (!ids.add(rule.keyRouteId())) {
                    throw new Failure(Failure.Kind.REFUSED, "two rules for route id " + rule.keyRouteId());
                }
            }
            for (Rule rule : relay) {
                entries.add(put(owner, rule, null, null));
            }
            List<RuleEntry> all = List.copyOf(entries);
            all.forEach(entry -> entry.joinWith(all));
        } finally {
            lock.unlock();
        }
        entries.forEach(installed);
        return entries;
    }

    /** As {@link #install}, for a rule whose packets are known to arrive by this transport. */
    public RuleEntry installBound(PublicKey owner, Rule rule, UUID arrivesBy) throws Failure {
        return install(owner, rule, arrivesBy);
    }

    private RuleEntry install(PublicKey owner, Rule rule, UUID arrivesBy) throws Failure {
        RuleEntry entry;
        lock.lock();
        try {
            entry = put(owner, rule, arrivesBy, null);
        } finally {
            lock.unlock();
        }
        installed.accept(entry);
        return entry;
    }

    private RuleEntry put(PublicKey owner, Rule rule, UUID arrivesBy, RouteEnd end) throws Failure {
        long id = rule.keyRouteId();
        checkReserved(owner, id);
        reserved.remove(id);
        var entry = new RuleEntry(clamp(rule), owner, arrivesBy, end, clock.nanoTime());
        rules.put(id, entry);
        return entry;
    }

    private void checkReserved(PublicKey owner, long id) throws Failure {
        Reservation reservation = reserved.get(id);
        if (reservation == null || !reservation.owner().equals(owner)) {
            throw new Failure(Failure.Kind.REFUSED, "route id " + id + " is not reserved for this rule");
        }
    }

    private Rule clamp(Rule rule) {
        Duration asked = rule.keepAlive();
        Duration given = asked.compareTo(LEAST_KEEP_ALIVE) < 0
                ? LEAST_KEEP_ALIVE
                : asked.compareTo(MOST_KEEP_ALIVE) > 0 ? MOST_KEEP_ALIVE : asked;
        if (given.equals(asked)) {
            return rule;
        }
        clamped.increment();
        return rule.withKeepAlive(given);
    }

    /**
     * The rule for a packet that came by this transport; the first such packet binds the rule to it.
     *
     * @throws Failure of kind {@code NOT_FOUND} without such a rule, {@code TIMEOUT} if its keep-alive has run out,
     *     {@code UNTRUSTED} if its packets come by another transport, {@code REFUSED} if it is for sending only
     */
    public RuleEntry arriving(long id, UUID transport) throws Failure {
        RuleEntry entry = live(id);
        if (entry.rule() instanceof Rule.Forward) {
            refused.increment();
            throw new Failure(Failure.Kind.REFUSED, "nobody sends what we are to send ourselves");
        }
        if (!entry.arrivesBy(transport) && !bind(entry, transport)) {
            refused.increment();
            throw new Failure(Failure.Kind.UNTRUSTED, "packet for route " + id + " came by another transport");
        }
        return entry;
    }

    private boolean bind(RuleEntry entry, UUID transport) {
        lock.lock();
        try {
            if (!entry.isBound()) {
                entry.bind(transport);
            }
            return entry.arrivesBy(transport);
        } finally {
            lock.unlock();
        }
    }

    private RuleEntry live(long id) throws Failure {
        RuleEntry entry = rules.get(id);
        if (entry == null) {
            throw new Failure(Failure.Kind.NOT_FOUND, "rule not found");
        }
        if (entry.isExpired(clock.nanoTime())) {
            throw new Failure(Failure.Kind.TIMEOUT, "rule keep-alive timeout exceeded");
        }
        return entry;
    }

    /** The entry of an id, expired or not. */
    public Optional<RuleEntry> get(long id) {
        return Optional.ofNullable(rules.get(id));
    }

    /** Notes that a rule was used: its keep-alive time starts again. */
    public void touch(RuleEntry entry) {
        entry.touch(clock.nanoTime());
    }

    /** Whether the id is reserved and has no rule yet: packets for it may be early. */
    public boolean isReserved(long id) {
        lock.lock();
        try {
            return reserved.containsKey(id);
        } finally {
            lock.unlock();
        }
    }

    /** Takes an entry out; false if it is no longer the entry of its id. */
    public boolean remove(RuleEntry entry) {
        lock.lock();
        try {
            entry.remove();
            return rules.remove(entry.id(), entry);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes out rules and frees reserved ids, as far as they belong to the owner; other and unknown ids are ignored.
     *
     * @return the rules taken out
     */
    public List<RuleEntry> delete(PublicKey owner, List<Long> ids) {
        var gone = new ArrayList<RuleEntry>();
        lock.lock();
        try {
            for (long id : ids) {
                Reservation reservation = reserved.get(id);
                if (reservation != null && reservation.owner().equals(owner)) {
                    reserved.remove(id);
                }
                RuleEntry entry = rules.get(id);
                if (entry != null && entry.owner().equals(owner) && remove(entry)) {
                    gone.add(entry);
                }
            }
        } finally {
            lock.unlock();
        }
        return gone;
    }

    /** Takes out what has expired, rules and reservations; returns the rules. To be called every few seconds. */
    public List<RuleEntry> collect() {
        long now = clock.nanoTime();
        var gone = new ArrayList<RuleEntry>();
        lock.lock();
        try {
            reserved.values().removeIf(r -> now - r.madeAt() > RESERVED_FOR.toNanos());
            for (RuleEntry entry : rules.values()) {
                if (entry.isExpired(now) && remove(entry)) {
                    gone.add(entry);
                }
            }
        } finally {
            lock.unlock();
        }
        gone.sort(Comparator.comparingLong(RuleEntry::id));
        return gone;
    }

    /** The rules whose packets arrive by this transport, by id. */
    public List<RuleEntry> arrivingBy(UUID transport) {
        return rules.values().stream()
                .filter(e -> e.arrivesBy(transport))
                .sorted(Comparator.comparingLong(RuleEntry::id))
                .toList();
    }

    /** The rules whose packets leave by this transport, by id. */
    public List<RuleEntry> leavingBy(UUID transport) {
        return rules.values().stream()
                .filter(e -> e.leavesBy(transport))
                .sorted(Comparator.comparingLong(RuleEntry::id))
                .toList();
    }

    /** All rules, by id. */
    public List<RuleEntry> list() {
        return rules.values().stream()
                .sorted(Comparator.comparingLong(RuleEntry::id))
                .toList();
    }

    /** Number of rules. */
    public int size() {
        return rules.size();
    }

    /** Number of ids reserved without a rule. */
    public int reservedIds() {
        lock.lock();
        try {
            return reserved.size();
        } finally {
            lock.unlock();
        }
    }

    /** Packets refused because they came by another transport than their rule's, or for a rule that is for sending. */
    public long refusedPackets() {
        return refused.sum();
    }

    /** Rules whose keep-alive was moved into the bounds. */
    public long clampedRules() {
        return clamped.sum();
    }
}
