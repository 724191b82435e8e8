package skywire.deployment;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import skywire.config.ConfigException;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.platform.HostPort;

/**
 * The members of the development deployment, which the program has built in and {@code skywire local} runs. Their keys
 * are made from fixed seeds, so everybody has their secrets: they are good on one machine only, and {@link #check} keeps
 * them there.
 */
public enum LocalMember {
    /** The dmsg discovery. */
    DISCOVERY("dmsg-discovery", 0, "0373d18b470de179f900c0c6914d240428a7db797d482505179fcac494b410aa95"),

    /** The transport discovery. */
    TRANSPORTS("transport-discovery", 1, "03f8971aca015bdd5e40105b22c529f875da80dfc950fbb6840cff1dd564cfc07a"),

    /** The route finder. */
    ROUTES("route-finder", 2, "0271edc243e1c1c2074116fa6ee0f36455560c0ff66674db08f3217713277ad17f"),

    /** The first dmsg server. */
    SERVER_1("dmsg-server-1", 1000, "025b63f5b1ec5ad2037fe75c528fc995e040460126f8b7c8aafe1bc162e58d4f5c"),

    /** The second dmsg server. */
    SERVER_2("dmsg-server-2", 1001, "03e9cef6d59d21330570f1e583a962b7a236f0652a7656e58a662b9719823182b4"),

    /** The setup node. */
    SETUP_NODE("setup-node", LocalMember.NO_PORT, "02525b378068e9a496b16c87a3bdd359c9aee03fcb8a0e9b895a3508953e1e6a25");

    /** The port of the dmsg discovery; those of the others follow from it. */
    public static final int FIRST_PORT = 9090;

    /** The dmsg servers among them. */
    public static final List<LocalMember> SERVERS = List.of(SERVER_1, SERVER_2);

    private static final int NO_PORT = -1;
    private static final int LAST_PORT = 65535;

    private final String title;
    private final int offset;
    private final String publicHex; // of the key that the seed gives: making it each time would cost every start

    LocalMember(String title, int offset, String publicHex) {
        this.title = title;
        this.offset = offset;
        this.publicHex = publicHex;
    }

    /** Its name, e.g. {@code dmsg-server-1}. */
    public String title() {
        return title;
    }

    /** Its identity, secret to nobody. */
    public SecretKey key() {
        return SecretKey.fromSeed(("skywire local " + title).getBytes(StandardCharsets.UTF_8));
    }

    /** Its public key, as 66 hex digits. */
    public String publicHex() {
        return publicHex;
    }

    /**
     * Where it listens on loopback. The servers are far from the directories, so that a second network at the ports after
     * these finds them free.
     *
     * @param first port of the dmsg discovery; 0 for any, which a server whose port would be too high has too
     * @throws IllegalStateException if it does not listen
     */
    public HostPort address(int first) {
        if (offset == NO_PORT) {
            throw new IllegalStateException(title + " does not listen");
        }
        return new HostPort("127.0.0.1", first == 0 || first + offset > LAST_PORT ? 0 : first + offset);
    }

    /** The member with this key. */
    public static Optional<LocalMember> of(PublicKey key) {
        String hex = key.hex();
        return List.of(values()).stream()
                .filter(member -> member.publicHex.equals(hex))
                .findFirst();
    }

    /**
     * Refuses to use a key that everybody has outside this machine.
     *
     * @param keys what a program is, or trusts
     * @param addresses where it listens, what it publishes, or where it is led by others
     * @throws ConfigException if one of the keys is a member's, and one of the addresses is not of loopback
     */
    public static void check(Collection<PublicKey> keys, Collection<HostPort> addresses) throws ConfigException {
        for (PublicKey key : keys) {
            Optional<LocalMember> member = of(key);
            Optional<HostPort> outside =
                    addresses.stream().filter(address -> !isLoopback(address)).findFirst();
            if (member.isPresent() && outside.isPresent()) {
                throw new ConfigException(
                        "the key " + key.brief() + "… is that of " + member.get().title
                                + " in the development deployment, whose secret everybody has: it is not used with "
                                + outside.get() + ", only on loopback",
                        "put one of your own in its place (skywire keys gen), or take an address of loopback");
            }
        }
    }

    private static boolean isLoopback(HostPort address) {
        try {
            return address.host().equalsIgnoreCase("localhost")
                    || InetAddress.ofLiteral(address.host()).isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            return false; // a name: it may lead anywhere
        }
    }
}
