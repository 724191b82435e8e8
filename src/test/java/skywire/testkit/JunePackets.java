package skywire.testkit;

import java.nio.ByteBuffer;
import java.util.Arrays;
import skywire.packet.Close;
import skywire.packet.Data;
import skywire.packet.ErrorText;
import skywire.packet.Handshake;
import skywire.packet.KeepAlive;
import skywire.packet.Packet;
import skywire.packet.Ping;
import skywire.packet.Pong;
import skywire.packet.RouteId;
import skywire.packet.Sack;
import skywire.packet.TransportPing;
import skywire.packet.TransportPong;
import skywire.packet.Unknown;
import skywire.platform.Failure;

/**
 * What a {@link JuneGroup} does about what arrives (mux §2.2, §3.2, §3.3). {@link #arrived} and {@link #passed} are for
 * the readers of transports, all else is for the one loop of the visor.
 */
final class JunePackets {
    private static final int OLD_SACK = 12;

    private final JuneGroup group;
    private final JuneStyle style;
    private final JuneWatch watch;
    private final JuneSender sender;
    private final JuneStream stream;
    private final JuneReceiver receiver; // loop only
    private final JuneArrivals arrivals;

    JunePackets(JuneGroup group, JuneStyle style, JuneWatch watch, JuneSender sender, JuneStream stream) {
        this.group = group;
        this.style = style;
        this.watch = watch;
        this.sender = sender;
        this.stream = stream;
        this.receiver = new JuneReceiver(watch);
        this.arrivals = new JuneArrivals(watch);
    }

    /** At the transport, before faults: what the sender did. */
    void arrived(JuneLeg leg, Packet packet) {
        if (packet instanceof Data data) {
            leg.received();
            if (group.isMux() && data.payload().length >= 4) {
                arrivals.arrived(leg, seq(data), data.payload());
            }
        }
    }

    /** Past the faults of the leg. */
    void passed(Packet packet) {
        if (packet instanceof Data data && group.isMux() && data.payload().length >= 4) {
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
                group.control(group.legs().getFirst(), Pong.of(RouteId.NONE, ping.unixMillis()));
            }
            case Pong pong -> group.state().pong(pong.unixMillis());
            case ErrorText error -> group.state().error(error.message());
            case Close close -> closed(close);
            case KeepAlive k -> watch.add("keep-alives");
            case TransportPing p -> watch.violation("a transport ping with a route id");
            case TransportPong p -> watch.violation("a transport pong with a route id");
            case Unknown u -> watch.violation("packet of unknown type " + u.type());
        }
    }

    private void opened(JuneLeg leg, Handshake handshake) {
        boolean again = group.state().opened(handshake);
        boolean primary = leg == group.legs().getFirst();
        int agreed = group.agreed();
        if (!handshake.encrypt()) {
            watch.violation("a Handshake without encryption");
        }
        if (!primary && (handshake.capabilities() & agreed) != agreed) {
            watch.violation("the Handshake of a leg has other capabilities: " + handshake.capabilities());
        }
        if (again && primary) {
            group.control(leg, group.handshake());
        } else if (!primary && !group.isDialled() && style.answer() != JuneStyle.Answer.NEVER) {
            leg.prove(); // once the answer is out
            group.control(
                    style.answer() == JuneStyle.Answer.ON_LEG
                            ? leg
                            : group.legs().getFirst(),
                    group.handshake());
        }
    }

    private void data(Data data) {
        if (group.agreed() < 0) {
            watch.violation("data before any Handshake");
        } else if (!group.isMux()) {
            stream.deliver(data.payload());
        } else if (data.payload().length < 4) {
            watch.violation("sequenced data of " + data.payload().length + " bytes");
        } else {
            byte[] body = Arrays.copyOfRange(data.payload(), 4, data.payload().length);
            receiver.receive(seq(data), body).forEach(stream::deliver);
            if (receiver.sackDue() && (group.agreed() & JuneStyle.SACK) != 0) {
                watch.add("sacks sent");
                group.control(group.legs().getFirst(), Sack.old(RouteId.NONE, receiver.last(), receiver.bitmap()));
            }
        }
    }

    private void acknowledged(Sack sack) {
        watch.add("sacks received");
        int length = sack.payload().length;
        if ((group.agreed() & JuneStyle.SACK) == 0) {
            watch.violation("a SACK, which was not agreed on");
            return;
        }
        if (length < OLD_SACK) {
            watch.violation("a SACK of " + length + " bytes: the visor has crashed");
            group.end(new Failure(Failure.Kind.MALFORMED, "crashed"));
            return;
        }
        if (length != OLD_SACK) {
            watch.violation("a SACK of " + length + " bytes is misread");
        }
        long bitmap = ByteBuffer.wrap(sack.payload()).getLong(4);
        for (JuneSender.Numbered missing : sender.acknowledged(sack.lastContiguous(), bitmap)) {
            watch.add("resent");
            group.control(sender.pick(group.legs()), missing.packet());
        }
    }

    private void closed(Close close) {
        if (close.code() != Close.REQUESTED) {
            watch.violation("Close with code " + close.code() + " ends the whole group");
        }
        group.closedByPeer();
    }
}
