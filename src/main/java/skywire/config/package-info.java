/**
 * Reads configuration files: JSON with comments, every complaint with its line and column, secrets guarded.
 *
 * <p>Read {@link skywire.config.Config} first, then {@link skywire.config.ConfigFile}.
 */
package skywire.config;
