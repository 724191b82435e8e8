package skywire.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import skywire.bytes.MalformedException;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.platform.HostPort;

/**
 * One object of a configuration file. Ask for what you know, by name; what is wrong ends in a {@link ConfigException}
 * with file, line and column. What nobody asked for is unknown: {@link #warnings} lists it, with the name that was
 * probably meant. A member that is absent or {@code null} has its default.
 *
 * <p>Not thread-safe: read it where the program is put together.
 */
public final class Config {
    private static final int PUBLIC_KEY_DIGITS = 66;
    private static final int SECRET_KEY_DIGITS = 64;

    private final Source source;
    private final String path; // "" at the top, else the name of this object
    private final Value.Fields fields;
    private final Set<String> known = new LinkedHashSet<>();
    private final List<Config> children = new ArrayList<>();
    private final Map<String, Config> objects = new LinkedHashMap<>(); // those asked for, so that each is one
    private final Map<String, List<Config>> lists = new LinkedHashMap<>(); // likewise

    private Config(Source source, String path, Value.Fields fields) {
        this.source = source;
        this.path = path;
        this.fields = fields;
    }

    /** Parses text; {@code name} is what messages call it, usually the path of its file. */
    public static Config parse(String name, String text) throws ConfigException {
        var source = new Source(name, text);
        return new Config(source, "", Parser.parse(source));
    }

    /** What messages call the file. */
    public String file() {
        return source.name();
    }

    /** The names of all members, in their order. */
    public List<String> names() {
        return List.copyOf(fields.fields().keySet());
    }

    /** Whether the member is there, and not null. */
    public boolean has(String name) {
        return find(name).isPresent();
    }

    /** Text that must be there. */
    public String string(String name) throws ConfigException {
        return required(name, text(name), "text");
    }

    /** Text, or the default. */
    public String string(String name, String otherwise) throws ConfigException {
        return text(name).orElse(otherwise);
    }

