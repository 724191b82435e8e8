package skywire.cli;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import skywire.control.ControlException;
import skywire.dmsg.DmsgAddress;
import skywire.http.Headers;
import skywire.http.HttpAnswer;
import skywire.http.HttpClient;
import skywire.http.HttpRequest;
import skywire.http.HttpUrl;
import skywire.limit.LogLimit;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.HostPort;
import skywire.platform.Link;
import skywire.platform.Platform;

/** {@code dmsg curl}: HTTP over a dmsg stream (spec dmsg §11). */
@Command(
        name = "curl",
        description =
                "Fetch a dmsg:// URL. The body goes to the output, or to a file that appears when it is complete.")
final class DmsgCurl implements Callable<Integer> {
    private static final String SCHEME = "dmsg://";
    private static final int HTTP_PORT = 80;
    private static final int WORDS = 300;
    private static final Duration IDLE = Duration.ofSeconds(60);

    @Spec
    CommandSpec spec;

    @Parameters(paramLabel = "URL", description = "dmsg://KEY[:PORT]/PATH; the port is 80 unless given.")
    String url;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE",
            description = "Where the body goes.")
    Path out;

    @Option(
            names = {"-d", "--data"},
            paramLabel = "TEXT",
            description = "Send this text (POST unless -X says otherwise).")
    String data;

    @Option(
            names = {"-X", "--method"},
            paramLabel = "METHOD",
            description = "GET, POST, …")
    String method;

    @Option(
            names = {"-H", "--header"},
            paramLabel = "NAME:VALUE",
            description = "Send this header field too.")
    String[] headers = {};

    @Mixin
    DmsgOptions dmsg;

    @Mixin
    DmsgOptions.Client client;

    @Mixin
    ControlOptions options;

    private DmsgAddress to;
    private HttpRequest request;

    @Override
    public Integer call() throws IOException {
        Console console = ControlCommand.console(spec);
        parse(console);
        Deadline deadline = options.deadline();
        Discovery discovery = dmsg.discovery(console, options);
        try (WholeFile file = out == null ? null : WholeFile.begin(out);
                Overlay overlay =
                        Overlay.towards(to.key(), client.service, discovery, Overlay.key(client.key), deadline)) {
            var http = new HttpClient(Platform.system(), (at, by) -> dial(overlay, at, by), HttpUrl.parse(SCHEME + to));
            try (HttpAnswer answer = http.open(request, IDLE, deadline)) {
                return take(console, answer, file);
            }
        } catch (Failure e) {
            throw e.getCause() instanceof ControlException told ? told : e;
        }
    }

    /** The HTTP client only knows hosts and ports. */
    private Link dial(Overlay overlay, HostPort at, Deadline deadline) throws IOException {
        return overlay.dial(to, deadline);
    }

    private void parse(Console console) throws IOException {
        if (url.contains("://") && !url.startsWith(SCHEME)) {
            throw new ParameterException(spec.commandLine(), "\"" + url + "\" is not a dmsg:// URL");
        }
        if (options.json && out == null) {
            throw new ParameterException(spec.commandLine(), "--json needs a file for the body:  -o FILE");
        }
        String rest = url.startsWith(SCHEME) ? url.substring(SCHEME.length()) : url;
        int end = 0;
        while (end < rest.length() && rest.charAt(end) != '/' && rest.charAt(end) != '?') {
            end++;
        }
        DmsgAddress address = DmsgCommand.address(spec, rest.substring(0, end), new KnownKeys(console, dmsg, options));
        to = address.port() == 0 ? new DmsgAddress(address.key(), HTTP_PORT) : address;
        String target = rest.startsWith("/", end) ? rest.substring(end) : "/" + rest.substring(end);
        if (!target.matches("[!-~]*")) {
            throw new ParameterException(
                    spec.commandLine(),
                    "the path of a URL has no spaces and only ASCII; write others as %20 and the like");
        }
        int fragment = target.indexOf('#');
        request = request(fragment < 0 ? target : target.substring(0, fragment));
    }

    private HttpRequest request(String target) {
        String verb = method == null ? (data == null ? "GET" : "POST") : method;
        if (!verb.matches("[A-Z]{1,20}")) {
            throw new ParameterException(spec.commandLine(), "\"" + verb + "\" is no HTTP method such as GET or POST");
        }
        byte[] body = data == null ? new byte[0] : data.getBytes(StandardCharsets.UTF_8);
        var plain = HttpRequest.of(verb, target);
        Headers fields = plain.headers();
        for (String header : headers) {
            int colon = header.indexOf(':');
            if (colon < 1) {
                throw new ParameterException(spec.commandLine(), "\"" + header + "\" is not NAME:VALUE");
            }
            fields = fields.with(
                    header.substring(0, colon), header.substring(colon + 1).strip());
        }
        return new HttpRequest(verb, target, fields, body, plain.remote(), plain.remoteKey());
    }

    private int take(Console console, HttpAnswer answer, WholeFile file) throws IOException {
        if (answer.status() >= 300) {
            String to =
                    answer.headers().first("Location").map(l -> ", see " + l).orElse("");
            throw new ControlException(
                    answer.status() == 404 ? Failure.Kind.NOT_FOUND : Failure.Kind.REFUSED,
                    "the other side answers " + answer.status() + LogLimit.clean(to) + words(answer),
                    null);
        }
        var transfer = new Transfer(console, Platform.system().clock(), answer.length());
        if (file == null) {
            console.out().flush();
            copy(answer, transfer, console.bytes()::write);
            console.bytes().flush();
            return Exit.OK;
        }
        copy(answer, transfer, file::write);
        file.complete();
        tell(console, answer.status(), transfer);
        return Exit.OK;
    }

    private void tell(Console console, int status, Transfer transfer) {
        if (options.json) {
            var result = new JsonObject();
            result.addProperty("status", status);
            result.addProperty("file", out.toString());
            result.addProperty("bytes", transfer.bytes());
            result.addProperty("seconds", Math.round(transfer.seconds() * 1000) / 1000.0);
            ControlCommand.printJson(console, "dmsg.curl", result);
        } else {
            console.note(out + ": " + transfer.figures());
        }
    }

    /** The beginning of an error's text, fit to be printed. */
    private static String words(HttpAnswer answer) throws IOException {
        byte[] some = new byte[WORDS];
        int n = Math.max(0, answer.read(some));
        String text = new String(some, 0, n, StandardCharsets.UTF_8).strip();
        return text.isEmpty() ? "" : ": " + LogLimit.clean(text);
    }

    private interface Sink {
        void write(byte[] b, int off, int len) throws IOException;
    }

    private static void copy(HttpAnswer answer, Transfer transfer, Sink sink) throws IOException {
        byte[] buffer = new byte[64 * 1024];
        try {
            for (int n = answer.read(buffer); n >= 0; n = answer.read(buffer)) {
                sink.write(buffer, 0, n);
                transfer.add(n);
            }
        } finally {
            transfer.end();
        }
    }
}
