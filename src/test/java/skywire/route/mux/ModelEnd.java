package skywire.route.mux;

import static skywire.route.mux.ModelLoop.MILLI;
import static skywire.route.mux.ModelLoop.SECOND;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import skywire.bytes.MalformedException;
import skywire.platform.Failure;
import skywire.route.mux.ModelPipe.Frame;
import skywire.route.mux.ModelPipe.Kind;

/** One end of the model of a group: does around {@link Sender} and {@link Receiver} what a group does, without threads. */
final class ModelEnd {
    private static final byte[] NONE = new byte[0];
    private static final long ACK_GAP = MILLI;
    private static final long ACK_DELAY = 5 * MILLI;
    private static final int JUNE_ORDER = 64; // packets that such a peer puts into order
    private static final long JUNE_PERIOD = 60 * SECOND;
    private static final long DEAD_AFTER = 30 * SECOND;

    /** How a leg is seen from here. */
    private static final class Lane {
        final ModelPipe pipe;
        long pingedAt;
        long answered; // when the ping was sent that was answered last

        Lane(ModelPipe pipe) {
            this.pipe = pipe;
        }
    }

    private final ModelLoop loop;
    private final String name;
    private final Sender.Limits limits;
    private final boolean june;
    private final byte[] data; // to be sent
    private final byte[] expected;
    private final int window; // bytes that may be sent beyond what was read
    final LegSet legs = new LegSet(8);
    final Sender sender;
    final Receiver receiver = new Receiver();
    private final Map<Leg, Lane> lanes = new LinkedHashMap<>();
    private int written;
    private int read;
    private long given;
    long writerPauses; // until then
    long readerPauses;
    private int unacked;
    private boolean urgent;
    private long ackAt = Long.MAX_VALUE;
    private long ackedAt;
    private long timerAt = Long.MAX_VALUE;
    private long changesSeen;
    long arrivals; // data packets, corrupt ones too
    long corrupt;
    int mostHeld;
    int mostWaiting; // packets that waited for one before them
    long mostOutstanding;

    ModelEnd(ModelLoop loop, String name, Sender.Limits limits, byte[] data, byte[] expected, int window, int theirs) {
        this.loop = loop;
        this.name = name;
        this.limits = limits;
        this.june = limits.provoke() > 0;
        this.data = data;
        this.expected = expected;
        this.window = window;
        this.given = window;
        this.sender = new Sender(legs, limits, june ? Long.MAX_VALUE : theirs, loop.now());
        loop.in(loop.dice.nextLong(500 * MILLI), this::lookAround);
        if (june) {
            loop.in(JUNE_PERIOD, this::acknowledgeFromTimeToTime);
        }
    }

    // ---- legs ----

    void join(Leg leg, ModelPipe pipe) throws Failure {
        legs.add(leg);
        lanes.put(leg, new Lane(pipe));
        introduce(leg);
    }

    /** Again and again, until something comes back. */
    private void introduce(Leg leg) {
        if (!leg.isProven() && lanes.containsKey(leg)) {
            ping(leg);
            loop.in(SECOND, () -> introduce(leg));
        }
    }

    void drop(Leg leg, String why) {
        if (lanes.remove(leg) != null) {
            legs.remove(leg, why);
            sender.giveUpFlights(leg);
            afterwards();
        }
    }

    void retire(Leg leg) {
        legs.retire(leg, "retired");
        sender.giveUpFlights(leg);
        afterwards();
    }

    /** The last thing that goes by a leg. */
    void close(Leg leg) {
        Lane lane = lanes.get(leg);
        if (lane != null && lanes.size() > 1) {
            lane.pipe.send(new Frame(Kind.CLOSE, NONE, 0));
            drop(leg, "closed");
        }
    }

    private void ping(Leg leg) {
        Lane lane = lanes.get(leg);
        lane.pingedAt = loop.now();
        lane.pipe.express(new Frame(Kind.PING, NONE, loop.now()));
    }

    private void lookAround() {
        long now = loop.now();
        for (Leg leg : legs.list()) {
            Lane lane = lanes.get(leg);
            unparkIfWell(leg, lane);
            if (leg.isParked() && now - Math.max(leg.parkedAt(), lane.answered) > DEAD_AFTER && lanes.size() > 1) {
                close(leg);
            } else if (now - lane.pingedAt > (leg.isParked() ? SECOND : 10 * SECOND)) {
                ping(leg);
            }
        }
        afterwards();
        loop.in(500 * MILLI, this::lookAround);
    }

