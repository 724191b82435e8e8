package skywire.testkit;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import skywire.bytes.ByteWriter;
import skywire.key.SecretKey;
import skywire.link.SecureLink;
import skywire.noise.Pattern;
import skywire.packet.Close;
import skywire.packet.Data;
import skywire.packet.ErrorText;
import skywire.packet.Handshake;
import skywire.packet.KeepAlive;
import skywire.packet.Packet;
import skywire.packet.Ping;
import skywire.packet.Pong;
import skywire.packet.RouteDescriptor;
import skywire.packet.RouteId;
import skywire.packet.Sack;
import skywire.packet.TransportPing;
import skywire.packet.TransportPong;
import skywire.packet.Unknown;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Platform;

/**
 * A route group as a visor of June 2026 keeps it (mux §1 to §3 [06], routing §6 to §8): legs with an index, one noise
 * stream over all of them, everything that is not data on index 0. Packets come from the one loop of its visor; one
 * reader, one writer.
 */
public final class JuneGroup implements Closeable {
    private static final Duration AWAIT_HANDSHAKE = Duration.ofSeconds(6);
    private static final Duration AWAIT_OPENING = Duration.ofSeconds(20);
    private static final Duration CONTROL = Duration.ofSeconds(2);
    private static final int OLD_SACK = 12;

    private final Platform platform;
    private final RouteDescriptor descriptor;
    private final JuneStyle style;
    private final JuneWatch watch;
    private final boolean dialled;
    private final JuneReceiver receiver; // loop only
    private final JuneSender sender;
    private final JuneArrivals arrivals;
    private final JuneStream stream;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<JuneLeg> legs = new ArrayList<>(); // guarded by lock
    private final List<Handshake> handshakes = new ArrayList<>(); // guarded by lock; of the other end
    private final List<Long> pongs = new ArrayList<>(); // guarded by lock; timestamps
    private boolean answered; // guarded by lock; our Handshake went out as an answer
    private boolean closed; // guarded by lock
    private boolean closedBack; // guarded by lock; the other end's Close has come
    private String errorText = ""; // guarded by lock
    private volatile int agreed = -1; // capabilities of both; -1 before the first Handshake
    private volatile SecureLink secure; // written once, when both ends have agreed

    JuneGroup(Platform platform, RouteDescriptor descriptor, JuneStyle style, JuneWatch watch, boolean dialled) {
        this.platform = platform;
        this.descriptor = descriptor;
        this.style = style;
        this.watch = watch;
        this.dialled = dialled;
        this.receiver = new JuneReceiver(watch);
        this.sender = new JuneSender(watch, style);
        this.arrivals = new JuneArrivals(watch);
        this.stream = new JuneStream(this, platform.clock(), watch);
    }

    /** As this end sees it: source is the far end. */
    public RouteDescriptor descriptor() {
        return descriptor;
    }

    /** Capabilities both ends have; −1 before they have spoken. */
    public int agreed() {
        return agreed;
    }

    /** Whether data is sequenced. */
    public boolean isMux() {
        return agreed > 0 && (agreed & JuneStyle.MUX) != 0;
    }

    /** Its legs by index. */
    public List<JuneLeg> legs() {
        lock.lock();
        try {
            return List.copyOf(legs);
        } finally {
            lock.unlock();
        }
    }

    /** The Handshakes of the other end, in the order of arrival. */
    public List<Handshake> handshakes() {
        lock.lock();
        try {
            return List.copyOf(handshakes);
        } finally {
            lock.unlock();
        }
    }

    void add(JuneLeg leg) {
        lock.lock();
        try {
            legs.add(leg);
        } finally {
            lock.unlock();
        }
    }

    /** Takes closed transports out, as the visor does every five minutes if its application is idle (mux §3.4). */
    public void prune() {
        lock.lock();
        try {
            legs.removeIf(leg -> legs.size() > 1 && !leg.isAlive());
            legs.getFirst().heard(); // ready, as a primary is
        } finally {
            lock.unlock();
        }
    }

    // ---- set-up

    void initiate(SecretKey own, Deadline deadline) throws IOException {
        legs().getFirst().send(handshake(), deadline);
        awaitAgreement(deadline.orEarlier(platform.clock(), AWAIT_HANDSHAKE));
        secure = SecureLink.initiator(stream, Pattern.KK, own, descriptor.srcKey(), platform, deadline);
    }

    void respond(SecretKey own) throws IOException {
        Deadline limit = platform.clock().in(AWAIT_OPENING);
        awaitAgreement(limit);
        setAnswered();
        legs().getFirst().send(handshake(), limit);
        secure = SecureLink.responder(stream, Pattern.KK, own, descriptor.srcKey(), platform, limit);
    }

