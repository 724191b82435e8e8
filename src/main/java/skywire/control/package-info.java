/**
 * JSON-RPC 2.0 over a Unix-domain socket, both sides; programs register their methods.
 *
 * <p>One JSON object per line. While a call runs the server may send notifications of the method {@code progress} with
 * the members {@code id}, {@code stage} and {@code text}. Read {@link skywire.control.ControlServer} first.
 */
package skywire.control;
