package skywire;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.instruction.MonitorInstruction;
import java.nio.channels.Selector;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import skywire.platform.Platform;

/** The map of docs/architecture.md, held by the compiler's output: who may use whom, and who may touch the world. */
class LayersTest {
    /** From the ground up; a package may use those of its own layer (without cycles) and of the layers before it. */
    private static final List<List<String>> LAYERS = List.of(
            List.of("platform", "bytes", "limit"),
            List.of("key", "noise", "gob", "packet", "entry", "config", "json", "metrics"),
            List.of("link", "yamux", "rpc", "http", "control"),
            List.of("directory", "deployment", "dmsg", "dmsg.server"),
            List.of("transport"),
            List.of("route", "route.group", "route.setup", "route.mux", "cxo"),
            List.of("app.socks", "app.resolver", "app.pty", "app.chat"),
            List.of("service", "visor", "local", "reward"),
            List.of("cli"));

    /** Calls that only {@code skywire.platform} makes; a pattern over {@code owner.method}. */
    private static final Map<String, String> FORBIDDEN = new LinkedHashMap<>();

    static {
        forbid(
                "threads come from Platform or Scope",
                "java\\.lang\\.Thread\\.(sleep|ofVirtual|ofPlatform|startVirtualThread|<init>)");
        forbid("threads outside are for stores and the terminal", "skywire\\.platform\\.Platform\\.startOutside");
        forbid("time comes from Clock", "java\\.lang\\.System\\.(nanoTime|currentTimeMillis)");
        forbid("time comes from Clock", "java\\.time\\.(\\w+)\\.(now|systemUTC|systemDefaultZone|tickMillis)");
        forbid("time comes from Clock", "java\\.util\\.(Date|GregorianCalendar)\\.<init>");
        forbid("links come from Network", "java\\.net\\.(Server|Datagram|Multicast)?Socket\\.<init>");
        forbid("links come from Network", "javax\\.net\\..*");
        forbid("links come from Network", "java\\.nio\\.channels\\.(Server)?SocketChannel\\.open");
        forbid("links come from Network", "java\\.nio\\.channels\\.(DatagramChannel|Selector|Pipe)\\.open");
        forbid("links come from Network", "java\\.nio\\.channels\\.Asynchronous\\w+\\..*");
        forbid("links come from Network", "java\\.net\\.(URL|URI)\\.(openConnection|openStream)");
        forbid("links come from Network", "java\\.net\\.http\\..*");
        forbid("names are resolved by Network", "java\\.net\\.InetAddress\\.(getByName|getAllByName|getLocalHost)");
        forbid("chance comes from Platform", "java\\.security\\.SecureRandom\\.(<init>|getInstance\\w*)");
        forbid("chance comes from Platform", "java\\.util\\.(Random|SplittableRandom)\\.<init>");
        forbid("chance comes from Platform", "java\\.util\\.concurrent\\.ThreadLocalRandom\\..*");
        forbid("chance comes from Platform", "java\\.lang\\.Math\\.random|java\\.util\\.UUID\\.randomUUID");
        forbid("chance comes from Platform", "java\\.util\\.Collections\\.shuffle\\(java\\.util\\.List\\)");
        forbid(
                "no pools and callbacks",
                "java\\.util\\.concurrent\\.(Executors|ForkJoinPool|\\w*ExecutorService|\\w*PoolExecutor)\\..*");
        forbid("no pools and callbacks", "java\\.util\\.concurrent\\.CompletableFuture\\.\\w*[aA]sync.*");
        forbid(
                "no pools and callbacks",
                "java\\.util\\.Timer\\..*|.*\\.parallelStream\\(.*|java\\.util\\.stream\\.\\w+\\.parallel\\(.*");
        forbid(
                "timed waits are Clock.await",
                "java\\.util\\.concurrent\\..*\\(.*java\\.util\\.concurrent\\.TimeUnit\\)");
        forbid("timed waits are Clock.await", "java\\.util\\.concurrent\\.locks\\.Condition\\.await(Nanos|Until)\\(.*");
        forbid(
                "timed waits are Clock.await",
                "java\\.util\\.concurrent\\.locks\\.LockSupport\\.park(Nanos|Until)\\(.*");
        forbid("timed waits are Clock.await", "java\\.lang\\.Object\\.(wait|notify|notifyAll)\\(.*");
        forbid("nothing is deserialised into Java classes", "java\\.io\\.Object(In|Out)putStream\\..*");
        forbid("nothing is loaded by name", "java\\.lang\\.Class\\.forName\\(.*");
    }

    private static JavaClasses all;

    private static void forbid(String why, String pattern) {
        FORBIDDEN.put(pattern, why);
    }

    @BeforeAll
    static void readClasses() {
        all = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("skywire");
    }

    private static int layer(String packageName) {
        String name = packageName.substring("skywire".length()).replaceFirst("^\\.", "");
        int best = -1;
        int length = -1;
        for (int i = 0; i < LAYERS.size(); i++) {
            for (String p : LAYERS.get(i)) {
                if ((name.equals(p) || name.startsWith(p + ".")) && p.length() > length) {
                    best = i;
                    length = p.length();
                }
            }
        }
        return best;
    }

    @Test
    void everyPackageIsOnTheMap() {
        List<String> unknown = all.stream()
                .map(JavaClass::getPackageName)
                .distinct()
                .filter(p -> layer(p) < 0)
                .toList();
        assertEquals(List.of(), unknown);
    }