    private void unparkIfWell(Leg leg, Lane lane) {
        if (leg.isParked() && lane.answered >= leg.parkedAt() && leg.holdIsOver(loop.now())) {
            legs.unpark(leg);
        }
    }

    // ---- writing ----

    /** After anything that may have changed something. */
    void afterwards() {
        if (legs.changes() != changesSeen) {
            changesSeen = legs.changes();
            loop.note(name + " " + legs.list());
            for (Leg leg : legs.list()) {
                if (leg.isParked() && lanes.get(leg).pingedAt < leg.parkedAt()) {
                    ping(leg);
                }
            }
        }
        boolean more = true;
        while (more) {
            write();
            more = false;
            for (Map.Entry<Leg, Lane> lane : lanes.entrySet()) {
                more |= lane.getValue().pipe.hasRoom() && fly(lane.getKey(), lane.getValue());
            }
        }
        arm();
    }

    private void write() {
        if (sender.isDrained() && written < data.length && loop.now() >= writerPauses) {
            int n = Math.min(data.length - written, 1 + loop.dice.nextInt(loop.chance(0.5) ? 2_000 : 64_000));
            sender.give(data, written, n, loop.now());
            written += n;
            if (loop.chance(0.02)) {
                pauseWriter(loop.dice.nextLong(60 * MILLI));
            }
        }
    }

    void pauseWriter(long nanos) {
        writerPauses = loop.now() + nanos;
        loop.in(nanos, this::afterwards);
    }

    void pauseReader(long nanos) {
        readerPauses = loop.now() + nanos;
        loop.in(nanos, this::read);
    }

    /** The writer has lost patience, and tries again. */
    void withdraw() {
        written -= sender.withdraw();
        pauseWriter(loop.dice.nextLong(60 * MILLI));
    }

    private boolean fly(Leg leg, Lane lane) {
        boolean work = sender.hasWork(leg, loop.now());
        Segment segment = sender.next(leg, loop.now());
        check(work == (segment != null), "has work and has none");
        if (segment == null) {
            return false;
        }
        lane.pipe.send(new Frame(Kind.DATA, segment.payload(), 0));
        return true;
    }

    // ---- what comes in ----

    void receive(Leg leg, Frame frame) {
        if (!lanes.containsKey(leg)) {
            return;
        }
        switch (frame.kind()) {
            case DATA, CORRUPT -> data(leg, frame);
            case CONTROL -> control(leg, frame.payload());
            case PING -> {
                heard(leg);
                lanes.get(leg).pipe.express(new Frame(Kind.PONG, NONE, frame.stamp()));
            }
            case PONG -> {
                heard(leg);
                leg.roundTrip(loop.now() - frame.stamp(), loop.now());
                Lane lane = lanes.get(leg);
                lane.answered = Math.max(lane.answered, frame.stamp());
                unparkIfWell(leg, lane);
            }
            case CLOSE -> drop(leg, "closed there");
        }
        afterwards();
    }

    private void heard(Leg leg) {
        leg.heard(0, false, loop.now());
        legs.prove(leg);
    }

    private void data(Leg leg, Frame frame) {
        byte[] payload = frame.payload();
        leg.heard(payload.length, true, loop.now());
        legs.prove(leg);
        arrivals++;
        if (frame.kind() == Kind.CORRUPT) {
            corrupt++; // the seal says so
            return;
        }
        long wire =
                (payload[0] & 0xffL) << 24 | (payload[1] & 0xff) << 16 | (payload[2] & 0xff) << 8 | payload[3] & 0xff;
        long sequence = Sequence.near(receiver.next(), wire);
        byte[] plain = Arrays.copyOfRange(payload, Sender.HEAD, payload.length - limits.seal());
        check(plain.length > 0, "packet " + sequence + " is empty");
        Receiver.Outcome outcome = receiver.put(sequence, plain);
        check(outcome != Receiver.Outcome.REFUSED, "packet " + sequence + " is too early: " + receiver.next());
        urgent |= outcome == Receiver.Outcome.DUPLICATE;
        mostHeld = Math.max(mostHeld, receiver.held());
        check(june || receiver.held() <= window, receiver.held() + " bytes are held, " + window + " were allowed");
        read();
        if (june) {
            lookAsJune(outcome);
        } else {
            noteArrival();
        }
    }

