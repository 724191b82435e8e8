package skywire.bench;

import java.util.Locale;

/** What is demanded of a figure. */
record Bar(double limit, boolean upper) {
    static Bar atLeast(double limit) {
        return new Bar(limit, false);
    }

    static Bar atMost(double limit) {
        return new Bar(limit, true);
    }

    boolean holds(double value) {
        return upper ? value <= limit : value >= limit;
    }

    static String text(double value) {
        double size = Math.abs(value);
        String format = size >= 1000 ? "%,.0f" : size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : "%.3f";
        return String.format(Locale.ROOT, format, value);
    }

    @Override
    public String toString() {
        return (upper ? "<= " : ">= ") + text(limit);
    }
}
