/**
 * Asking and updating the directories: who can be reached through which dmsg servers, which transports exist, which
 * routes they make.
 *
 * <p>Read {@link skywire.directory.DmsgDirectory}, {@link skywire.directory.TransportDirectory} and {@link
 * skywire.directory.RouteFinder} first; the {@code Http…} types are their network clients, {@link
 * skywire.directory.FixedDirectory} needs no network, {@link skywire.directory.SeededDirectory} finds a discovery that is
 * itself reached over dmsg. A directory's answer is a hint where to dial, never a proof.
 */
package skywire.directory;
