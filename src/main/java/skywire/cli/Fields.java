package skywire.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.List;
import skywire.limit.LogLimit;

/** Members of a JSON object for a table: absent is null, so that it shows as a dash. Text is made safe to print. */
record Fields(JsonObject json) {
    /** The objects of a list member; empty if absent. */
    static List<Fields> list(JsonObject json, String name) {
        List<Fields> list = new ArrayList<>();
        if (json.get(name) instanceof JsonArray array) {
            for (JsonElement item : array) {
                if (item instanceof JsonObject object) {
                    list.add(new Fields(object));
                }
            }
        }
        return list;
    }

    /** A member as text. */
    String text(String name) {
        return json.get(name) instanceof JsonPrimitive p ? LogLimit.clean(p.getAsString()) : null;
    }

    /** A member as text, or the default. */
    String text(String name, String otherwise) {
        String text = text(name);
        return text == null ? otherwise : text;
    }

    /** A number, or the default. */
    double number(String name, double otherwise) {
        return json.get(name) instanceof JsonPrimitive p && p.isNumber() ? p.getAsDouble() : otherwise;
    }

    boolean has(String name) {
        return json.get(name) instanceof JsonPrimitive;
    }

    boolean flag(String name) {
        return json.get(name) instanceof JsonPrimitive p && p.isBoolean() && p.getAsBoolean();
    }

    /** A number of things: {@code 1 group}, {@code 2 groups}. */
    String count(String name, String thing) {
        long n = (long) number(name, 0);
        return n + " " + thing + (n == 1 ? "" : "s");
    }

    /** A number of bytes. */
    String bytes(String name) {
        return has(name) ? Units.bytes(number(name, 0)) : null;
    }

    /** A number of seconds. */
    String age(String name) {
        return has(name) ? Units.age(number(name, 0)) : null;
    }

    /** A number of milliseconds. */
    String millis(String name) {
        return has(name) ? Units.millis(number(name, 0)) : null;
    }
}
