package skywire.fuzz;

import java.util.List;

/** All of them. A test checks that none is forgotten. */
final class Decoders {
    static final List<Decoder> ALL = List.of(
            new skywire.gob.GobFuzz(),
            new skywire.packet.PacketFuzz(),
            new skywire.packet.RuleFuzz(),
            new skywire.entry.DmsgEntryFuzz(),
            new skywire.entry.TransportEntryFuzz(),
            new skywire.config.ConfigFuzz(),
            new skywire.link.HandshakeFuzz(),
            new skywire.link.NoiseFramesFuzz(),
            new skywire.yamux.YamuxFuzz(),
            new skywire.rpc.RpcServerFuzz(),
            new skywire.rpc.RpcClientFuzz(),
            new skywire.http.HttpServerFuzz(),
            new skywire.http.HttpAnswerFuzz(),
            new skywire.control.ControlFuzz(),
            new skywire.dmsg.SessionObjectsFuzz(),
            new skywire.dmsg.StreamObjectFuzz(),
            new skywire.transport.NetworkHandshakeFuzz(),
            new skywire.transport.SettlementFuzz(),
            new skywire.route.setup.SetupCodecFuzz(),
            new skywire.app.socks.SocksFuzz(),
            new skywire.app.socks.HttpFrontFuzz());

    private Decoders() {}
}
