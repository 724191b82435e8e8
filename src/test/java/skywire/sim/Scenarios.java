package skywire.sim;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.LongFunction;

/** Every scenario by its name, so that a seed that failed is replayed by one command. */
final class Scenarios {
    private static final Map<String, LongFunction<Simulation.Report>> ALL = new TreeMap<>();

    static {
        ALL.put("busy", SimulationTest::busyRun);
        all("yamux", YamuxScenariosTest.Fault.values(), YamuxScenariosTest::play);
        all("transports", TransportScenariosTest.Fault.values(), TransportScenariosTest::play);
        all("whole", WholeScenariosTest.Fault.values(), WholeScenariosTest::play);
        all("boot", BootScenariosTest.Fault.values(), BootScenariosTest::play);
        all("key-clash", KeyClashScenariosTest.Fault.values(), KeyClashScenariosTest::play);
        all("dmsg", DmsgScenariosTest.Fault.values(), DmsgScenariosTest::play);
        ALL.put("mesh-cold-start", MeshScenariosTest::coldStart);
        ALL.put("mesh-clash", MeshClashTest::play);
        ALL.put("legs", LegsScenario::longOne);
        ALL.put("legs-short", LegsScenario::shortOne);
    }

    private Scenarios() {}

    private static <F extends Enum<F>> void all(String of, F[] faults, BiFunction<Long, F, Simulation.Report> play) {
        for (F fault : faults) {
            ALL.put(name(of, fault), seed -> play.apply(seed, fault));
        }
    }

    /** What a variant of a scenario is called, e.g. {@code dmsg-kill-server}. */
    static String name(String scenario, Enum<?> variant) {
        return scenario + "-" + variant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What there is. */
    static Set<String> names() {
        return ALL.keySet();
    }

    /** Plays it once; a failure says how to replay it. */
    static Simulation.Report play(String name, long seed) {
        LongFunction<Simulation.Report> scenario = ALL.get(name);
        if (scenario == null) {
            throw new IllegalArgumentException("no scenario " + name + "; there are " + ALL.keySet());
        }
        return play(name, scenario, seed);
    }

    static Simulation.Report play(String name, LongFunction<Simulation.Report> scenario, long seed) {
        try {
            return scenario.apply(seed);
        } catch (Simulation.SimulationFailed e) {
            throw e.replayedBy("make seed S=" + seed + " SCENARIO=" + name);
        }
    }

    /** Plays it with several seeds, see {@link Seeds}. */
    static void playSeeds(String name, int count) {
        Seeds.play(count, seed -> play(name, seed));
    }
}
