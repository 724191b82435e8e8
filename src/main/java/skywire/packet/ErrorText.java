package skywire.packet;

import java.nio.charset.StandardCharsets;

/**
 * Says why its sender is about to close the route group; a hint for people (routing §9).
 *
 * @param routeId the id in the receiver's table
 * @param payload UTF-8 text
 */
public record ErrorText(long routeId, byte[] payload) implements Packet {
    /** Type number. */
    public static final int TYPE = 6;

    /** Checks the ranges. */
    public ErrorText {
        Payload.check("error", routeId, payload, 0);
    }

    /** Bytes of text that are looked at or sent. */
    public static final int LONGEST = 1024;

    /** An error with this text, cut to {@link #LONGEST} bytes. */
    public static ErrorText of(long routeId, String message) {
        byte[] text = message.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(text.length, LONGEST);
        while (length < text.length && (text[length] & 0xc0) == 0x80) {
            length--; // not within a character
        }
        return new ErrorText(routeId, java.util.Arrays.copyOf(text, length));
    }

    /** The first {@link #LONGEST} bytes as text, bad UTF-8 replaced; not yet safe to print. */
    public String message() {
        return new String(payload, 0, Math.min(payload.length, LONGEST), StandardCharsets.UTF_8);
    }

    @Override
    public int type() {
        return TYPE;
    }

    @Override
    public boolean equals(Object other) {
        return Payload.same(this, other);
    }

    @Override
    public int hashCode() {
        return Payload.hash(this);
    }

    @Override
    public String toString() {
        return Payload.text(this);
    }
}
