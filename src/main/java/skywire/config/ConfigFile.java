package skywire.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import skywire.bytes.MalformedException;
import skywire.key.SecretKey;
import skywire.platform.Platform;

/** Configuration and key files on disk: read with care, written whole and readable by their owner only. */
public final class ConfigFile {
    private static final long LARGEST = 1 << 20;

    private ConfigFile() {}

    /**
     * Reads a configuration. One that holds a secret key (a member {@code sk} or {@code secret_key} with something in it) or a passcode ({@code auth}, or that of {@code skysocks}) must not be readable by anybody but its owner.
     */
    public static Config read(Path file) throws ConfigException {
        String text = text(file);
        Config config = Config.parse(file.toString(), text);
        Config secrets =
                Config.parse(file.toString(), text); // apart, so that the caller's knows only what the caller asks
        if (!secrets.string("sk", "").isEmpty()
                || !secrets.string("secret_key", "").isEmpty()) {
            requirePrivate(file, "it holds a secret key");
        }
        if (!secrets.string("auth", "").isEmpty()
                || !secrets.object("skysocks").string("passcode", "").isEmpty()) {
            requirePrivate(file, "it holds a passcode");
        }
        return config;
    }

    /** The text of a file of at most 1 MiB; what is wrong with the file is told in one line. */
    public static String text(Path file) throws ConfigException {
        try {
            if (Files.isDirectory(file)) {
                throw new ConfigException(file + ": is a folder, not a file");
            }
            if (Files.size(file) > LARGEST) {
                throw new ConfigException(file + ": larger than 1 MiB, that is no configuration");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
                    .toString();
        } catch (NoSuchFileException e) {
            throw new ConfigException(file + ": no such file");
        } catch (AccessDeniedException e) {
            throw new ConfigException(file + ": not readable by this user");
        } catch (CharacterCodingException e) {
            throw new ConfigException(file + ": not UTF-8 text");
        } catch (ConfigException e) {
            throw e;
        } catch (IOException e) {
            throw new ConfigException(file + ": cannot be read: " + e.getMessage());
        }
    }

    /** Refuses a file that others than its owner can read or change. */
    public static void requirePrivate(Path file, String why) throws ConfigException {
        Set<PosixFilePermission> open;
        try {
            open = Files.getPosixFilePermissions(file);
        } catch (IOException | UnsupportedOperationException e) {
            return; // a file system without permissions cannot be asked
        }
        open.retainAll(PosixFilePermissions.fromString("---rwxrwx"));
        if (!open.isEmpty()) {
            throw new ConfigException(file + ": other users can read it, and " + why, "close it:  chmod 600 " + file);
        }
    }

    /**
     * The secret key in a key file (one line of hex). If the file does not exist, a new key is made and written.
     *
     * @throws ConfigException if others can read it, or it holds something else
     */
    public static SecretKey key(Path file, Platform platform) throws ConfigException {
        if (!Files.exists(file)) {
            SecretKey key = SecretKey.generate(platform.random());
            write(file, key.hex() + "\n");
            return key;
        }
        String hex = text(file).strip();
        requirePrivate(file, "it holds a secret key");
        if (hex.length() != 64) {
            throw new ConfigException(file + ": a key file has 64 hex digits, this one " + hex.length());
        }
        try {
            return SecretKey.parse(hex);
        } catch (MalformedException e) {
            throw new ConfigException(file + ": not a secret key");
        }
    }

    /**
     * Writes a file as a whole: after a crash there is the old one or the new one. Mode 0600; missing folders are made
     * with mode 0700.
     */
    public static void write(Path file, String text) throws ConfigException {
        try {
            folder(file.toAbsolutePath().getParent());
            Path draft = draft(file.toAbsolutePath(), text);
            Files.move(draft, file.toAbsolutePath(), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new ConfigException(file + ": cannot be written: " + reason(e));
        }
    }

    /**
     * Writes another text into a file that is there, as a whole; mode, owner and group stay. A link is followed.
     *
     * @throws ConfigException if it cannot be, or is more than could be read again; the file is as it was then
     */
    public static void replace(Path file, String text) throws ConfigException {
        if (text.getBytes(StandardCharsets.UTF_8).length > LARGEST) {
            throw new ConfigException(file + ": would be larger than 1 MiB, and is left as it is");
        }
        try {
            Path target = file.toRealPath();
            if (!Files.isWritable(target)) {
                throw new AccessDeniedException(target.toString());
            }
            PosixFileAttributes old = Files.readAttributes(target, PosixFileAttributes.class);
            Path draft = draft(target, text);
            try {
                PosixFileAttributeView view = Files.getFileAttributeView(draft, PosixFileAttributeView.class);
                PosixFileAttributes made = view.readAttributes();
                if (!made.owner().equals(old.owner())) {
                    view.setOwner(old.owner());
                }
                if (!made.group().equals(old.group())) {
                    view.setGroup(old.group());
                }
                view.setPermissions(old.permissions());
                Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                Files.deleteIfExists(draft);
                throw e;
            }
        } catch (IOException e) {
            throw new ConfigException(file + ": cannot be written: " + reason(e));
        }
    }

    /** A file with that text beside the other, readable by its owner only. */
    private static Path draft(Path file, String text) throws IOException {
        Path draft = file.resolveSibling(
                "." + file.getFileName() + "." + ProcessHandle.current().pid());
        Files.deleteIfExists(draft);
        var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (FileChannel out = FileChannel.open(
                draft, new LinkedHashSet<>(List.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)), mode)) {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        return draft;
    }

    /** Makes a folder that only its owner can enter, unless it is there; complains if it cannot be written to. */
    public static void folder(Path folder) throws ConfigException {
        try {
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(
                        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
        } catch (IOException e) {
            throw new ConfigException(folder + ": cannot make this folder: " + reason(e));
        }
        if (!Files.isWritable(folder)) {
            throw new ConfigException(
                    folder + ": cannot write to this folder",
                    "choose another one, or make it yours:  chown \"$USER\" " + folder);
        }
    }

    private static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException denied -> "permission denied";
            case NoSuchFileException missing -> "no such folder";
            case java.nio.file.FileAlreadyExistsException exists -> "a file of that name is in the way";
            default -> String.valueOf(e.getMessage());
        };
    }
}
