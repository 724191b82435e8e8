/**
 * Where a directory service keeps what it was told: in memory, or in a file that survives the end of the process.
 *
 * <p>Read {@link skywire.service.store.Store} first.
 */
package skywire.service.store;
