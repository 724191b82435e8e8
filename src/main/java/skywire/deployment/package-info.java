/**
 * Deployments: which directories and dmsg servers belong together, where a program learns that, and the one for
 * development whose keys everybody knows.
 *
 * <p>Read {@link skywire.deployment.Deployment} and {@link skywire.deployment.DeploymentDocument} first; {@link
 * skywire.deployment.ServerDeployments} is how a dmsg server chooses among them. Values and files; no network, no threads.
 */
package skywire.deployment;
