package skywire.sim;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import skywire.app.socks.SocksClient;
import skywire.app.socks.SocksClientConfig;
import skywire.control.Progress;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.platform.Deadline;
import skywire.platform.HostPort;
import skywire.route.setup.LegWish;
import skywire.visor.Visor;
import skywire.visor.VisorConfig;

/** A visor of a {@link WholeNet}, on a host of its own. */
final class SimVisor {
    static final int STCP_PORT = 7777;

    /** How long its rules live without traffic. */
    static final Duration KEEP_ALIVE = Duration.ofSeconds(30);

    final SimHost host;
    final SecretKey key;
    final HostPort address;
    private Visor visor;

    SimVisor(SimHost host, SecretKey key) {
        this.host = host;
        this.key = key;
        this.address = new HostPort(host.address(), STCP_PORT);
    }

    PublicKey publicKey() {
        return key.publicKey();
    }

    void start(VisorConfig config) throws IOException {
        visor = Visor.start(host, config);
    }

    Visor node() {
        return visor;
    }

    /** A proxy on this machine, over routes of so many hops to that exit. */
    SocksClient startProxy(PublicKey exit, int hops, Deadline deadline) throws IOException {
        var config = new SocksClientConfig(
                SocksClientConfig.NAME, exit, SocksClientConfig.SOCKS, Optional.empty(), Optional.empty());
        return visor.proxies().start(config, hops, Progress.NONE, deadline);
    }

    /** A proxy on this machine, over a route of several legs to that exit. */
    SocksClient startProxy(PublicKey exit, LegWish legs, Deadline deadline) throws IOException {
        var config = new SocksClientConfig(
                SocksClientConfig.NAME, exit, SocksClientConfig.SOCKS, Optional.empty(), Optional.empty());
        return visor.proxies().start(config, legs, Progress.NONE, deadline);
    }

    /** What there is of routes: rules, groups, their ports. Ids that were only reserved are free again after 2 min. */
    record Left(int rules, int groups, int settingUp, int ports, int reserved) {
        boolean isNothing() {
            return rules + groups + settingUp + ports == 0;
        }
    }

    Left left() {
        var router = visor.router();
        return new Left(
                router.table().size(),
                router.groups().list().size(),
                router.groups().settingUp(),
                router.groups().ports().inUse(),
                router.table().reservedIds());
    }

    /** Ports of its dmsg client that are in use. */
    String dmsgPorts() {
        return visor.dmsg().portsInUse() + " dmsg ports";
    }

    void stop() {
        visor.close();
    }
}
