package flashcall;

import com.identityblitz.core.loop.*;
import com.identityblitz.core.loop.http.*;
import java.util.*;

/** The text of doubles and floats, formats, rounding. */
public class Doubles implements HttpLoop {
    public HttpLoopRequest run(final JsObj obj, final HttpLoopResult result) {
        List<String> out = new ArrayList<>();
        double[] values = {0, -0.0, 1, -1, 0.1, 1.0 / 3, 2.0 / 3, 100, 1e6, 9999999, 1e7, 12345678.9, 1e-3, 9.99e-4, 1e-5, 1e21, 1e22, 4.35, 4.35 * 100, 1.1 + 2.2,
            Double.MAX_VALUE, Double.NaN, Double.POSITIVE_INFINITY, -1 / 0.0, 5e-300, 0.5, 1.5, 2.5, -0.5, -1.5, 123.456, 1e100};
        for (double d : values) {
            out.add(d + " " + (float) d + " " + (int) d + " " + (long) d + " " + Math.round(d) + " " + Math.floor(d) + " " + Math.ceil(d) + " " + Math.rint(d) + " " + Double.hashCode(d));
        }
        for (double d : new double[]{0.125, 0.375, 1.005, 2.675, 1234567.891, -0.005, 0, 99.995, 1e10, 0.5, 1.5, 2.5}) {
            out.add(String.format("%.2f|%f|%.0f|%10.3f|%-10.1f|%+.1f|%08.2f|%,.2f|%e|%.3e", d, d, d, d, d, d, d, d, d, d));
        }
        float f = 0.1f;
        f += 0.2;
        f *= 3;
        out.add(f + " " + (f + 1) + " " + (double) f + " " + f / 0 + " " + (0.1f + 0.2f) + " " + (0.1f + 0.2) + " " + 1e10f + " " + 16777217f + " " + 3.4e38f * 10 + " " + (int) 1e10f);
        out.add(String.format("%5d|%-5d|%05d|%,d|%+d|%(d|%x|%X|%o|%d", 42, 42, 42, 1234567, 42, -42, 255, 255, 8, Long.MIN_VALUE));
        out.add(String.format("%s|%10s|%-10s|%.2s|%S|%c|%b|%B|%h|%%|%n", "abc", "abc", "abc", "abc", "abc", 'x', true, null, "hi").replace("\n", "NL"));
        out.add(String.format("%2$s %1$s %2$s %s", "a", "b") + String.format("%x %x %x", (byte) -1, (short) -1, -1L) + String.format("%08X", 48879) + String.format("%s %s", null, Arrays.asList(1, 2)));
        out.add(10 / 4 + " " + 10 / 4.0 + " " + 10 % 4.5 + " " + -7.5 % 2 + " " + 1e308 * 10 + " " + 0.0 / 0 + " " + (0.0 == -0.0) + " " + Double.valueOf(0.0).equals(-0.0) + " " + (Double.NaN == Double.NaN));
        out.add(Double.compare(0.0, -0.0) + " " + Double.compare(Double.NaN, 1) + " " + Double.parseDouble(" 1e3 ") + " " + Double.valueOf("1.50") + " " + Float.parseFloat("3.4028236e38") + " " + Double.parseDouble("-.5") + " " + Double.parseDouble("1.f"));
        out.add(Math.max(-0.0, 0.0) + " " + Math.min(-0.0, 0.0) + " " + Math.max(1, Double.NaN) + " " + Math.sqrt(-1) + " " + Math.pow(2, 0.5) + " " + Math.pow(10, -2) + " " + Math.cbrt(27) + " " + Math.hypot(3, 4) + " " + Math.signum(-2.5) + " " + Math.log10(1000) + " " + Math.exp(0));
        out.add((long) 1e19 + " " + (int) Double.NaN + " " + (char) 65.7 + " " + (byte) 300.5 + " " + (short) -40000.9 + " " + (long) -0.9);
        for (String bad : new String[]{"", "x", "1,5", "1.5.2"}) {
            try {
                out.add("" + Double.parseDouble(bad));
            } catch (NumberFormatException e) {
                out.add(e.getMessage());
            }
        }
        try {
            out.add(String.format("%d", 1.5));
        } catch (IllegalFormatException e) {
            out.add(e.getClass().getName() + e.getMessage());
        }
        try {
            out.add(String.format("%s %s", "x"));
        } catch (MissingFormatArgumentException e) {
            out.add(e.getMessage());
        }
        JsArr all = JsArr.empty;
        for (String s : out) all = all.addString(s);
        return HttpLoop.Ok(JsObj.empty.addArr("v", all));
    }
}
