import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Gives the classes of a jar a format that the JVM's start-up cache can hold: those of Java 5 (picocli's) have no stack
 * maps, are checked the slow way at every start, and never cached. What they do stays the same. A jar without such classes
 * is left alone.
 *
 * <p>java tools/Modernise.java JAR
 */
class Modernise {
    private static final int FIRST_WITH_STACK_MAPS = 50;

    public static void main(String[] args) throws IOException {
        Path jar = Path.of(args[0]);
        Map<ZipEntry, byte[]> entries = read(jar);
        boolean changed = false;
        try (var loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, ClassLoader.getPlatformClassLoader())) {
            var known = ClassHierarchyResolver.ofResourceParsing(loader)
                    .orElse(ClassHierarchyResolver.defaultResolver())
                    .cached();
            ClassFile format = ClassFile.of(
                    ClassFile.StackMapsOption.GENERATE_STACK_MAPS, ClassFile.ClassHierarchyResolverOption.of(known));
            for (Map.Entry<ZipEntry, byte[]> entry : entries.entrySet()) {
                String name = entry.getKey().getName();
                if (name.endsWith(".class") && !name.startsWith("META-INF/")) {
                    ClassModel old = format.parse(entry.getValue());
                    if (old.majorVersion() < FIRST_WITH_STACK_MAPS) {
                        entry.setValue(format.transformClass(old, toToday()));
                        changed = true;
                    }
                }
            }
        }
        if (changed) {
            write(jar, entries);
        }
    }

    /** Every method body is written anew, and so gets its stack map. */
    private static ClassTransform toToday() {
        return ClassTransform.transformingMethodBodies((code, element) -> code.with(element))
                .andThen(ClassTransform.endHandler(type -> type.withVersion(ClassFile.JAVA_8_VERSION, 0)));
    }

    private static Map<ZipEntry, byte[]> read(Path jar) throws IOException {
        Map<ZipEntry, byte[]> entries = new LinkedHashMap<>();
        try (var zip = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                try (InputStream in = zip.getInputStream(entry)) {
                    entries.put(entry, in.readAllBytes());
                }
            }
        }
        return entries;
    }

    private static void write(Path jar, Map<ZipEntry, byte[]> entries) throws IOException {
        Path draft = jar.resolveSibling("." + jar.getFileName() + "." + ProcessHandle.current().pid());
        try {
            try (var out = new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(draft)))) {
                for (Map.Entry<ZipEntry, byte[]> entry : entries.entrySet()) {
                    var copy = new ZipEntry(entry.getKey().getName());
                    copy.setTime(entry.getKey().getTime());
                    out.putNextEntry(copy);
                    out.write(entry.getValue());
                    out.closeEntry();
                }
            }
            Files.move(draft, jar, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(draft);
        }
    }
}
