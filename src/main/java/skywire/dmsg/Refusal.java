package skywire.dmsg;

import java.io.IOException;

/** The destination itself says no: there is no use in asking it through another server. */
final class Refusal extends IOException {
    private static final long serialVersionUID = 1L;

    private final DmsgError error;

    Refusal(DmsgError error) {
        super(error.toString());
        this.error = error;
    }

    DmsgError error() {
        return error;
    }
}
