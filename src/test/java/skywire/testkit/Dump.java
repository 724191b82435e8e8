package skywire.testkit;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * All threads of this process, virtual ones too, as the JDK dumps them.
 *
 * @param name of the thread, may be empty
 * @param virtual whether it is a virtual thread
 * @param stack its frames, innermost first
 */
public record Dump(String name, boolean virtual, List<String> stack) {
    /** Reads the JSON thread dump. */
    public static List<Dump> threads() throws IOException {
        Path folder = Files.createTempDirectory("dump");
        Path file = folder.resolve("threads.json");
        try {
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                    .dumpThreads(file.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.JSON);
            JsonObject dump = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
            List<Dump> threads = new ArrayList<>();
            for (JsonElement container : dump.getAsJsonObject("threadDump").getAsJsonArray("threadContainers")) {
                for (JsonElement thread : container.getAsJsonObject().getAsJsonArray("threads")) {
                    threads.add(read(thread.getAsJsonObject()));
                }
            }
            return threads;
        } finally {
            Files.deleteIfExists(file);
            Files.delete(folder);
        }
    }

    private static Dump read(JsonObject thread) {
        List<String> stack = new ArrayList<>();
        thread.getAsJsonArray("stack").forEach(frame -> stack.add(frame.getAsString()));
        boolean virtual = thread.has("virtual") && thread.get("virtual").getAsBoolean();
        return new Dump(thread.get("name").getAsString(), virtual, stack);
    }

    /** Whether code of ours is on its stack. */
    public boolean isOurs() {
        return stack.stream().anyMatch(frame -> frame.startsWith("skywire."));
    }
}
