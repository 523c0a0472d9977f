package flashcall;

import com.identityblitz.core.loop.*;
import com.identityblitz.core.loop.http.*;
import java.util.*;

// run {"phone_number":"7"}

/** What Flow reckons is told where there is no code; this is a subset that ends in Ok. */
public class FlowValues implements HttpLoop {
    private static int depth(Object o, int d) {
        if (o instanceof List) {
            int most = d;
            for (Object x : (List<?>) o) most = Math.max(most, depth(x, d + 1));
            return most;
        }
        return d;
    }

    private static long gcd(long a, long b) { return b == 0 ? a : gcd(b, a % b); }

    private static int ackermann(int m, int n) {
        if (m == 0) return n + 1;
        return n == 0 ? ackermann(m - 1, 1) : ackermann(m - 1, ackermann(m, n - 1));
    }

    private static void permute(String head, String tail, List<String> out) {
        if (tail.isEmpty()) out.add(head);
        for (int i = 0; i < tail.length(); i++) permute(head + tail.charAt(i), tail.substring(0, i) + tail.substring(i + 1), out);
    }

    private static boolean luhn(String digits) {
        int sum = 0;
        boolean twice = false;
        for (int i = digits.length() - 1; i >= 0; i--, twice = !twice) {
            int d = digits.charAt(i) - '0';
            if (twice && (d *= 2) > 9) d -= 9;
            sum += d;
        }
        return sum % 10 == 0;
    }

    private static int crc(byte[] data) {
        int crc = 0xFFFF;
        for (byte b : data) {
            crc ^= (b & 0xFF) << 8;
            for (int i = 0; i < 8; i++) crc = (crc & 0x8000) != 0 ? crc << 1 ^ 0x1021 : crc << 1;
        }
        return crc & 0xFFFF;
    }

    private static long fnv(String s) {
        long h = 0xcbf29ce484222325L;
        for (char c : s.toCharArray()) {
            h ^= c;
            h *= 0x100000001b3L;
        }
        return h;
    }

    public HttpLoopRequest run(final JsObj obj, final HttpLoopResult result) {
        List<String> words = new ArrayList<>();
        permute("", "abc", words);
        long seed = 42;
        StringBuilder lcg = new StringBuilder();
        for (int i = 0; i < 5; i++) {
            seed = (seed * 0x5DEECE66DL + 0xBL) & ((1L << 48) - 1);
            lcg.append((int) (seed >>> 16)).append(' ');
        }
        int[][] grid = new int[3][];
        for (int i = 0; i < 3; i++) {
            grid[i] = new int[i + 1];
            for (int j = 0; j <= i; j++) grid[i][j] = i * j;
        }
        long[][] fib = {{1, 1}, {1, 0}};
        for (int i = 0; i < 70; i++) fib = new long[][]{{fib[0][0] + fib[0][1], fib[0][0]}, {fib[0][0], fib[0][1]}};
        char[][] board = new char[2][2];
        board[0][1] = 'x';
        board[1][0]++;
        String[][] names = new String[2][2];
        return HttpLoop.Ok(JsObj.empty.addString("words", words.toString()).addString("lcg", lcg.toString()).addInt("depth", depth(List.of(1, List.of(2, List.of()), "x"), 0)).addInt("gcd", gcd(1071, 462)).addInt("ack", ackermann(2, 3))
            .addBool("luhn", luhn("4539578763621486")).addInt("crc", crc("123456789".getBytes())).addInt("fnv", fnv("79161234567")).addString("grid", Arrays.deepToString(grid) + fib[0][0] + (int) board[0][1] + (int) board[1][0] + Arrays.deepToString(names)));
    }
}
