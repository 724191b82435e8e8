package skywire.testkit;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import skywire.key.SecretKey;
import skywire.link.SecureLink;
import skywire.noise.Pattern;
import skywire.packet.Close;
import skywire.packet.Data;
import skywire.packet.Handshake;
import skywire.packet.KeepAlive;
import skywire.packet.Packet;
import skywire.packet.Ping;
import skywire.packet.RouteDescriptor;
import skywire.packet.RouteId;
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

    private final Platform platform;
    private final RouteDescriptor descriptor;
    private final JuneStyle style;
    private final JuneWatch watch;
    private final boolean dialled;
    private final JuneState state;
    private final JuneSender sender;
    private final JuneStream stream;
    private final JunePackets packets;
    private volatile SecureLink secure; // written once, when both ends have agreed

    JuneGroup(Platform platform, RouteDescriptor descriptor, JuneStyle style, JuneWatch watch, boolean dialled) {
        this.platform = platform;
        this.descriptor = descriptor;
        this.style = style;
        this.watch = watch;
        this.dialled = dialled;
        this.state = new JuneState(platform.clock(), style);
        this.sender = new JuneSender(watch, style);
        this.stream = new JuneStream(this, platform.clock(), watch);
        this.packets = new JunePackets(this, style, watch, sender, stream);
    }

    /** As this end sees it: source is the far end. */
    public RouteDescriptor descriptor() {
        return descriptor;
    }

    boolean isDialled() {
        return dialled;
    }

    /** Capabilities both ends have; −1 before they have spoken. */
    public int agreed() {
        return state.agreed();
    }

    /** Whether data is sequenced. */
    public boolean isMux() {
        return agreed() > 0 && (agreed() & JuneStyle.MUX) != 0;
    }

    /** Its legs by index. */
    public List<JuneLeg> legs() {
        return state.legs();
    }

    /** The Handshakes of the other end, in the order of arrival. */
    public List<Handshake> handshakes() {
        return state.handshakes();
    }

    /** What the other end said before it closed. */
    public Optional<String> errorText() {
        return state.errorText();
    }

    /** Packets kept for sending again. */
    public int kept() {
        return sender.kept();
    }

    /** Whether either end has closed it. */
    public boolean isClosed() {
        return state.isClosed();
    }

    JuneState state() {
        return state;
    }

    JunePackets packets() {
        return packets;
    }

    /** Takes closed transports out, as the visor does every five minutes if its application is idle (mux §3.4). */
    public void prune() {
        state.prune();
    }

    // ---- set-up

    void initiate(SecretKey own, Deadline deadline) throws IOException {
        legs().getFirst().send(handshake(), deadline);
        state.awaitAgreement(deadline.orEarlier(platform.clock(), AWAIT_HANDSHAKE));
        secure = SecureLink.initiator(stream, Pattern.KK, own, descriptor.srcKey(), platform, deadline);
    }

    void respond(SecretKey own) throws IOException {
        Deadline limit = platform.clock().in(AWAIT_OPENING);
        state.awaitAgreement(limit);
        state.setAnswered();
        legs().getFirst().send(handshake(), limit);
        secure = SecureLink.responder(stream, Pattern.KK, own, descriptor.srcKey(), platform, limit);
    }

    Packet handshake() {
        return style.shortHandshake()
                ? Handshake.of(RouteId.NONE, true)
                : Handshake.of(RouteId.NONE, true, style.capabilities(), new byte[0]);
    }

    /** Announces a leg that was just taken up. */
    void announce(JuneLeg leg) {
        control(leg, handshake());
    }

    /** Sends a small packet; if that fails, it is as good as lost. */
    void control(JuneLeg leg, Packet packet) {
        try {
            leg.send(packet, platform.clock().in(CONTROL));
        } catch (IOException e) {
            watch.note(packet + " was not sent: " + Failure.text(e));
        }
    }

    // ---- the application

    /** One noise frame of the application, or of the noise handshake. */
    void send(byte[] frame, Deadline deadline) throws IOException {
        state.check();
        if (!isMux()) {
            legs().getFirst().send(new Data(RouteId.NONE, frame), deadline);
            return;
        }
        JuneLeg leg = sender.pick(legs());
        JuneSender.Numbered numbered = sender.number(frame);
        while (true) {
            try {
                leg.send(numbered.packet(), deadline);
                return;
            } catch (Failure e) {
                leg = sender.pick(legs());
                if (!leg.isUsable() || deadline.passed()) {
                    throw e;
                }
            }
        }
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
        state.awaitPong(mark, deadline);
    }

    /** Says something that a good peer would not. */
    public void say(int leg, Packet packet) {
        control(legs().get(leg), packet);
    }

    /** A keep-alive on every leg, as every five minutes if idle. */
    public void keepAlive() {
        legs().forEach(leg -> control(leg, KeepAlive.of(RouteId.NONE)));
    }

    // ---- the end

    /** The other end has said Close. */
    void closedByPeer() {
        state.closedBack();
        if (state.close()) {
            String why = "closed by the other end: " + errorText().orElse("");
            stream.end(new Failure(Failure.Kind.CLOSED_THERE, why));
            sayClose();
        }
    }

    /** It ends without a word. */
    void end(Failure why) {
        state.close();
        stream.end(why);
    }

    /** Says Close on all legs. */
    @Override
    public void close() {
        if (state.close()) {
            sayClose();
            stream.end(Failure.closedHere("the group"));
        }
    }

    private void sayClose() {
        legs().forEach(leg -> control(leg, Close.of(RouteId.NONE, Close.REQUESTED)));
    }

    /** Waits until the other end has answered our Close. */
    public void awaitClosedBack() throws IOException {
        state.awaitClosedBack(platform.clock().in(CONTROL));
    }
}
