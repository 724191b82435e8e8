package skywire.app.socks;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import skywire.fuzz.Decoder;
import skywire.fuzz.Hostile;
import skywire.platform.Deadline;
import skywire.platform.HostPort;
import skywire.testkit.ReplayLink;

/** A SOCKS5 conversation as an exit hears it: greeting, password, request; then the reply a client hears. */
public final class SocksFuzz implements Decoder {
    public static void fuzzerTestOneInput(byte[] data) {
        Hostile.feed(new SocksFuzz(), data);
    }

    @Override
    public void decode(byte[] data) throws IOException {
        var link = new ReplayLink(data, 3);
        byte[] methods = Socks.readGreeting(link, Deadline.NEVER);
        if (Socks.offers(methods, Socks.PASSWORD)) {
            Socks.readCredentials(link, Deadline.NEVER);
        }
        Socks.Request request = Socks.readRequest(link, Deadline.NEVER);
        Socks.connect(request.target());
        Socks.readReply(link, Deadline.NEVER);
    }

    @Override
    public List<byte[]> samples() {
        return List.of(
                talk(Socks.NO_AUTHENTICATION, new HostPort("example.org", 80)),
                talk(Socks.PASSWORD, new HostPort("192.0.2.7", 443)),
                talk(Socks.NO_AUTHENTICATION, new HostPort("2001:db8::1", 80)));
    }

    private static byte[] talk(int method, HostPort target) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(Socks.greeting(method));
        if (method == Socks.PASSWORD) {
            out.writeBytes(Socks.credentials("pass"));
        }
        out.writeBytes(Socks.connect(target));
        out.writeBytes(Socks.reply(Socks.SUCCEEDED));
        return out.toByteArray();
    }
}