    private void setAnswered() {
        lock.lock();
        try {
            answered = true;
        } finally {
            lock.unlock();
        }
    }

    private Packet handshake() {
        return style.shortHandshake()
                ? Handshake.of(RouteId.NONE, true)
                : Handshake.of(RouteId.NONE, true, style.capabilities(), new byte[0]);
    }

    private void awaitAgreement(Deadline deadline) throws IOException {
        await("the other end's handshake", deadline, () -> agreed >= 0);
    }

    /** Announces a leg that was just taken up. */
    void announce(JuneLeg leg) {
        control(leg, handshake());
    }

    // ---- packets, on the loop of the visor

    /** At the transport, before faults: what the sender did. */
    void arrived(JuneLeg leg, Packet packet) {
        if (packet instanceof Data data) {
            leg.received();
            if (isMux() && data.payload().length >= 4) {
                arrivals.arrived(leg, seq(data), data.payload());
            }
        }
    }

    /** Past the faults of the leg. */
    void passed(Packet packet) {
        if (packet instanceof Data data && isMux() && data.payload().length >= 4) {
            arrivals.passed(seq(data));
        }
    }

    private static long seq(Data data) {
        return ByteBuffer.wrap(data.payload()).getInt() & 0xffffffffL;
    }

    void handle(JuneLeg leg, Packet packet) {
        leg.heard();
        switch (packet) {
            case Data data -> data(data);
            case Handshake handshake -> opened(leg, handshake);
            case Sack sack -> acknowledged(sack);
            case Ping ping -> {
                leg.prove(); // once the answer is out
                control(legs().getFirst(), Pong.of(RouteId.NONE, ping.unixMillis()));
            }
            case Pong pong -> note(() -> pongs.add(pong.unixMillis()));
            case ErrorText error -> note(() -> errorText = error.message());
            case Close close -> closedByPeer(close);
            case KeepAlive k -> watch.add("keep-alives");
            case TransportPing p -> watch.violation("a transport ping with a route id");
            case TransportPong p -> watch.violation("a transport pong with a route id");
            case Unknown u -> watch.violation("packet of unknown type " + u.type());
        }
    }

