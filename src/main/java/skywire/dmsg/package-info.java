/**
 * Being reachable by key through dmsg servers.
 *
 * <p>Read {@link skywire.dmsg.DmsgClient} first, then {@link skywire.dmsg.DmsgSession} and {@link
 * skywire.dmsg.DmsgDial}; {@link skywire.dmsg.StreamRequest} and {@link skywire.dmsg.SignedObject} for what travels.
 */
package skywire.dmsg;
