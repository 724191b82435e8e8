/**
 * Bounded JSON text: strict reading with a depth limit, typed access to fields, and the compact writing that signatures
 * are made over. Read {@link skywire.json.Json} first.
 */
package skywire.json;
