package skywire.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Samples of one figure. */
final class Stats {
    private final List<Double> samples = new ArrayList<>();

    void add(double sample) {
        samples.add(sample);
    }

    double median() {
        return quantile(0.5);
    }

    /** The sample below which that part of them lies. */
    double quantile(double part) {
        List<Double> sorted = new ArrayList<>(samples);
        Collections.sort(sorted);
        return sorted.get((int) Math.min(sorted.size() - 1, Math.floor(part * sorted.size())));
    }
}
