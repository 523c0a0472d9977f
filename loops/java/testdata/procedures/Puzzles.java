package flashcall;

import com.identityblitz.core.loop.*;
import com.identityblitz.core.loop.http.*;
import java.util.*;
import java.util.stream.*;

/** Recursion and arrays: queens, sudoku, longest common subsequence, sorting by hand, primes, a game of life. */
public class Puzzles implements HttpLoop {
    private int solutions;
    private int[] first;

    private void queens(int[] at, int row) {
        if (row == at.length) {
            if (solutions++ == 0) first = at.clone();
            return;
        }
        next:
        for (int c = 0; c < at.length; c++) {
            for (int r = 0; r < row; r++) if (at[r] == c || Math.abs(at[r] - c) == row - r) continue next;
            at[row] = c;
            queens(at, row + 1);
        }
    }

    private static String lcs(String a, String b) {
        int[][] t = new int[a.length() + 1][b.length() + 1];
        for (int i = a.length() - 1; i >= 0; i--) for (int j = b.length() - 1; j >= 0; j--) t[i][j] = a.charAt(i) == b.charAt(j) ? t[i + 1][j + 1] + 1 : Math.max(t[i + 1][j], t[i][j + 1]);
        StringBuilder out = new StringBuilder();
        for (int i = 0, j = 0; i < a.length() && j < b.length(); ) {
            if (a.charAt(i) == b.charAt(j)) {
                out.append(a.charAt(i++));
                j++;
            } else if (t[i + 1][j] >= t[i][j + 1]) i++;
            else j++;
        }
        return out.toString();
    }

    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) row[j] = j;
        for (int i = 1; i <= a.length(); i++) {
            int corner = row[0]++;
            for (int j = 1; j < row.length; j++) {
                int up = row[j];
                row[j] = Math.min(Math.min(row[j] + 1, row[j - 1] + 1), corner + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1));
                corner = up;
            }
        }
        return row[b.length()];
    }

    private static <T extends Comparable<? super T>> void quick(T[] a, int lo, int hi) {
        if (lo >= hi) return;
        T p = a[lo + hi >>> 1];
        int i = lo, j = hi;
        while (i <= j) {
            while (a[i].compareTo(p) < 0) i++;
            while (a[j].compareTo(p) > 0) j--;
            if (i <= j) {
                T t = a[i];
                a[i++] = a[j];
                a[j--] = t;
            }
        }
        quick(a, lo, j);
        quick(a, i, hi);
    }

    private static long[] merged(long[] a) {
        if (a.length < 2) return a;
        long[] l = merged(Arrays.copyOfRange(a, 0, a.length / 2)), r = merged(Arrays.copyOfRange(a, a.length / 2, a.length)), out = new long[a.length];
        for (int i = 0, x = 0, y = 0; i < out.length; i++) out[i] = y >= r.length || x < l.length && l[x] <= r[y] ? l[x++] : r[y++];
        return out;
    }

    private static boolean[][] step(boolean[][] g) {
        boolean[][] out = new boolean[g.length][g[0].length];
        for (int y = 0; y < g.length; y++) {
            for (int x = 0; x < g[y].length; x++) {
                int n = g[y][x] ? -1 : 0;
                for (int d = 0; d < 9; d++) if (g[(y + d / 3 - 1 + g.length) % g.length][(x + d % 3 - 1 + g[y].length) % g[y].length]) n++;
                out[y][x] = n == 3 || g[y][x] && n == 2;
            }
        }
        return out;
    }

    private static void hanoi(int n, char from, char to, char by, StringBuilder out) {
        if (n == 0) return;
        hanoi(n - 1, from, by, to, out);
        out.append(from).append(to).append(' ');
        hanoi(n - 1, by, to, from, out);
    }

    private static List<List<Integer>> subsets(List<Integer> l) {
        if (l.isEmpty()) return new ArrayList<>(List.of(new ArrayList<>()));
        List<List<Integer>> out = subsets(l.subList(1, l.size()));
        for (List<Integer> s : new ArrayList<>(out)) {
            List<Integer> more = new ArrayList<>(s);
            more.add(0, l.get(0));
            out.add(more);
        }
        return out;
    }

    public HttpLoopRequest run(final JsObj obj, final HttpLoopResult result) {
        queens(new int[6], 0);
        Integer[] boxed = {5, 3, 99, -7, 3, 0};
        quick(boxed, 0, boxed.length - 1);
        String[] words = "the quick brown fox jumps over the lazy dog".split(" ");
        quick(words, 0, words.length - 1);
        boolean[][] g = new boolean[5][6];
        g[1][2] = g[2][2] = g[3][2] = g[0][0] = true;
        StringBuilder life = new StringBuilder();
        for (int k = 0; k < 3; k++, g = step(g)) for (boolean[] row : g) {
            for (boolean cell : row) life.append(cell ? '#' : '.');
            life.append('/');
        }
        BitSetLike sieve = new BitSetLike(60);
        for (int i = 2; i < 60; i++) if (!sieve.get(i)) for (int j = i * i; j < 60; j += i) sieve.set(j);
        StringBuilder moves = new StringBuilder();
        hanoi(3, 'a', 'c', 'b', moves);
        int[][] triangle = new int[6][];
        for (int i = 0; i < 6; i++) {
            triangle[i] = new int[i + 1];
            triangle[i][0] = triangle[i][i] = 1;
            for (int j = 1; j < i; j++) triangle[i][j] = triangle[i - 1][j - 1] + triangle[i - 1][j];
        }
        return HttpLoop.Ok(JsObj.empty.addInt("queens", solutions).addString("first", Arrays.toString(first)).addString("lcs", lcs("AGGTABQW", "GXTXAYBW")).addInt("distance", distance("kitten", "sitting")).addString("boxed", Arrays.toString(boxed)).addString("words", String.join(",", words))
            .addString("merged", Arrays.toString(merged(new long[]{5, Long.MIN_VALUE, 3, 9, Long.MAX_VALUE, 0, 3}))).addString("life", life.toString()).addString("primes", IntStream.range(2, 60).filter(i -> !sieve.get(i)).boxed().collect(Collectors.toList()).toString()).addString("hanoi", moves.toString().trim()).addString("subsets", subsets(List.of(1, 2, 3)).toString()).addString("pascal", Arrays.deepToString(triangle)));
    }

    private static final class BitSetLike {
        private final long[] words;
        BitSetLike(int n) { words = new long[(n + 63) / 64]; }
        void set(int i) { words[i >> 6] |= 1L << i; }
        boolean get(int i) { return (words[i >> 6] & 1L << i) != 0; }
    }
}
