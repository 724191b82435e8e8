package skywire.cli;

import java.util.Optional;
import java.util.function.Supplier;

/** The commands at the top, in the order help shows them. */
enum Commands {
    LOCAL("local", LocalCommand::new),
    VISOR("visor", VisorCommand::new),
    TP("tp", TpCommand::new),
    ROUTE("route", RouteCommand::new),
    RG("rg", RgCommand::new),
    PROXY("proxy", ProxyCommand::new),
    DMSG("dmsg", DmsgCommand::new),
    MDISC("mdisc", MdiscCommand::new),
    DMSG_SERVER("dmsg-server", DmsgServerCommand::new),
    DMSG_DISCOVERY("dmsg-discovery", DmsgDiscoveryCommand::new),
    TRANSPORT_DISCOVERY("transport-discovery", TransportDiscoveryCommand::new),
    ROUTE_FINDER("route-finder", RouteFinderCommand::new),
    SETUP_NODE("setup-node", SetupNodeCommand::new),
    CONFIG("config", ConfigCommand::new),
    KEYS("keys", KeysCommand::new),
    SHELL("shell", ShellCommand::new),
    REHEARSE("rehearse", RehearseCommand::new);

    private final String title;
    private final Supplier<Object> create;

    Commands(String title, Supplier<Object> create) {
        this.title = title;
        this.create = create;
    }

    /** What one types. */
    String title() {
        return title;
    }

    /** A new command object; only then its class is loaded. */
    Object create() {
        return create.get();
    }

    /** The command of that name. */
    static Optional<Commands> find(String title) {
        for (Commands command : values()) {
            if (command.title.equals(title)) {
                return Optional.of(command);
            }
        }
        return Optional.empty();
    }
}
