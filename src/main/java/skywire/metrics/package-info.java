/**
 * Numbers for a monitoring system, in the text format of Prometheus.
 *
 * <p>Read {@link skywire.metrics.MetricsText} first; there is nothing else.
 */
package skywire.metrics;
