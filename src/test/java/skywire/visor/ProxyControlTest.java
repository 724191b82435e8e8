package skywire.visor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import skywire.control.ControlCall;
import skywire.control.ControlException;
import skywire.control.Progress;
import skywire.route.setup.LegWish;

class ProxyControlTest {
    private static LegWish legs(String parameters, int usual) throws ControlException {
        var json = JsonParser.parseString("{" + parameters.replace('\'', '"') + "}")
                .getAsJsonObject();
        return ProxyControl.legs(new ControlCall(json, Progress.NONE), usual);
    }

    @Test
    void whatIsNotSaidIsAsConfigured() throws ControlException {
        assertEquals(LegWish.ONE, legs("", 1));
        assertEquals(new LegWish(4, 4, 1, 0, 0), legs("", 4));
        assertEquals(LegWish.ONE, legs("'mux':1", 4), "what is said of the proxy counts");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'mux':4                                 | 4 | 4 | 1 | 0 | 0",
                "'mux':4,'standby':0                     | 4 | 4 | 0 | 0 | 0",
                "'standby':2                             | 1 | 1 | 2 | 0 | 0",
                "'mux':16                                | 16 | 16 | 0 | 0 | 0",
                "'mux':2,'min_hops':2                    | 2 | 2 | 1 | 2 | 0",
                "'mux':2,'hops':3                        | 2 | 2 | 1 | 3 | 3",
                "'reverse_mux':3                         | 1 | 3 | 1 | 0 | 0",
                "'mux':4,'forward_mux':1,'standby':0     | 1 | 4 | 0 | 0 | 0"
            })
    void whatIsSaid(String said, int forward, int reverse, int spares, int least, int most) throws ControlException {
        assertEquals(new LegWish(forward, reverse, spares, least, most), legs(said, 1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'mux':0               | \"mux\" must be a whole number from 1 to 16",
                "'mux':17              | \"mux\" must be a whole number from 1 to 16",
                "'mux':1.5             | \"mux\" must be a whole number from 1 to 16",
                "'mux':'4'             | \"mux\" must be a whole number from 1 to 16",
                "'forward_mux':0       | \"forward_mux\" must be a whole number from 1 to 16",
                "'reverse_mux':99      | \"reverse_mux\" must be a whole number from 1 to 16",
                "'standby':-1          | \"standby\" must be a whole number from 0 to 15",
                "'mux':10,'standby':7  | 10 legs and 7 standbys are more than the 16 that a route can have",
                "'min_hops':0          | \"min_hops\" must be a whole number from 1 to 30",
                "'hops':3,'min_hops':2 | \"hops\" is exact, so there is nothing for \"min_hops\" to say: give one of them"
            })
    void whatIsWrongIsOneLine(String said, String told) {
        assertEquals(
                told, assertThrows(ControlException.class, () -> legs(said, 1)).getMessage());
    }
}
