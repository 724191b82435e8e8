package skywire.deployment;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import skywire.bytes.MalformedException;
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
    DISCOVERY("dmsg-discovery", 0, "02d9f0b22c1a1b40b053011e5615eabeaaa6ab2ff69d3bc7b5de6986d5db68f459"),

    /** The transport discovery. */
    TRANSPORTS("transport-discovery", 1, "02a02ce8eeb7a7e15872f6085161ddf8bace703052bc901d36ee6563d921f41bd0"),

    /** The route finder. */
    ROUTES("route-finder", 2, "02646ec82366d7fa82eb64847d4525a94b42084b55902cdda5517c70cd05afe0a0"),

    /** The first dmsg server. */
    SERVER_1("dmsg-server-1", 1000, "0341590e5b98c9fdf1d0e834376a0d2a5c31e743b316809eefb57e95101cd9fb5a"),

    /** The second dmsg server. */
    SERVER_2("dmsg-server-2", 1001, "035057ef17e888574e5e683f2a374ac621d74c9cd15c6d25ab3024737dd719ecb5"),

    /** The setup node. */
    SETUP_NODE("setup-node", LocalMember.NO_PORT, "02921e359e8999fc0e72d22b52aa4440bf1ca9da0c4cd4131cd5e53a336fa51910");

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

    /** Its identity, secret to nobody: the SHA-256 of a text. */
    public SecretKey key() {
        try {
            byte[] seed = ("skywire local " + title).getBytes(StandardCharsets.UTF_8);
            return SecretKey.of(MessageDigest.getInstance("SHA-256").digest(seed));
        } catch (MalformedException | NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // a test makes them all
        }
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