    private void note(Runnable what) {
        lock.lock();
        try {
            what.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void opened(JuneLeg leg, Handshake handshake) {
        boolean again;
        boolean primary;
        lock.lock();
        try {
            handshakes.add(handshake);
            again = answered;
            primary = leg == legs.getFirst();
            if (agreed < 0) {
                agreed = handshake.capabilities() & style.capabilities();
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (!handshake.encrypt()) {
            watch.violation("a Handshake without encryption");
        }
        if (!primary && (handshake.capabilities() & agreed) != agreed) {
            watch.violation("the Handshake of a leg has other capabilities: " + handshake.capabilities());
        }
        if (again && primary) {
            control(leg, handshake());
        } else if (!primary && !dialled && style.answer() != JuneStyle.Answer.NEVER) {
            control(style.answer() == JuneStyle.Answer.ON_LEG ? leg : legs().getFirst(), handshake());
            leg.prove();
        }
    }

    private void data(Data data) {
        if (agreed < 0) {
            watch.violation("data before any Handshake");
        } else if (!isMux()) {
            stream.deliver(data.payload());
        } else if (data.payload().length < 4) {
            watch.violation("sequenced data of " + data.payload().length + " bytes");
        } else {
            byte[] body = Arrays.copyOfRange(data.payload(), 4, data.payload().length);
            receiver.receive(seq(data), body).forEach(stream::deliver);
            if (receiver.sackDue() && (agreed & JuneStyle.SACK) != 0) {
                watch.add("sacks sent");
                control(legs().getFirst(), Sack.old(RouteId.NONE, receiver.last(), receiver.bitmap()));
            }
        }
    }

    private void acknowledged(Sack sack) {
        watch.add("sacks received");
        int length = sack.payload().length;
        if ((agreed & JuneStyle.SACK) == 0) {
            watch.violation("a SACK, which was not agreed on");
            return;
        }
        if (length < OLD_SACK) {
            watch.violation("a SACK of " + length + " bytes: the visor has crashed");
            end(new Failure(Failure.Kind.MALFORMED, "crashed"));
            return;
        }
        if (length != OLD_SACK) {
            watch.violation("a SACK of " + length + " bytes is misread");
        }
        long bitmap = ByteBuffer.wrap(sack.payload()).getLong(4);
        for (JuneSender.Numbered missing : sender.acknowledged(sack.lastContiguous(), bitmap)) {
            watch.add("resent");
            control(sender.pick(legs()), data(missing));
        }
    }

    private void closedByPeer(Close close) {
        if (close.code() != Close.REQUESTED) {
            watch.violation("Close with code " + close.code() + " ends the whole group");
        }
        boolean first;
        lock.lock();
        try {
            first = !closed;
            closed = true;
            closedBack = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (first) {
            stream.end(new Failure(Failure.Kind.CLOSED_THERE, "closed by the other end: " + errorText));
            legs().forEach(leg -> control(leg, Close.of(RouteId.NONE, Close.REQUESTED)));
        }
    }

    /** Sends a small packet; if that fails, it is as good as lost. */
    private void control(JuneLeg leg, Packet packet) {
        try {
            leg.send(packet, platform.clock().in(CONTROL));
        } catch (IOException e) {
            watch.note(packet + " was not sent: " + Failure.text(e));
        }
    }

    // ---- the application

    /** One noise frame of the application, or of the noise handshake. */
    void send(byte[] frame, Deadline deadline) throws IOException {
        check();
        if (!isMux()) {
            legs().getFirst().send(new Data(RouteId.NONE, frame), deadline);
            return;
        }
        JuneLeg leg = sender.pick(legs());
        JuneSender.Numbered numbered = sender.number(frame);
        while (true) {
            try {
                leg.send(data(numbered), deadline);
                return;
            } catch (Failure e) {
                leg = sender.pick(legs());
                if (!leg.isUsable() || deadline.passed()) {
                    throw e;
                }
            }
        }
    }

    private static Data data(JuneSender.Numbered numbered) {
        byte[] frame = numbered.data();
        return new Data(
                RouteId.NONE,
                new ByteWriter(4 + frame.length)
                        .u32(numbered.seq())
                        .bytes(frame)
                        .toBytes());
    }

    /** Reads decrypted bytes. */
    public void readFully(byte[] b, Deadline deadline) throws IOException {
        secure.readFully(b, 0, b.length, deadline);
    }

    /** Reads decrypted bytes; −1 once the other end has closed. */
    public int read(byte[] b, Deadline deadline) throws IOException {
        return secure.read(b, 0, b.length, deadline);
    }

    /** Encrypts and sends. */
    public void write(byte[] b, Deadline deadline) throws IOException {
        secure.write(b, deadline);
    }

    /** Pings the other end on a leg; the answer may come by any. */
    public void ping(int leg, Deadline deadline) throws IOException {
        long mark = platform.clock().unixMillis() + leg; // unique per leg by its offset
        legs().get(leg).send(Ping.of(RouteId.NONE, mark, 0), deadline);
        await("pong", deadline, () -> pongs.contains(mark));
    }

    /** A keep-alive on every leg, as every five minutes if idle. */
    public void keepAlive() {
        legs().forEach(leg -> control(leg, KeepAlive.of(RouteId.NONE)));
    }

    /** What the other end said before it closed. */
    public Optional<String> errorText() {
        lock.lock();
        try {
            return errorText.isEmpty() ? Optional.empty() : Optional.of(errorText);
        } finally {
            lock.unlock();
        }
    }

    /** Packets kept for sending again. */
    public int kept() {
        return sender.kept();
    }

    /** Whether either end has closed it. */
    public boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    private interface Check {
        boolean holds();
    }

    private void await(String what, Deadline deadline, Check check) throws IOException {
        lock.lock();
        try {
            while (!check.holds()) {
                if (closed) {
                    throw new Failure(Failure.Kind.CLOSED_THERE, "closed while waiting for " + what);
                }
                if (!platform.clock().await(lock, changed, deadline) && !check.holds()) {
                    throw Failure.timeout(what);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void check() throws Failure {
        if (isClosed()) {
            throw new Failure(Failure.Kind.CLOSED_THERE, "the group is closed");
        }
    }

    void end(Failure why) {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        stream.end(why);
    }

    /** Whether the other end answered our Close, waiting up to two seconds for that. */
    public boolean awaitClosedBack() throws Failure {
        Deadline limit = platform.clock().in(CONTROL);
        lock.lock();
        try {
            while (!closedBack && platform.clock().await(lock, changed, limit)) {
                continue;
            }
            return closedBack;
        } finally {
            lock.unlock();
        }
    }

    /** Says Close on all legs. */
    @Override
    public void close() {
        boolean first;
        lock.lock();
        try {
            first = !closed;
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (first) {
            legs().forEach(leg -> control(leg, Close.of(RouteId.NONE, Close.REQUESTED)));
            stream.end(Failure.closedHere("the group"));
        }
    }
}
