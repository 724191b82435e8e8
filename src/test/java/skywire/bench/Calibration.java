package skywire.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import skywire.key.SecretKey;
import skywire.key.Signature;
import skywire.noise.Handshake;
import skywire.noise.ReceiveCipher;
import skywire.noise.SendCipher;
import skywire.platform.Deadline;
import skywire.platform.HostPort;
import skywire.platform.Link;
import skywire.platform.Listener;
import skywire.platform.Platform;

/** What this machine can do, by means anybody has, and what our own primitives make of it. */
final class Calibration {
    private static final Platform PLATFORM = Platform.system();
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private Calibration() {}

    static void run(Report report) throws Exception {
        double tcp = tcp();
        report.add("raw TCP over loopback, one connection, 64 KiB", tcp, "MB/s");
        report.add("raw TCP over loopback, echo of 64 bytes, p50", tcpEcho(), "us");
        iperf(report);
        openssl(report, tcp);
        cipher(report);
        curve(report);
    }

    private static Deadline soon() {
        return PLATFORM.clock().in(LIMIT);
    }

    /** MB/s, median of five. */
    private static double tcp() throws IOException {
        var rounds = new Stats();
        try (Listener listener = PLATFORM.network().listen(new HostPort("127.0.0.1", 0))) {
            for (int i = 0; i < 5; i++) {
                try (Link out = PLATFORM.network().dial(listener.local(), soon());
                        Link in = listener.accept()) {
                    rounds.add(tcp(out, in, 1_000_000_000L));
                }
            }
        }
        return rounds.median();
    }

    private static double tcp(Link out, Link in, long bytes) throws IOException {
        long began = System.nanoTime();
        PLATFORM.start("bench/tcp", () -> {
            try {
                byte[] piece = new byte[64 * 1024];
                for (long left = bytes; left > 0; left -= piece.length) {
                    out.write(piece, soon());
                }
                out.finishWriting(soon());
            } catch (IOException e) {
                out.close(); // the other end fails then
            }
        });
        byte[] buffer = new byte[64 * 1024];
        long got = 0;
        for (int n; (n = in.read(buffer, 0, buffer.length, soon())) >= 0; ) {
            got += n;
        }
        return got / 1e6 / ((System.nanoTime() - began) / 1e9);
    }

