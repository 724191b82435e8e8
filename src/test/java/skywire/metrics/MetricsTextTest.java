package skywire.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MetricsTextTest {
    @Test
    void writesHelpTypeAndValues() {
        var page = new MetricsText()
                .gauge("streams", "Streams now.", 3)
                .gauge("rest", "Not whole.", 0.25)
                .counter("bytes_total", "All of them.", 9_007_199_254_740_993L)
                .counters("refused_total", "By reason.", "reason", new TreeMap<>(Map.of("full", 2L, "late", 1L)));
        assertEquals("""
                # HELP streams Streams now.
                # TYPE streams gauge
                streams 3
                # HELP rest Not whole.
                # TYPE rest gauge
                rest 0.25
                # HELP bytes_total All of them.
                # TYPE bytes_total counter
                bytes_total 9007199254740993
                # HELP refused_total By reason.
                # TYPE refused_total counter
                refused_total{reason="full"} 2
                refused_total{reason="late"} 1
                """, page.toString());
    }

    @Test
    void textThatWouldBreakTheFormatIsEscaped() {
        var page = new MetricsText().counters("a_total", "one\ntwo \\ three", "what", Map.of("x\"y\\z\n", 1L));
        assertEquals("""
                # HELP a_total one\\ntwo \\\\ three
                # TYPE a_total counter
                a_total{what="x\\"y\\\\z\\n"} 1
                """, page.toString());
    }

    @Test
    void namesThatPrometheusWouldNotTakeAreRefused() {
        var page = new MetricsText().gauge("once", "", 1);
        assertThrows(IllegalArgumentException.class, () -> page.gauge("once", "", 1));
        assertThrows(IllegalArgumentException.class, () -> page.gauge("not so", "", 1));
        assertThrows(IllegalArgumentException.class, () -> page.counter("grows", "", 1));
        assertThrows(IllegalArgumentException.class, () -> page.counters("a_total", "", "b c", Map.of()));
    }
}
