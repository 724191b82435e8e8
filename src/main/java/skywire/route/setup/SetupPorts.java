package skywire.route.setup;

/** Where the two services of route setup are found on dmsg (setup §1). */
public final class SetupPorts {
    /** Of a setup node, for visors that want a route. */
    public static final int SETUP_NODE = 36;

    /** Of every visor, for setup nodes. */
    public static final int GATEWAY = 136;

    private SetupPorts() {}
}
