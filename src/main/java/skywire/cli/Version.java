package skywire.cli;

import picocli.CommandLine.IVersionProvider;

/** The version, as the jar's manifest states it. */
final class Version implements IVersionProvider {
    /** The version of this build, {@code dev} outside of a jar. */
    static String text() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }

    @Override
    public String[] getVersion() {
        return new String[] {"skywire " + text() + " (Java " + Runtime.version().feature() + ")"};
    }
}
