package skywire.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class DescriptorsTest {
    @Test
    void someStayFreeForTheProcess() {
        assertEquals(65_536 - 64, Descriptors.most(65_536));
        assertEquals(192, Descriptors.most(256));
        assertEquals(60, Descriptors.most(120));
        assertEquals(Integer.MAX_VALUE, Descriptors.most(Long.MAX_VALUE));
        assertTrue(Descriptors.permit(0));
    }

    @Test
    void aQuarterIsNotForOthers() {
        assertEquals(144, Descriptors.ofOthers(192));
        assertEquals(49_104, Descriptors.ofOthers(65_472));
        assertTrue(Descriptors.permitToOthers(0));
        assertFalse(Descriptors.permitToOthers(Integer.MAX_VALUE));
    }
}
