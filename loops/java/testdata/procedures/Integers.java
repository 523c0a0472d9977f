package flashcall;

import com.identityblitz.core.loop.*;
import com.identityblitz.core.loop.http.*;
import java.util.*;

/** int, long, short, byte and char at their edges. */
public class Integers implements HttpLoop {
    private static int calls;

    private static int next(int v) {
        calls++;
        return v;
    }

    public HttpLoopRequest run(final JsObj obj, final HttpLoopResult result) {
        List<Object> out = new ArrayList<>();
        byte b = 127;
        b += 1;
        out.add(b);
        b -= 300;
        out.add(b);
        b *= 3;
        b >>>= 1;
        out.add(b);
        short s = -1;
        s >>>= 1;
        out.add(s);
        s = (short) 40000;
        s /= 7;
        out.add(s);
        char c = 'y';
        c++;
        c += 2;
        out.add(c);
        out.add((int) c);
        c = (char) -1;
        out.add((int) c++);
        out.add((int) c--);
        out.add((int) c);
        int i = Integer.MAX_VALUE;
        i++;
        out.add(i);
        i = -i;
        out.add(i);
        out.add(i / -1);
        out.add(i % -1);
        out.add(Math.abs(i));
        i = 7;
        i = i++ + ++i;
        out.add(i);
        i += 3.7;
        out.add(i);
        i *= 1e9;
        out.add(i);
        i <<= 33;
        out.add(i);
        long l = Integer.MAX_VALUE + 1;
        out.add(l);
        l = Integer.MAX_VALUE + 1L;
        out.add(l);
        l <<= 40;
        out.add(l);
        l *= l;
        out.add(l);
        l = Long.MIN_VALUE;
        out.add(-l);
        out.add(l / -1);
        out.add(l >>> 1);
        out.add(l >> 63);
        out.add((int) l + (byte) 200 + (short) 70000 + (char) 65);
        out.add(1 << 31 >>> 31);
        out.add(1 << 35 ^ -1 >>> 28 & 0xF0 | ~7);
        int[] a = {1, 2, 3, 4};
        int k = 0;
        a[k++] = a[k] + k++;
        a[k] += k++ * 10;
        a[next(3)]++;
        a[next(0)] <<= next(2);
        out.add(Arrays.toString(a) + k + calls);
        k = 3;
        k = k++ * 2 + k;
        k -= k++ - --k;
        out.add(k);
        out.add(Integer.toBinaryString(10) + Integer.toBinaryString(-8) + Integer.toHexString(-255) + Integer.toOctalString(64) + Integer.toString(-255, 16) + Integer.toString(35, 36) + Long.toString(-1L, 2));
        out.add(Integer.parseInt("+42") + Integer.parseInt("-80000000", 16) + Integer.valueOf("7f", 16) + Long.parseLong("-9223372036854775808") + Long.parseLong("zz", 36));
        out.add(Integer.bitCount(255) + Integer.bitCount(-1) + Long.bitCount(-1L) + Integer.reverse(1) + Integer.highestOneBit(100) + Integer.lowestOneBit(100) + Integer.numberOfLeadingZeros(1) + Integer.numberOfTrailingZeros(8) + Integer.rotateLeft(-2, 3) + Integer.reverseBytes(1));
        out.add(Long.numberOfTrailingZeros(1L << 40) + " " + Long.numberOfLeadingZeros(1L) + " " + Long.reverse(1L) + " " + Long.rotateLeft(1L, 65) + " " + Long.highestOneBit(1000L) + " " + Long.hashCode(1L << 33) + " " + Long.signum(-5L));
        out.add(Integer.compareUnsigned(1, -1) + " " + Integer.divideUnsigned(-1, 2) + " " + Integer.remainderUnsigned(-1, 7) + " " + Integer.toUnsignedLong(-1) + " " + Integer.toUnsignedString(-1) + " " + Integer.parseUnsignedInt("4294967295") + " " + Long.toUnsignedString(-1L) + " " + Long.compareUnsigned(1L, -1L) + " " + Long.divideUnsigned(-1L, 10L) + " " + Long.remainderUnsigned(-1L, 10L));
        out.add(Math.floorMod(-7, 3) + " " + Math.floorDiv(-7, 3) + " " + Math.floorMod(-7L, 3L) + " " + Math.floorMod(-7L, 3) + " " + Math.floorDiv(Integer.MIN_VALUE, -1) + " " + Math.abs(Long.MIN_VALUE) + " " + Math.max(1, 2L) + " " + Math.min(-1, 1) + " " + Math.signum(5f));
        out.add(Short.parseShort("-32768") + Byte.parseByte("127") + Short.toUnsignedInt((short) -1) + Byte.toUnsignedInt((byte) -1) + Character.getNumericValue('z') + Short.MAX_VALUE + Byte.MIN_VALUE + (int) Character.MAX_VALUE);
        String[] bad = {"", "x", "12x", "2147483648", "-", "+", " 1", "1_000", "0x1F", "99999999999999999999", "٣"};
        for (String t : bad) {
            try {
                out.add(Integer.parseInt(t));
            } catch (NumberFormatException e) {
                out.add(e.getMessage());
            }
            try {
                out.add(Long.parseLong(t));
            } catch (NumberFormatException e) {
                out.add(e.getMessage());
            }
        }
        out.add(Integer.decode("0x1F") + Integer.decode("-010") + Integer.decode("#ff") + Long.decode("-0x10"));
        for (int op = 0; op < 10; op++) {
            try {
                out.add(exact(op));
            } catch (ArithmeticException e) {
                out.add(op + e.getMessage());
            }
        }
        JsArr all = JsArr.empty;
        for (Object o : out) all = all.addString(o.toString());
        return HttpLoop.Ok(JsObj.empty.addArr("v", all));
    }

    private static Object exact(int op) {
        switch (op) {
            case 0: return Math.addExact(Integer.MAX_VALUE, 1);
            case 1: return Math.subtractExact(Integer.MIN_VALUE, 1);
            case 2: return Math.multiplyExact(1 << 20, 1 << 12);
            case 3: return Math.negateExact(Integer.MIN_VALUE);
            case 4: return Math.toIntExact(1L << 31);
            case 5: return Math.addExact(Long.MAX_VALUE, 1L);
            case 6: return Math.multiplyExact(Long.MAX_VALUE, 2L);
            case 7: return Math.incrementExact(Integer.MAX_VALUE);
            case 8: return 1 / (op - 8);
            default: return 5L % (op - 9L);
        }
    }
}