    /** Such a peer acknowledges what is out of order and nothing else, and loses bytes if too much is. */
    private void lookAsJune(Receiver.Outcome outcome) {
        int waiting = 0;
        for (long word : receiver.words()) {
            waiting += Long.bitCount(word);
        }
        mostWaiting = Math.max(mostWaiting, waiting);
        mostOutstanding = Math.max(mostOutstanding, receiver.highest() - receiver.next() + 1);
        check(waiting < JUNE_ORDER, waiting + " packets wait for " + receiver.next());
        if (outcome == Receiver.Outcome.EARLY) {
            acknowledge();
        }
    }

    private void noteArrival() {
        unacked++;
        ackAt = Math.min(ackAt, urgent || unacked >= 2 ? ackedAt + ACK_GAP : loop.now() + ACK_DELAY);
    }

    private void control(Leg leg, byte[] payload) {
        heard(leg);
        try {
            switch (Control.decode(payload)) {
                case Control.Ack ack -> {
                    int words = ack.words().length;
                    long last = words == 0
                            ? ack.next()
                            : ack.next() + 64L * words - Long.numberOfLeadingZeros(ack.words()[words - 1]);
                    check(last <= sender.packets(), ack + " of " + sender.packets());
                    sender.acknowledge(ack, loop.now());
                }
                case Control.Ask ask -> {
                    urgent = true;
                    noteArrival();
                }
                case Control.Status status -> throw new AssertionError(status);
            }
        } catch (MalformedException | Failure e) {
            throw new AssertionError(e);
        }
    }

    // ---- acknowledgements ----

    private void acknowledge() {
        ackedAt = loop.now();
        ackAt = Long.MAX_VALUE;
        unacked = 0;
        urgent = false;
        given = Math.max(given, (long) read + window);
        long[] words = receiver.words();
        if (!june) {
            send(new Control.Ack(receiver.next(), given, 0, words));
        } else if (receiver.next() > 0) { // its form cannot say that nothing has arrived
            send(new Control.Ack(receiver.next(), Long.MAX_VALUE, 0, Arrays.copyOf(words, Math.min(1, words.length))));
        }
    }

    private void acknowledgeFromTimeToTime() {
        acknowledge();
        loop.in(JUNE_PERIOD, this::acknowledgeFromTimeToTime);
    }

    private void send(Control control) {
        byte[] payload = control.encode();
        for (Leg leg : legs.forControl(loop.now())) {
            lanes.get(leg).pipe.express(new Frame(Kind.CONTROL, payload, 0));
        }
    }

    // ---- reading ----

    private void read() {
        if (loop.now() < readerPauses) {
            return;
        }
        for (byte[] chunk; (chunk = receiver.peek()) != null; receiver.take()) {
            int end = read + chunk.length;
            check(
                    end <= expected.length && Arrays.equals(chunk, 0, chunk.length, expected, read, end),
                    "other bytes than were written, from " + read);
            read = end;
        }
        if (!june && read + window - given >= window / 4) {
            acknowledge();
        }
    }

    // ---- time ----

    private void arm() {
        long due = Math.min(sender.nextTick(), ackAt);
        if (due < timerAt) {
            timerAt = Math.max(due, loop.now());
            long mine = timerAt;
            loop.at(mine, () -> {
                if (timerAt == mine) {
                    timerAt = Long.MAX_VALUE;
                    keepTime();
                }
            });
        }
    }

    private void keepTime() {
        if (sender.tick(loop.now()) && !june) {
            send(new Control.Ask());
        }
        if (loop.now() >= ackAt) {
            acknowledge();
        }
        afterwards();
    }

    // ---- what can be seen ----

    /** Whether all was written, and all is here. */
    boolean isDone() {
        return written == data.length && sender.isDrained() && read == expected.length && (june || sender.isClear());
    }

    private void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(name + ": " + what);
        }
    }

    @Override
    public String toString() {
        return name + ": written " + written + " of " + data.length + ", read " + read + " of " + expected.length + ", "
                + sender + ", credit " + (sender.credit() - sender.offset()) + ", " + legs.list();
    }
}
