public class Arithmetic {
    static int add(int a, int b) { return a + b; }
    static int sub(int a, int b) { return a - b; }
    static int mul(int a, int b) { return a * b; }
    static int div(int a, int b) { return a / b; }
    static int rem(int a, int b) { return a % b; }
    static int neg(int a) { return -a; }
    static int bits(int a, int b) { return (a & b) | (a ^ ~b); }
    static String shifts(int a, int b) { return (a << b) + " " + (a >> b) + " " + (a >>> b); }
    static long addL(long a, long b) { return a + b; }
    static long mulL(long a, long b) { return a * b; }
    static long divL(long a, long b) { return a / b; }
    static long remL(long a, long b) { return a % b; }
    static String shiftsL(long a, int b) { return (a << b) + " " + (a >> b) + " " + (a >>> b); }
    static String shiftByLong(int a, long b) { return (a << b) + " " + (a >> b) + " " + (a >>> b); }
    static long bitsL(long a, long b) { return (a & b) | (a ^ ~b); }
    static long mixed(int a, long b) { return a * b + a - b; }
    static double mixedD(int a, long b, double c) { return a + b * c; }
    static float mixedF(int a, long b, float c) { return a * c + b; }
    static boolean compare(int a, long b) { return a < b || a == b && a >= b; }
    static boolean compareD(double a, int b) { return a <= b != a > b; }
    static double addD(double a, double b) { return a + b; }
    static double mulD(double a, double b) { return a * b; }
    static double divD(double a, double b) { return a / b; }
    static double remD(double a, double b) { return a % b; }
    static float addF(float a, float b) { return a + b; }
    static float divF(float a, float b) { return a / b; }
    static String casts(long a) { return (int) a + " " + (short) a + " " + (byte) a + " " + (int) (char) a + " " + (float) a + " " + (double) a; }
    static String castsD(double a) { return (int) a + " " + (long) a + " " + (short) a + " " + (byte) a + " " + (int) (char) a + " " + (float) a; }
    static String castsF(float a) { return (int) a + " " + (long) a + " " + (double) a; }
    static String castsI(int a) { return (byte) a + " " + (short) a + " " + (int) (char) a + " " + (float) a + " " + (long) a; }
    static String compoundByte(byte a, int b) { byte x = a; x += b; byte y = a; y *= b; byte z = a; z >>= 1; z ^= b; return x + " " + y + " " + z; }
    static String compoundShort(short a, double b) { short x = a; x += b; x -= 3; x++; return "" + x; }
    static String compoundChar(char a, int b) { char x = a; x += b; x++; return (int) x + " " + (int) a--; }
    static String compoundInt(int a, double b) { int x = a; x *= b; int y = a; y /= 3; y -= 1.5; int z = a; z <<= 3; z >>>= 1; return x + " " + y + " " + z; }
    static String compoundLong(long a, int b) { long x = a; x += b; x <<= b; x |= 5; x >>>= 3; return x + " " + (x++ + ++x); }
    static String compoundIntLong(int a, long b) { int x = a; x += b; x ^= b; x *= b; return "" + x; }
    static String steps(int a) { int i = a; int r = i++ + i-- - --i + ++i; return r + " " + i; }
    static String stepsL(long a) { long i = a; long r = i++ * 3 - --i; return r + " " + i; }
    static String stepsD(double a) { double i = a; double r = i++ + ++i; return r + " " + i; }
    static String chars(char a, char b) { return (a + b) + " " + (char) (a + 1) + (a < b) + (a == b) + (a - b) + a + b; }
    static String unary(byte a) { return -a + " " + ~a + " " + +a; }
    static int hash(String s) { int h = 7; for (int i = 0; i < s.length(); i++) { h = h * 31 + s.charAt(i); } return h; }
    static long fnv(String s) { long h = 0xcbf29ce484222325L; for (char c : s.toCharArray()) { h ^= c; h *= 0x100000001b3L; } return h; }
    static int crc(String s) { int crc = -1; for (char ch : s.toCharArray()) { crc ^= ch & 0xff; for (int k = 0; k < 8; k++) { crc = (crc & 1) != 0 ? (crc >>> 1) ^ 0xEDB88320 : crc >>> 1; } } return ~crc; }
    static int luhn(long n) { int sum = 0; boolean twice = false; for (long v = n < 0 ? -(n + 1) : n; v > 0; v /= 10) { int d = (int) (v % 10); if (twice) { d *= 2; if (d > 9) { d -= 9; } } sum += d; twice = !twice; } return sum % 10; }
    static String math(int a, int b) { return Math.abs(a) + " " + Math.max(a, b) + " " + Math.min(a, b) + " " + Math.floorMod(a, b) + " " + Math.floorDiv(a, b); }
    static String mathL(long a, long b) { return Math.abs(a) + " " + Math.max(a, b) + " " + Math.min(a, b) + " " + Math.floorMod(a, b) + " " + Math.floorDiv(a, b); }
    static String mathD(double a) { return Math.floor(a) + " " + Math.ceil(a) + " " + Math.round(a) + " " + Math.rint(a) + " " + Math.abs(a) + " " + Math.signum(a) + " " + Math.sqrt(a); }
    static int exact(int a, int b) { return Math.addExact(Math.multiplyExact(a, 3), b); }
    static long exactL(long a, long b) { return Math.multiplyExact(a, b); }
    static String integers(int a) { return Integer.toHexString(a) + " " + Integer.toBinaryString(a) + " " + Integer.toOctalString(a) + " " + Integer.bitCount(a) + " " + Integer.reverse(a) + " " + Integer.highestOneBit(a) + " " + Integer.numberOfLeadingZeros(a) + " " + Integer.numberOfTrailingZeros(a) + " " + Integer.toString(a, 36) + " " + Integer.toUnsignedString(a) + " " + Integer.rotateLeft(a, 5); }
    static String longs(long a) { return Long.toHexString(a) + " " + Long.toBinaryString(a) + " " + Long.toString(a, 7) + " " + Long.signum(a) + " " + Long.hashCode(a) + " " + Long.toUnsignedString(a); }
    static String parse(String s) { String out = ""; try { out += Integer.parseInt(s); } catch (NumberFormatException e) { out += e.getMessage(); } try { out += " " + Long.parseLong(s, 16); } catch (NumberFormatException e) { out += "!"; } try { out += " " + Double.parseDouble(s); } catch (NumberFormatException e) { out += " " + e.getMessage(); } return out; }
    static String doubles(double a, double b) { return Double.compare(a, b) + " " + Double.valueOf(a).equals(b) + " " + Double.valueOf(a).hashCode() + " " + Double.isNaN(a) + (a == b) + " " + Double.doubleToLongBits(a); }
    static String ternaries(boolean a, int b, double c, char d) { Object o = a ? b : c; Object p = a ? d : 0; Object q = a ? d : b; Object r = a ? null : 5; Object s = a ? "t" : b; return o + " " + p + " " + q + " " + r + " " + s; }
    static boolean logic(boolean a, boolean b) { boolean x = a; x &= b; x |= !a; x ^= b; return x & a | b ^ a && !b || x; }
}
