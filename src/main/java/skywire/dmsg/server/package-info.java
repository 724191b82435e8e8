/**
 * A dmsg server: accepts the sessions of clients and relays streams between them, without seeing what they carry.
 *
 * <p>Read {@link skywire.dmsg.server.DmsgServer} first, then {@code Connector} for what happens to one stream. A session
 * at rest is one parked thread, a relayed stream at rest none.
 */
package skywire.dmsg.server;
