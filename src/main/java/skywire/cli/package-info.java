/**
 * Commands, the shell, and how results look.
 *
 * <p>Read {@link skywire.cli.Main} first, then {@link skywire.cli.Commands} (the list of them) and {@link
 * skywire.cli.ControlCommand} (what most of them are: one call of a running program, drawn as a table or as JSON).
 */
package skywire.cli;
