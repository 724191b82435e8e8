package skywire.dmsg.server;

import java.util.List;
import skywire.entry.DmsgEntry;
import skywire.key.PublicKey;

/**
 * A deployment that a server belongs to: it registers with its discovery, over dmsg only (dmsg §10). Immutable.
 *
 * @param name what messages call the deployment
 * @param discovery the key of its discovery
 * @param servers dmsg servers of it that are known beforehand
 * @param address what is published there for clients to dial; empty for the server's usual one
 */
public record Registration(String name, PublicKey discovery, List<DmsgEntry> servers, String address) {
    /** Copies the list. */
    public Registration {
        servers = List.copyOf(servers);
    }
}
