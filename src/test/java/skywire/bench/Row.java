package skywire.bench;

/**
 * One figure.
 *
 * @param bar null if nothing is demanded of it
 * @param basis what the bar was computed from
 */
record Row(String name, double value, String unit, Bar bar, String basis) {
    boolean ok() {
        return bar == null || bar.holds(value);
    }

    String text() {
        return Bar.text(value);
    }
}
