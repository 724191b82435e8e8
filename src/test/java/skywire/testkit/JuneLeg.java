package skywire.testkit;

import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import skywire.packet.Data;
import skywire.packet.Packet;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.transport.NextHop;
import skywire.transport.Transport;

/** A leg of a {@link JuneGroup}: a forward rule, a consume rule and a first transport. Thread-safe. */
public final class JuneLeg {
    /**
     * The rules of a leg at its end.
     *
     * @param consumeId what arrives under this id is for the leg
     * @param nextId what is sent has this id
     * @param transport and leaves by this transport
     */
    public record Rules(long consumeId, long nextId, UUID transport) {}

    /** The transports of the visor. */
    interface Transports {
        Optional<Transport> get(UUID id);
    }

    private final Rules rules;
    private final Transports transports;
    private final JuneFaults incoming;
    private final JuneFaults outgoing;
    private final LongAdder dataSent = new LongAdder();
    private final LongAdder dataReceived = new LongAdder();
    private volatile boolean ready;
    private volatile boolean proven;

    JuneLeg(Rules rules, Transports transports, boolean primary, JuneFaults.Way arrived) {
        this.rules = rules;
        this.transports = transports;
        this.ready = primary;
        this.proven = primary;
        this.incoming = new JuneFaults(arrived);
        this.outgoing = new JuneFaults(this::transmit);
    }

    Rules rules() {
        return rules;
    }

    /** Its first transport. */
    public UUID transport() {
        return rules.transport();
    }

    /** What happens to what comes by it. */
    public JuneFaults incoming() {
        return incoming;
    }

    /** What happens to what is sent on it. */
    public JuneFaults outgoing() {
        return outgoing;
    }

    /** Whether this end sends data on it: something has arrived by it, or it is the first. */
    public boolean isReady() {
        return ready;
    }

    /** Whether the other end can know that this end has it: something went out on it, or answered what came by it. */
    boolean isProven() {
        return proven;
    }

    boolean isAlive() {
        return transports.get(rules.transport()).isPresent();
    }

    void heard() {
        ready = true;
    }

    void prove() {
        proven = true;
    }

    boolean isUsable() {
        return ready && isAlive();
    }

    void received() {
        dataReceived.increment();
    }

    /** Data packets sent on it, lost ones and repetitions too. */
    public long dataSent() {
        return dataSent.sum();
    }

    /** Data packets that came by it, lost ones and repetitions too. */
    public long dataReceived() {
        return dataReceived.sum();
    }

    /** Queues a packet of ours, waiting for room. */
    void send(Packet packet, Deadline deadline) throws IOException {
        NextHop hop = hop();
        if (packet instanceof Data) {
            dataSent.increment();
        }
        outgoing.take(packet.to(rules.nextId()), p -> {
            proven = true; // first: its answer may be here before the write returns
            hop.write(p, deadline);
        });
    }

    /** What was held back goes out. */
    private void transmit(Packet packet) throws IOException {
        proven = true;
        if (!hop().offer(packet)) {
            throw new Failure(Failure.Kind.LIMIT, "no room for what was held back");
        }
    }

    private NextHop hop() throws Failure {
        return transports
                .get(rules.transport())
                .orElseThrow(() -> new Failure(Failure.Kind.UNREACHABLE, "the first transport has ended"));
    }
}
