package skywire.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import org.jline.reader.Candidate;
import org.jline.reader.Parser;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.impl.DumbTerminal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import skywire.control.ControlServer;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Platform;

@Timeout(20)
class ShellTest {
    private static final String KEY = "02" + "a1".repeat(32);
    private static final String ID = "7f3a91c0-1111-2222-3333-444444444444";

    @TempDir
    Path folder;

    private Cli cli;
    private ControlServer server;

    @BeforeEach
    void start() throws IOException {
        cli = new Cli(folder);
        Path socket = folder.resolve("c.sock");
        cli.environment.put("SKYWIRE_CONTROL", socket.toString());
        server = ControlServer.start(Platform.system(), socket);
        answer(
                "tp.list",
                "{\"transports\":[{\"id\":\"%s\",\"type\":\"stcp\",\"remote_pk\":\"%s\"}]}".formatted(ID, KEY));
        answer("proxy.status", "{\"proxies\":[{\"name\":\"socks-a\",\"pk\":\"" + KEY + "\"}]}");
        answer("visor.list", """
                {"visors":[{"number":0,"role":"you","up":true},{"number":3,"role":"relay","up":true},
                {"number":4,"role":"relay","up":false}]}
                """);
        server.stage("");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void answer(String method, String json) {
        server.method(method, call -> JsonParser.parseString(json));
    }

    @Test
    void runsLinesFromAPipeAndNoErrorEndsIt() {
        int code = cli.input("""
                # a comment
                nosuch

                tp ls
                "not closed
                skywire keys show '%s'
                help tp add
                """.formatted(folder.resolve("a b"))).run("shell");
        assertEquals(Exit.OK, code, "of the last command");
        assertTrue(cli.out().contains("7f3a91c0  stcp  02a1a1a1"), cli.out());
        assertTrue(cli.out().contains("Usage: skywire tp add"), cli.out());
        assertTrue(cli.err().contains("nosuch"), cli.err());
        assertTrue(cli.err().contains("error: a quote is not closed: \"not closed"), cli.err());
        assertTrue(cli.err().contains("a b: no such file"), cli.err());
        assertFalse(cli.out().contains("skywire> "));
    }

    @Test
    void endsWithTheCodeOfTheLastCommand() {
        assertEquals(Exit.USAGE, cli.input("tp ls\ntp nosuch").run("shell"));
        assertEquals(Exit.OK, cli.input("tp nosuch\ntp ls\nexit now\ntp nosuch").run("shell"));
        assertEquals(Exit.USAGE, cli.input("shell").run("shell"), "no shell in a shell");
    }

    @Test
    void helpLeavesOutWhatOnlyLasts() {
        assertEquals(Exit.OK, cli.input("help").run("shell"));
        assertTrue(cli.out().contains("  dmsg-server"), cli.out());
        assertFalse(cli.out().contains("setup-node") || cli.out().contains("transport-discovery"), cli.out());
    }

    @Test
    void aBugOfACommandDoesNotEndIt() {
        @Command(name = "bug")
        final class Bug implements Callable<Integer> {
            @Override
            public Integer call() {
                throw new StackOverflowError("on purpose");
            }
        }
        var shell = new Shell(cli.console(), c -> {
            var line = new CommandLine(CommandSpec.create());
            line.addSubcommand(new Bug());
            return line;
        });
        assertEquals(Exit.FAILED, runLines(shell, "bug"));
        assertTrue(cli.err().contains("bug: java.lang.StackOverflowError: on purpose"), cli.err());
    }

    private int runLines(Shell shell, String lines) {
        try {
            return shell.run(new ShellScript(cli.input(lines).console()));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void interruptsTheRunningCommandOnly() throws Exception {
        var begun = new CountDownLatch(2);
        server.method("tp.add", call -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                throw Failure.cancelled("waiting");
            }
            return call.flag("x", false) ? null : JsonParser.parseString("{}");
        });
        var shell = new Shell(cli.console(), Shell::usualTree);
        assertFalse(shell.interrupt(), "nothing runs");
        var run = new FutureTask<>(() -> runLines(shell, "tp add " + KEY));
        Platform.system().start("test/shell", run);
        Deadline deadline = Platform.system().clock().in(Duration.ofSeconds(10));
        while (begun.getCount() == 2) {
            deadline.check("the call");
            Thread.onSpinWait();
        }
        assertTrue(shell.interrupt());
        assertEquals(Exit.INTERRUPTED, run.get());
        assertEquals("interrupted\n", cli.err());
        assertEquals(Exit.OK, runLines(shell, "tp ls"));
    }

    @Test
    void aSecondInterruptLeavesTheCommandBehind() throws Exception {
        var begun = new CountDownLatch(1);
        var never = new CountDownLatch(1);
        @Command(name = "deaf")
        final class Deaf implements Runnable {
            @Override
            public void run() {
                begun.countDown();
                while (never.getCount() > 0) {
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        Thread.onSpinWait();
                    }
                }
            }
        }
        var shell = new Shell(cli.console(), c -> {
            var line = new CommandLine(CommandSpec.create());
            line.addSubcommand(new Deaf());
            return line;
        });
        var run = new FutureTask<>(() -> runLines(shell, "deaf"));
        Platform.system().start("test/shell", run);
        begun.await();
        assertTrue(shell.interrupt());
        assertTrue(shell.interrupt());
        assertEquals(Exit.INTERRUPTED, run.get());
        assertTrue(cli.err().contains("left behind"), cli.err());
        never.countDown();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "t|tp|shell|rehearse",
                "tp |add|nosuch|rehearse",
                "skywire tp |rm|visor|rehearse",
                "help tp |rm|visor|rehearse",
                "tp rm |ID|ls|KEY",
                "tp add |KEY|ID|ls",
                "tp add -t |stcp|KEY|ls",
                "tp add --persistent |KEY|--json|ls",
                "tp ls --|--json|--persistent|-h",
                "tp ls --json --|--full|--json|-h",
                "proxy stop |socks-a|KEY|start",
                "visor kill |3|4|0",
                "visor start |4|3|0",
                "s|tp|setup-node|route-finder",
                "dmsg cat |KEY|ID|ls",
            })
    void completes(String typed, String offered, String not, String norThis) {
        List<String> values = complete(typed).stream()
                .map(value -> value.equals(ID) ? "ID" : value.equals(KEY) ? "KEY" : value)
                .toList();
        assertTrue(values.contains(offered), values.toString());
        assertFalse(values.contains(not), values.toString());
        assertFalse(values.contains(norThis), values.toString());
    }

    private List<String> complete(String typed) {
        var completer = new ShellCompleter(
                () -> Shell.usualTree(cli.console()), new KnownNames(cli.console(), Duration.ofSeconds(10)));
        List<Candidate> candidates = new ArrayList<>();
        completer.complete(
                null, new DefaultParser().parse(typed, typed.length(), Parser.ParseContext.COMPLETE), candidates);
        return candidates.stream().map(Candidate::value).collect(Collectors.toList());
    }

    @Test
    void completesWithoutANodeToo() {
        server.close();
        assertEquals(List.of(), complete("tp rm "));
        assertTrue(complete("tp").contains("proxy"));
    }

    @Test
    void completesFileNames() throws IOException {
        Files.createDirectories(folder.resolve("some.dir"));
        Files.writeString(folder.resolve("some.key"), "");
        List<String> values = complete("keys show " + folder + "/so");
        assertTrue(values.contains(folder + "/some.key") && values.contains(folder + "/some.dir/"), values.toString());
        assertEquals(List.of(), complete("keys show " + folder + "/none/x"));
    }

    @Test
    void keepsAHistoryThatOnlyItsOwnerCanRead() throws IOException {
        Path history = folder.resolve("state/history");
        Files.createDirectories(history.getParent());
        Files.createFile(history);
        Files.setPosixFilePermissions(history, PosixFilePermissions.fromString("rw-r--r--"));
        var screen = new ByteArrayOutputStream();
        var typed = new ByteArrayInputStream("tp ls\n keys show secret\n".getBytes(StandardCharsets.UTF_8));
        var shell = new Shell(cli.console(), Shell::usualTree);
        try (var input = ShellTerminal.open(new DumbTerminal(typed, screen), shell, history, false)) {
            shell.run(input);
        }
        assertTrue(cli.out().contains("7f3a91c0"), cli.out());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(history)));
        String kept = Files.readString(history);
        assertTrue(kept.contains("tp ls") && !kept.contains("secret"), kept);
        assertTrue(screen.toString(StandardCharsets.UTF_8).contains("skywire> "));
        assertFalse(screen.toString(StandardCharsets.UTF_8).contains("\u001b"), "no escape codes on a dumb terminal");
    }
}
