/**
 * Many streams over one link: the yamux wire of hashicorp v0.1.1, as dmsg sessions use it.
 *
 * <p>Read {@link skywire.yamux.YamuxSession} first, then {@link skywire.yamux.YamuxStream}. An idle session is one parked
 * reader thread and a few hundred bytes; a writer thread exists only while there is something to write; application
 * threads never touch the link.
 */
package skywire.yamux;
