package skywire.rpc;

import static skywire.gob.GobSchema.field;

import skywire.gob.GobSchema;
import skywire.gob.GobStruct;
import skywire.gob.GobValue;

/** What goes before every argument and every reply. */
final class Messages {
    static final GobSchema REQUEST =
            GobSchema.Struct.of("Request", field("ServiceMethod", GobSchema.TEXT), field("Seq", GobSchema.UINT));

    static final GobSchema RESPONSE = GobSchema.Struct.of(
            "Response",
            field("ServiceMethod", GobSchema.TEXT),
            field("Seq", GobSchema.UINT),
            field("Error", GobSchema.TEXT));

    /** Body of a response with an error. */
    static final GobSchema EMPTY = GobSchema.Struct.of("");

    private Messages() {}

    static GobStruct request(String method, long seq) {
        return GobValue.struct()
                .text("ServiceMethod", method)
                .unsigned("Seq", seq)
                .build();
    }

    static GobStruct response(String method, long seq, String error) {
        return GobValue.struct()
                .text("ServiceMethod", method)
                .unsigned("Seq", seq)
                .text("Error", error)
                .build();
    }
}