    /** A whole number from {@code min} to {@code max}, or the default. */
    public int integer(String name, int otherwise, int min, int max) throws ConfigException {
        Optional<Value> value = find(name);
        if (value.isEmpty()) {
            return otherwise;
        }
        if (!(value.get() instanceof Value.Number number)) {
            throw wrongKind(name, value.get(), "a number");
        }
        try {
            int n = Integer.parseInt(number.digits());
            if (n >= min && n <= max) {
                return n;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw error(number, name, "must be a whole number from " + min + " to " + max + ", not " + number.digits());
    }

    /** True or false, or the default. */
    public boolean flag(String name, boolean otherwise) throws ConfigException {
        Optional<Value> value = find(name);
        if (value.isEmpty()) {
            return otherwise;
        }
        if (value.get() instanceof Value.Flag flag) {
            return flag.on();
        }
        throw wrongKind(name, value.get(), "true or false");
    }

    /** A duration as {@code "10s"}, {@code "1m30s"} or {@code "168h"}, or the default. */
    public Duration duration(String name, Duration otherwise) throws ConfigException {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return otherwise;
        }
        return Durations.parse(text.get())
                .orElseThrow(
                        () -> error(name, "\"" + text.get() + "\" is not a duration such as \"30s\" or \"1m30s\""));
    }

    /** An address {@code "host:port"} ({@code ":port"} is 127.0.0.1), if there is one; {@code ""} counts as none. */
    public Optional<HostPort> address(String name) throws ConfigException {
        Optional<String> text = text(name).filter(t -> !t.isEmpty());
        return text.isEmpty() ? Optional.empty() : Optional.of(address(text.get(), place(name), name));
    }

    /** An address, or the default. */
    public HostPort address(String name, String otherwise) throws ConfigException {
        return address(name).orElse(HostPort.parse(otherwise));
    }

    private HostPort address(String text, int at, String name) throws ConfigException {
        try {
            return HostPort.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(source.place(at) + ": \"" + name + "\": " + e.getMessage());
        }
    }

    /** A public key, if there is one; {@code ""} counts as none. */
    public Optional<PublicKey> publicKey(String name) throws ConfigException {
        Optional<String> text = text(name).filter(t -> !t.isEmpty());
        return text.isEmpty() ? Optional.empty() : Optional.of(publicKey(text.get(), place(name), name));
    }

    /** A public key that must be there. */
    public PublicKey requiredPublicKey(String name) throws ConfigException {
        return required(name, publicKey(name), "a public key");
    }

    /** A list of public keys, without repetitions; empty if absent. */
    public List<PublicKey> publicKeys(String name) throws ConfigException {
        Set<PublicKey> keys = new LinkedHashSet<>();
        for (Value item : items(name)) {
            if (!(item instanceof Value.Text text)) {
                throw wrongKind(name, item, "a list of public keys");
            }
            keys.add(publicKey(text.text(), text.offset(), name));
        }
        return List.copyOf(keys);
    }

    private PublicKey publicKey(String hex, int at, String name) throws ConfigException {
        checkDigits(hex, PUBLIC_KEY_DIGITS, "public", at, name);
        try {
            PublicKey key = PublicKey.parse(hex);
            if (!key.isNull()) {
                return key;
            }
        } catch (MalformedException e) {
            // told below
        }
        throw new ConfigException(source.place(at) + ": \"" + name + "\" is not a public key: no point of the curve");
    }

    private void checkDigits(String hex, int digits, String kind, int at, String name) throws ConfigException {
        String wrong = null;
        if (!hex.matches("[0-9a-fA-F]*")) {
            wrong = "has characters that are not hex digits";
        } else if (hex.length() != digits) {
            wrong = "has " + hex.length() + " hex digits, a " + kind + " key has " + digits;
        }
        if (wrong != null) {
            throw new ConfigException(source.place(at) + ": \"" + name + "\" " + wrong);
        }
    }

    /**
     * The secret key of the member {@code secret}, if it is there; the member {@code pub}, if it is there too, must
     * belong to it. The key itself never appears in a message.
     */
    public Optional<SecretKey> secretKey(String secret, String pub) throws ConfigException {
        Optional<PublicKey> stated = publicKey(pub);
        Optional<String> hex = text(secret).filter(t -> !t.isEmpty());
        if (hex.isEmpty()) {
            return Optional.empty();
        }
        checkDigits(hex.get(), SECRET_KEY_DIGITS, "secret", place(secret), secret);
        SecretKey key;
        try {
            key = SecretKey.parse(hex.get());
        } catch (MalformedException e) {
            throw error(secret, "\"" + secret + "\" is not a secret key");
        }
        if (stated.isPresent() && !stated.get().equals(key.publicKey())) {
            throw error(
                    pub,
                    "\"" + pub + "\" does not belong to \"" + secret + "\" (" + secret + " gives "
                            + key.publicKey().brief() + "…)");
        }
        return Optional.of(key);
    }

    /** A list of texts; empty if absent. */
    public List<String> strings(String name) throws ConfigException {
        List<String> texts = new ArrayList<>();
        for (Value item : items(name)) {
            if (!(item instanceof Value.Text text)) {
                throw wrongKind(name, item, "a list of strings");
            }
            texts.add(text.text());
        }
        return List.copyOf(texts);
    }

    /** An object; an absent one is empty, so that all its members have their defaults. */
    public Config object(String name) throws ConfigException {
        Config before = objects.get(name);
        if (before != null) {
            return before;
        }
        Optional<Value> value = find(name);
        Config child;
        if (value.isEmpty()) {
            child = new Config(source, name, Value.Fields.none(fields.offset()));
        } else if (value.get() instanceof Value.Fields inner) {
            child = child(name, inner);
        } else {
            throw wrongKind(name, value.get(), "an object");
        }
        objects.put(name, child);
        return child;
    }

    /** A list of objects; empty if absent. */
    public List<Config> objects(String name) throws ConfigException {
        List<Config> before = lists.get(name);
        if (before != null) {
            return before;
        }
        List<Config> list = new ArrayList<>();
        for (Value item : items(name)) {
            if (!(item instanceof Value.Fields inner)) {
                throw wrongKind(name, item, "a list of objects");
            }
            list.add(child(name, inner));
        }
        lists.put(name, List.copyOf(list));
        return list;
    }

    /** An object whose names are public keys and whose values are addresses, such as {@code pk_table}. */
    public Map<PublicKey, HostPort> addressTable(String name) throws ConfigException {
        Map<PublicKey, HostPort> table = new LinkedHashMap<>();
        Optional<Value> value = find(name);
        if (value.isEmpty()) {
            return table;
        }
        if (!(value.get() instanceof Value.Fields inner)) {
            throw wrongKind(name, value.get(), "an object of key: \"host:port\"");
        }
        for (Map.Entry<String, Value.Field> entry : inner.fields().entrySet()) {
            PublicKey key = publicKey(entry.getKey(), entry.getValue().offset(), name);
            if (!(entry.getValue().value() instanceof Value.Text text)) {
                throw wrongKind(name, entry.getValue().value(), "an object of key: \"host:port\"");
            }
            table.put(key, address(text.text(), text.offset(), name));
        }
        return table;
    }

    /** What the file says and nobody asked for, here and in the objects below; one line each. */
    public List<String> warnings() {
        List<String> lines = new ArrayList<>();
        for (Map.Entry<String, Value.Field> entry : fields.fields().entrySet()) {
            if (!known.contains(entry.getKey())) {
                String hint = Source.nearest(entry.getKey(), known)
                        .map(name -> " (did you mean \"" + name + "\"?)")
                        .orElse("");
                lines.add(source.place(entry.getValue().offset()) + ": unknown key \"" + entry.getKey() + "\""
                        + (path.isEmpty() ? "" : " in \"" + path + "\"") + hint + "; ignored");
            }
        }
        children.forEach(child -> lines.addAll(child.warnings()));
        return lines;
    }

    /** A complaint about a member, with its place. */
    public ConfigException error(String name, String what) {
        return new ConfigException(source.place(place(name)) + ": " + what);
    }

    private Config child(String name, Value.Fields inner) {
        var child = new Config(source, name, inner);
        children.add(child);
        return child;
    }

    private Optional<Value> find(String name) {
        known.add(name);
        Value.Field field = fields.fields().get(name);
        return field == null || field.value() instanceof Value.Null ? Optional.empty() : Optional.of(field.value());
    }

    private Optional<String> text(String name) throws ConfigException {
        Optional<Value> value = find(name);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        if (value.get() instanceof Value.Text text) {
            return Optional.of(text.text());
        }
        throw wrongKind(name, value.get(), "a string");
    }

    private List<Value> items(String name) throws ConfigException {
        Optional<Value> value = find(name);
        if (value.isEmpty()) {
            return List.of();
        }
        if (value.get() instanceof Value.Array array) {
            return array.items();
        }
        throw wrongKind(name, value.get(), "a list");
    }

    private <T> T required(String name, Optional<T> value, String kind) throws ConfigException {
        return value.orElseThrow(() -> new ConfigException(source.place(fields.offset()) + ": \"" + name + "\" (" + kind
                + ") is missing" + (path.isEmpty() ? "" : " in \"" + path + "\"")));
    }

    private int place(String name) {
        Value.Field field = fields.fields().get(name);
        return field == null ? fields.offset() : field.value().offset();
    }

    private ConfigException wrongKind(String name, Value value, String wanted) {
        return error(value, name, "must be " + wanted + ", not " + value.kind());
    }

    private ConfigException error(Value at, String name, String what) {
        return new ConfigException(source.place(at.offset()) + ": \"" + name + "\" " + what);
    }
}
