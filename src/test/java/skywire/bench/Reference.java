package skywire.bench;

/**
 * Figures of the reference implementation (version of March 2024), recorded on two virtual cores with everything on
 * loopback, and the same machine's calibration.
 */
final class Reference {
    static final double TCP_MB = 803;
    static final double X25519 = 10_784;

    static final int[] STREAMS = {1, 8, 64};
    static final double[] THROUGHPUT_MB = {35.1, 47.6, 45.0};
    static final double[] CPU_PER_GB = {42.9, 34.0, 38.1};

    static final int[] ECHO_SIZES = {64, 1024, 16384};
    static final double[] ECHO_P50_US = {913, 795, 1595};

    static final double DIALS = 28;
    static final double DIALS_16 = 38;
    static final double DIAL_CPU_MS = 42;

    static final double SESSIONS = 29;
    static final double SESSIONS_16 = 48;
    static final double SESSION_CPU_MS = 39;

    static final double SESSION_RSS_KB = 64;

    static final double[] ROUTE_P50_MS = {148, 201, 236};
    static final double[] SOCKS_MB = {5.1, 4.1, 3.8};

    static final double VISOR_START_MS = 440;

    private Reference() {}
}