    /** Microseconds there and back, between two threads of the system. */
    private static double tcpEcho() throws IOException {
        try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var near = new Socket(listener.getInetAddress(), listener.getLocalPort());
                var far = listener.accept()) {
            near.setTcpNoDelay(true);
            far.setTcpNoDelay(true);
            Thread.ofPlatform().daemon().start(() -> {
                try {
                    byte[] message = new byte[64];
                    while (far.getInputStream().readNBytes(message, 0, 64) == 64) {
                        far.getOutputStream().write(message);
                    }
                } catch (IOException e) {
                    return; // the end
                }
            });
            var each = new Stats();
            byte[] message = new byte[64];
            for (int i = 0; i < 30_000; i++) {
                long began = System.nanoTime();
                near.getOutputStream().write(message);
                near.getInputStream().readNBytes(message, 0, 64);
                if (i >= 10_000) {
                    each.add((System.nanoTime() - began) / 1e3);
                }
            }
            return each.median();
        }
    }

    private static void iperf(Report report) throws Exception {
        String name = "iperf3, one connection";
        if (Child.output(LIMIT, "iperf3", "--version").isEmpty()) {
            report.skipped(name, "iperf3 is not installed");
            return;
        }
        Process server = new ProcessBuilder("iperf3", "-s", "-1", "-p", "25201")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        Thread.sleep(300);
        String out = Child.output(LIMIT, "iperf3", "-c", "127.0.0.1", "-p", "25201", "-t", "3", "-f", "M");
        server.destroy();
        Matcher rate = Pattern.compile("([0-9.]+) MBytes/sec.*receiver").matcher(out);
        if (rate.find()) {
            report.add(name, Double.parseDouble(rate.group(1)), "MiB/s");
        }
    }

    /** Scalar arithmetic is what handshakes are made of, so X25519 stands for the processor. */
    private static void openssl(Report report, double tcp) throws Exception {
        report.processorFactor = tcp / Reference.TCP_MB;
        speed(
                report,
                "openssl speed -evp chacha20-poly1305, 8 KiB",
                "(?i)chacha20-poly1305\\s+([0-9.]+)k",
                1e-3,
                "MB/s",
                "-bytes",
                "8192",
                "-evp",
                "chacha20-poly1305");
        double curve =
                speed(report, "openssl speed ecdhx25519", "X25519\\)\\s+\\S+\\s+([0-9.]+)", 1, "1/s", "ecdhx25519");
        if (curve > 0) {
            report.processorFactor = curve / Reference.X25519;
        }
    }

    private static double speed(
            Report report, String name, String pattern, double scale, String unit, String... arguments)
            throws Exception {
        List<String> command = new ArrayList<>(List.of("openssl", "speed", "-seconds", "2"));
        command.addAll(List.of(arguments));
        Matcher rate = Pattern.compile(pattern).matcher(Child.output(LIMIT, command.toArray(String[]::new)));
        if (!rate.find()) {
            report.skipped(name, "openssl is not installed");
            return 0;
        }
        double value = Double.parseDouble(rate.group(1)) * scale;
        report.add(name, value, unit);
        return value;
    }

    private static void cipher(Report report) throws Exception {
        SecretKey a = SecretKey.generate(PLATFORM.random());
        SecretKey b = SecretKey.generate(PLATFORM.random());
        var kk = skywire.noise.Pattern.KK;
        Handshake out = Handshake.initiator(kk, a, b.publicKey(), PLATFORM.random());
        Handshake in = Handshake.responder(kk, b, a.publicKey(), PLATFORM.random());
        in.read(out.write(new byte[0]));
        out.read(in.write(new byte[0]));
        SendCipher sender = out.sender();
        ReceiveCipher receiver = in.receiver();
        byte[] plain = new byte[4070];
        byte[] body = new byte[plain.length + SendCipher.OVERHEAD];
        double perSecond = perSecond(() -> {
            sender.seal(plain, 0, plain.length, body, 0);
            return receiver.open(body, 0, body.length, plain, 0);
        });
        report.add("our cipher, 4,070 bytes, sealed and opened", perSecond * plain.length / 1e6, "MB/s");
    }

    private static void curve(Report report) throws Exception {
        SecretKey key = SecretKey.generate(PLATFORM.random());
        SecretKey other = SecretKey.generate(PLATFORM.random());
        byte[] payload = new byte[200];
        Signature signature = key.sign(payload);
        micros(report, "key generation", () -> SecretKey.generate(PLATFORM.random()));
        micros(report, "signing", () -> key.sign(payload));
        micros(report, "verification", () -> signature.verifies(key.publicKey(), payload));
        micros(report, "ECDH", () -> key.ecdh(other.publicKey()));
        micros(
                report,
                "key from 33 bytes",
                () -> skywire.key.PublicKey.of(other.publicKey().bytes()));
    }

    private static void micros(Report report, String what, Callable<Object> operation) throws Exception {
        report.add("secp256k1 " + what, 1e6 / perSecond(operation), "us");
    }

    /** How often in a second of CPU, after warming up. */
    private static double perSecond(Callable<?> operation) throws Exception {
        rate(operation, 1.0);
        return rate(operation, 0.7);
    }

    private static double rate(Callable<?> operation, double seconds) throws Exception {
        var threads = ManagementFactory.getThreadMXBean();
        long began = threads.getCurrentThreadCpuTime();
        long used = 0;
        int count = 0;
        while (used < seconds * 1e9) {
            operation.call();
            count++;
            used = threads.getCurrentThreadCpuTime() - began;
        }
        return count / (used / 1e9);
    }
}
