/**
 * Go net/rpc calls over a link: a gob stream of requests one way, of responses the other (setup §2).
 *
 * <p>Read {@link skywire.rpc.RpcClient}, {@link skywire.rpc.RpcServer} and {@link skywire.rpc.RpcFault}.
 */
package skywire.rpc;
