package skywire.cli;

import java.util.Locale;

/** Numbers as people read them. */
final class Units {
    private Units() {}

    /** {@code 1.2 MB}; powers of 1000. */
    static String bytes(double n) {
        if (n < 1000) {
            return (long) n + " B";
        }
        String[] units = {"kB", "MB", "GB", "TB", "PB"};
        int i = -1;
        do {
            n /= 1000;
            i++;
        } while (n >= 999.5 && i < units.length - 1);
        return String.format(Locale.ROOT, n < 9.95 ? "%.1f %s" : "%.0f %s", n, units[i]);
    }

    /** {@code 41 s}, {@code 3 m 5 s}, {@code 3 h 12 m}, {@code 2 d 4 h}. */
    static String age(double seconds) {
        long s = Math.max(0, (long) seconds);
        if (s < 60) {
            return s + " s";
        } else if (s < 3600) {
            return s / 60 + " m " + s % 60 + " s";
        } else if (s < 86400) {
            return s / 3600 + " h " + s / 60 % 60 + " m";
        }
        return s / 86400 + " d " + s / 3600 % 24 + " h";
    }

    /** {@code 0.4 ms}, {@code 21 ms}, {@code 1.3 s}. */
    static String millis(double ms) {
        if (ms >= 1000) {
            return String.format(Locale.ROOT, "%.1f s", ms / 1000);
        }
        return String.format(Locale.ROOT, ms < 10 ? "%.1f ms" : "%.0f ms", ms);
    }

    /** The first 8 digits of a key or id, unless the whole is wanted. */
    static String brief(String id, boolean full) {
        return id == null || full || id.length() <= 8 ? id : id.substring(0, 8);
    }
}