    @Test
    void importsOnlyGoDown() {
        classes()
                .should(condition(
                        "use lower layers only",
                        (c, events) -> c.getDirectDependenciesFromSelf().stream()
                                .filter(d -> d.getTargetClass().getPackageName().startsWith("skywire."))
                                .filter(d -> layer(d.getTargetClass().getPackageName()) > layer(c.getPackageName()))
                                .forEach(d -> events.add(SimpleConditionEvent.violated(c, d.getDescription())))))
                .check(all);
    }

    @Test
    void noCyclesBetweenPackages() {
        slices().matching("skywire.(**)").should().beFreeOfCycles().check(all);
    }

    @Test
    void onlyThePlatformTouchesTheWorld() {
        offTheWorld().check(all);
    }

    private static ArchRule offTheWorld() {
        List<Map.Entry<Predicate<String>, String>> rules = new ArrayList<>();
        FORBIDDEN.forEach((pattern, why) -> rules.add(
                Map.entry(Pattern.compile("(?:" + pattern + ")(?:\\(.*)?").asMatchPredicate(), why)));
        return classes()
                .that()
                .resideOutsideOfPackage("skywire.platform")
                .should(condition("stay off the world", (c, events) -> {
                    for (JavaAccess<?> call : c.getAccessesFromSelf()) {
                        String target = call.getTarget().getFullName();
                        rules.stream()
                                .filter(r -> r.getKey().test(target))
                                .filter(r -> !mayAnyway(c, target))
                                .forEach(r -> events.add(
                                        SimpleConditionEvent.violated(c, r.getValue() + ": " + call.getDescription())));
                    }
                }));
    }

    /** Does what nobody may do. */
    private static final class Culprit {
        static void everything() throws Exception {
            Executors.newCachedThreadPool().close();
            Selector.open().close();
            Thread.ofPlatform().start(() -> {});
            Platform.system().startOutside("mine", () -> {});
        }
    }

    @Test
    void theRuleSeesExecutorsSelectorsAndPlatformThreads() {
        JavaClasses culprit = new ClassFileImporter().importClasses(Culprit.class);
        String report = String.join(
                "\n", offTheWorld().evaluate(culprit).getFailureReport().getDetails());
        for (String call : List.of("newCachedThreadPool", "Selector.open", "ofPlatform", "startOutside")) {
            assertTrue(report.contains(call), call + " is not seen: " + report);
        }
    }

    /** The named exceptions. */
    private static boolean mayAnyway(JavaClass c, String target) {
        return switch (c.getPackageName()) {
            // The shell's terminal library reads keys on a thread of its own; commands run in the real world only.
            // `local --fetch` uses the proxy from outside, as any program of the user's would.
            case "skywire.cli" ->
                target.startsWith("java.lang.Thread.")
                        || target.startsWith("skywire.platform.Platform.startOutside(")
                        || target.startsWith("java.lang.System.")
                        || c.getSimpleName().equals("Fetch") && target.startsWith("java.net.URL.openConnection(");
            // A file whose channel an interrupt would close is written by a thread outside.
            case "skywire.service.store" -> target.startsWith("skywire.platform.Platform.startOutside(");
            // A socket class that is a view of a link opens nothing.
            case "skywire.link" -> target.equals("java.net.Socket.<init>(java.net.SocketImpl)");
            default -> false;
        };
    }

    @Test
    void noMonitors() throws IOException {
        List<String> found = new ArrayList<>();
        for (JavaClass c : all) {
            if (c.getPackageName().equals("skywire.platform")) {
                continue;
            }
            c.getMethods().stream()
                    .filter(m -> m.getModifiers().contains(JavaModifier.SYNCHRONIZED))
                    .forEach(m -> found.add(m.getFullName()));
            if (entersMonitors(c)) {
                found.add(c.getName() + " has a synchronized block");
            }
        }
        assertEquals(List.of(), found);
    }

    private static boolean entersMonitors(JavaClass c) throws IOException {
        try (InputStream in = c.getSource().orElseThrow().getUri().toURL().openStream()) {
            return ClassFile.of().parse(in.readAllBytes()).methods().stream()
                    .flatMap(m -> m.code().stream())
                    .anyMatch(code -> code.elementStream().anyMatch(MonitorInstruction.class::isInstance));
        }
    }

    @Test
    void onlyTheCommandsTalkToTheTerminalAndEndTheProcess() {
        classes()
                .that()
                .resideOutsideOfPackages("skywire.cli..", "skywire.platform")
                .should(condition(
                        "leave the terminal and the process to the commands",
                        (c, events) -> c.getAccessesFromSelf().stream()
                                .filter(
                                        a -> a.getTarget()
                                                .getFullName()
                                                .matches(
                                                        "java\\.lang\\.System\\.(out|err|in|exit\\(.*)|java\\.lang\\.Runtime\\.(exit|halt)\\(.*"))
                                .forEach(a -> events.add(SimpleConditionEvent.violated(c, a.getDescription())))))
                .check(all);
    }

    @Test
    void everyPackageSaysWhatItIs() {
        List<String> silent = all.stream()
                .map(JavaClass::getPackageName)
                .distinct()
                .filter(p -> !Path.of("src/main/java", p.replace('.', '/'), "package-info.java")
                        .toFile()
                        .exists())
                .toList();
        assertEquals(List.of(), silent);
    }

    private interface Check {
        void check(JavaClass c, ConditionEvents events);
    }

    private static ArchCondition<JavaClass> condition(String description, Check check) {
        return new ArchCondition<>(description) {
            @Override
            public void check(JavaClass c, ConditionEvents events) {
                check.check(c, events);
            }
        };
    }
}
