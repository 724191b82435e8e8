package skywire.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import skywire.bytes.Hex;
import skywire.config.Config;
import skywire.config.ConfigException;
import skywire.entry.DmsgEntry;
import skywire.entry.ServerInfo;
import skywire.key.PublicKey;
import skywire.key.SecretKey;

/** Whatever a document looks like: only its lists of servers change, and the second time nothing does. */
class PulledDocumentProperties {
    private static final List<PublicKey> KEYS = keys();

    private static List<PublicKey> keys() {
        List<PublicKey> keys = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            keys.add(SecretKey.fromSeed(new byte[] {(byte) i}).publicKey());
        }
        return keys;
    }

    /** A document as what stands outside of its lists; a list is between each two pieces. */
    record Pieces(List<String> outside, List<String> lists) {
        String text() {
            var text = new StringBuilder(outside.getFirst());
            for (int i = 0; i < lists.size(); i++) {
                text.append(lists.get(i)).append(outside.get(i + 1));
            }
            return text.toString();
        }
    }

    @Provide
    Arbitrary<Pieces> documents() {
        return Arbitraries.randomValue(random -> new Writer(random).document());
    }

    @Provide
    Arbitrary<List<DmsgEntry>> servers() {
        return Arbitraries.randomValue(random -> {
            List<DmsgEntry> servers = new ArrayList<>();
            for (PublicKey key : KEYS) {
                if (random.nextInt(3) == 0 || servers.isEmpty() && key.equals(KEYS.getLast())) {
                    String host = random.nextBoolean() ? "192.0.2." + random.nextInt(256) : "[2001:db8::1]";
                    servers.add(DmsgEntry.server(key, ServerInfo.of(host + ":" + (1 + random.nextInt(9)), 1, "")));
                }
            }
            return servers;
        });
    }

    @Property(tries = 3000)
    void onlyTheListsChange(@ForAll("documents") Pieces document, @ForAll("servers") List<DmsgEntry> servers)
            throws ConfigException {
        PulledDocument pulled = PulledDocument.of("d", document.text(), servers);
        String text = pulled.text();
        assertEquals(document.lists().size(), pulled.lists().size(), document::text);
        Config.parse("d", text);

        int at = 0;
        for (int i = 0; i < document.outside().size(); i++) {
            String piece = document.outside().get(i);
            assertTrue(text.startsWith(piece, at), () -> "a byte outside of the lists is another in\n" + text);
            at += piece.length();
            if (i < document.lists().size()) {
                int end = endOfList(text, at);
                checkList(text.substring(at, end), servers);
                at = end;
            }
        }
        assertEquals(text.length(), at, "nothing follows");

        PulledDocument again = PulledDocument.of("d", text, servers);
        assertEquals(text, again.text(), "the second time nothing changes");
        assertFalse(again.isChanged());
    }

    /** Also when each pull finds another list: the layout is that of the document, not of the last list. */
    @Property(tries = 1000)
    void aWayThroughAnotherListEndsAtTheSameText(
            @ForAll("documents") Pieces document,
            @ForAll("servers") List<DmsgEntry> first,
            @ForAll("servers") List<DmsgEntry> second)
            throws ConfigException {
        String other = PulledDocument.of("d", document.text(), first).text();
        String there = PulledDocument.of("d", other, second).text();
        String backAgain = PulledDocument.of(
                        "d", PulledDocument.of("d", there, first).text(), second)
                .text();
        assertEquals(there, backAgain);
    }

    private static void checkList(String list, List<DmsgEntry> servers) throws ConfigException {
        List<DmsgEntry> read = Servers.read(Config.parse("d", "{\"x\":" + list + "}"), "x");
        assertEquals(
                servers.stream().map(PulledDocumentProperties::line).sorted().toList(),
                read.stream().map(PulledDocumentProperties::line).sorted().toList());
    }

    private static String line(DmsgEntry server) {
        return server.key() + " " + Servers.address(server);
    }

    /** Brackets counted by another program than the one that is tried. */
    private static int endOfList(String text, int begin) {
        int depth = 0;
        boolean inString = false;
        for (int i = begin; ; i++) {
            char c = text.charAt(i);
            if (inString) {
                if (c == '\\') {
                    i++;
                } else if (c == '"') {
                    inString = false;
                }
            } else if (c == '/' && text.charAt(i + 1) == '/') {
                i = text.indexOf('\n', i);
            } else if (c == '/' && text.charAt(i + 1) == '*') {
                i = text.indexOf("*/", i + 2) + 1;
            } else if (c == '"') {
                inString = true;
            } else if (c == '[') {
                depth++;
            } else if (c == ']' && --depth == 0) {
                return i + 1;
            }
        }
    }

    /** Writes documents as nobody in his right mind would. */
    private static final class Writer {
        private static final List<String> NASTY = List.of(
                "\\\"dmsg_servers\\\": [",
                "]",
                "}",
                "[{\\\\\\\"",
                "// no comment",
                "/* no comment",
                "\\u0064msg_servers",
                "ä€😀",
                "\\\\",
                "plain");

        private final Random random;
        private final String newline;
        private final List<String> outside = new ArrayList<>();
        private final List<String> lists = new ArrayList<>();
        private StringBuilder piece = new StringBuilder();

        Writer(Random random) {
            this.random = random;
            this.newline = List.of("\n", "\r\n", "").get(random.nextInt(3));
        }

        Pieces document() {
            piece.append(random.nextInt(8) == 0 ? "\ufeff" : "");
            blank();
            object(4, true);
            blank();
            outside.add(piece.toString());
            return new Pieces(outside, lists);
        }

        private void blank() {
            for (int i = random.nextInt(3); i > 0; i--) {
                switch (random.nextInt(newline.isEmpty() ? 4 : 6)) {
                    case 0 -> piece.append(' ');
                    case 1 -> piece.append("\t");
                    case 2 -> piece.append("  ");
                    case 3 -> piece.append("/* \"dmsg_servers\": [ ] } */");
                    case 4 -> piece.append(newline).append("    ");
                    default -> piece.append("// \"dmsg_servers\": [").append(newline);
                }
            }
        }

        private void object(int deep, boolean needsList) {
            piece.append('{');
            int members = random.nextInt(4) + (needsList ? 1 : 0);
            int list = needsList ? random.nextInt(members) : random.nextInt(9);
            for (int i = 0; i < members; i++) {
                piece.append(i == 0 ? "" : ",");
                blank();
                String name = random.nextBoolean() ? "\"dmsg_servers\"" : "\"dmsg\\u005fservers\"";
                piece.append(i == list ? name : "\"" + i + string() + "\"");
                blank();
                piece.append(':');
                blank();
                if (i == list) {
                    list();
                } else {
                    value(deep - 1);
                }
                blank();
            }
            piece.append('}');
        }

        /** Ends a piece, and begins another. */
        private void list() {
            outside.add(piece.toString());
            piece = new StringBuilder();
            if (random.nextInt(3) == 0) {
                proper();
            } else {
                array(2);
            }
            lists.add(piece.toString());
            piece = new StringBuilder();
        }

        private void proper() {
            piece.append('[');
            blank();
            for (int i = random.nextInt(3); i > 0; i--) {
                piece.append("{\"static\":\"" + KEYS.get(i) + "\",");
                blank();
                piece.append("\"server\":{\"address\":\"h:" + i + "\"}}").append(i > 1 ? "," : "");
                blank();
            }
            piece.append(']');
        }

        private void array(int deep) {
            piece.append('[');
            blank();
            for (int i = random.nextInt(3); i > 0; i--) {
                nested(deep);
                piece.append(i > 1 ? "," : "");
                blank();
            }
            piece.append(']');
        }

        /** In a list of servers there may be anything, also what looks like one. */
        private void nested(int deep) {
            switch (random.nextInt(deep > 0 ? 4 : 2)) {
                case 0 -> piece.append('"').append(string()).append('"');
                case 1 -> piece.append(random.nextInt(100));
                case 2 -> array(deep - 1);
                default -> {
                    piece.append("{\"dmsg_servers\":");
                    array(deep - 1);
                    piece.append('}');
                }
            }
        }

        private void value(int deep) {
            switch (random.nextInt(deep > 0 ? 6 : 4)) {
                case 0 -> piece.append('"').append(string()).append('"');
                case 1 -> piece.append("-1.50e+3");
                case 2 -> piece.append("true");
                case 3 -> piece.append("null");
                case 4 -> object(deep, false);
                default -> {
                    piece.append('[');
                    blank();
                    object(deep, random.nextBoolean());
                    piece.append(']');
                }
            }
        }

        private String string() {
            byte[] some = new byte[random.nextInt(3)];
            random.nextBytes(some);
            return NASTY.get(random.nextInt(NASTY.size())) + Hex.of(some);
        }
    }
}
