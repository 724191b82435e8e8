/**
 * The route setup node as a program: serves route requests on dmsg port 36.
 *
 * <p>Read {@link skywire.service.setup.SetupNode}.
 */
package skywire.service.setup;
