package skywire.control;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.util.Optional;
import skywire.bytes.MalformedException;
import skywire.key.PublicKey;

/** One call under way: its parameters, and a way to tell the caller how it goes. Used by one thread. */
public final class ControlCall {
    private final JsonObject parameters;
    private final Progress progress;
    private Runnable after = () -> {};

    /** A call with these parameters, telling its stages to {@code progress}. */
    public ControlCall(JsonObject parameters, Progress progress) {
        this.parameters = parameters;
        this.progress = progress;
    }

    /**
     * Tells the caller what is being done.
     *
     * @param stage a word or two that stay the same while a stage lasts, e.g. {@code finding routes}
     * @param text what happened in it
     * @throws IOException if the caller has gone; the method should give up
     */
    public void progress(String stage, String text) throws IOException {
        progress.stage(stage, text);
    }

    /** Has something done once the answer has gone out, such as ending the program that answers. */
    public void afterAnswer(Runnable action) {
        after = action;
    }

    Runnable after() {
        return after;
    }

    /** Text, if it is there. */
    public Optional<String> optional(String name) throws ControlException {
        JsonElement value = parameters.get(name);
        if (value == null || value.isJsonNull()) {
            return Optional.empty();
        }
        if (value instanceof JsonPrimitive p && p.isString()) {
            return Optional.of(p.getAsString());
        }
        throw ControlException.badParameter("\"" + name + "\" must be a string");
    }

    /** Text that must be there. */
    public String string(String name) throws ControlException {
        return optional(name).orElseThrow(() -> ControlException.badParameter("\"" + name + "\" is missing"));
    }

    /** A whole number from {@code min} to {@code max}, or the default. */
    public int integer(String name, int otherwise, int min, int max) throws ControlException {
        JsonElement value = parameters.get(name);
        if (value == null || value.isJsonNull()) {
            return otherwise;
        }
        if (value instanceof JsonPrimitive p && p.isNumber()) {
            double n = p.getAsDouble();
            if (n == Math.rint(n) && n >= min && n <= max) {
                return (int) n;
            }
        }
        throw ControlException.badParameter("\"" + name + "\" must be a whole number from " + min + " to " + max);
    }

    /** True or false, or the default. */
    public boolean flag(String name, boolean otherwise) throws ControlException {
        JsonElement value = parameters.get(name);
        if (value == null || value.isJsonNull()) {
            return otherwise;
        }
        if (value instanceof JsonPrimitive p && p.isBoolean()) {
            return p.getAsBoolean();
        }
        throw ControlException.badParameter("\"" + name + "\" must be true or false");
    }

    /** A public key, if it is there. */
    public Optional<PublicKey> publicKey(String name) throws ControlException {
        Optional<String> hex = optional(name);
        if (hex.isEmpty()) {
            return Optional.empty();
        }
        try {
            PublicKey key = PublicKey.parse(hex.get());
            if (!key.isNull()) {
                return Optional.of(key);
            }
        } catch (MalformedException e) {
            // told below
        }
        throw ControlException.badParameter("\"" + name + "\" must be a public key of 66 hex digits");
    }
}
