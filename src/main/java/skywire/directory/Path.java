package skywire.directory;

import java.util.ArrayList;
import java.util.List;
import skywire.bytes.MalformedException;
import skywire.key.PublicKey;
import skywire.packet.Hop;

/**
 * A way from one visor to another: each hop begins where the one before it ends. Immutable.
 *
 * @param hops at least one
 */
public record Path(List<Hop> hops) {
    /** Checks that the hops are connected. */
    public Path {
        hops = List.copyOf(hops);
        if (hops.isEmpty() || !isConnected(hops)) {
            throw new IllegalArgumentException("not a path: " + hops);
        }
    }

    /** A path of hops that somebody else listed. */
    public static Path parse(List<Hop> hops) throws MalformedException {
        if (hops.isEmpty() || !isConnected(hops)) {
            throw new MalformedException("hops of a path are not connected");
        }
        return new Path(hops);
    }

    private static boolean isConnected(List<Hop> hops) {
        for (int i = 1; i < hops.size(); i++) {
            if (!hops.get(i).from().equals(hops.get(i - 1).to())) {
                return false;
            }
        }
        return true;
    }

    /** The first visor. */
    public PublicKey from() {
        return hops.getFirst().from();
    }

    /** The last visor. */
    public PublicKey to() {
        return hops.getLast().to();
    }

    /** Number of transports. */
    public int length() {
        return hops.size();
    }

    /** The visors in between. */
    public List<PublicKey> relays() {
        return hops.stream().skip(1).map(Hop::from).toList();
    }

    /** The same way back. */
    public Path reversed() {
        List<Hop> back = new ArrayList<>(hops.size());
        for (int i = hops.size() - 1; i >= 0; i--) {
            back.add(hops.get(i).reversed());
        }
        return new Path(back);
    }
}
