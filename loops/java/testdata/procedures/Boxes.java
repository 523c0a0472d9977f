package flashcall;

import com.identityblitz.core.loop.*;
import com.identityblitz.core.loop.http.*;
import java.util.*;

/** Boxes: null unboxing, the cache, ternaries that mix, which overload is taken. */
public class Boxes implements HttpLoop {
    private static String kind(int x) { return "int"; }
    private static String kind(long x) { return "long"; }
    private static String kind(double x) { return "double"; }
    private static String kind(Integer x) { return "Integer"; }
    private static String kind(Object x) { return "Object"; }
    private static String kind(String x) { return "String"; }
    private static String kind(char x) { return "char"; }
    private static String only(long x) { return "long"; }
    private static String only(Object x) { return "Object"; }
    private static String many(Object... x) { return x == null ? "null" : "many" + x.length; }
    private static String some(String a, int... rest) { return a + rest.length; }

    public HttpLoopRequest run(final JsObj obj, final HttpLoopResult result) {
        StringJoiner out = new StringJoiner("|", "<", ">");
        byte b = 1;
        short s = 2;
        Integer boxed = 5;
        Long big = 6L;
        Object o = 'c';
        out.add(kind(b) + kind(s) + kind(boxed) + kind(big) + kind(o) + kind('c') + kind(1f) + kind(null == o ? 1 : 2L) + kind("s") + kind((Object) "s"));
        out.add(only(b) + only(boxed) + only('c') + only(1.0) + only("x"));
        out.add(many() + many(1) + many(1, 2) + many((Object[]) null) + many((Object) null) + many(new Object[]{1, 2, 3}) + many(new String[]{"a", "b"}) + many(new int[]{1, 2}));
        out.add(some("a") + some("b", 1) + some("c", new int[]{1, 2, 3}));
        Integer x = 127, y = 127, p = 128, q = 128;
        out.add((x == y) + " " + (p == q) + " " + p.equals(q) + " " + (p == 128) + " " + (p <= q && p >= q));
        Long l1 = 127L, l2 = 127L, l3 = 1000L, l4 = 1000L;
        out.add((l1 == l2) + " " + (l3 == l4) + " " + l3.equals(1000) + " " + l3.equals(1000L) + " " + new HashSet<Object>(Arrays.asList(1, 1L, 1.0, 1f, '1', "1", (short) 1, (byte) 1)).size());
        boolean yes = obj != null;
        Object mixed = yes ? 1 : 2.0;
        Object mixed2 = yes ? 'a' : 0;
        int zero = 0;
        Object mixed3 = yes ? 'a' : zero;
        Object mixed4 = yes ? (Integer) 7 : (Double) 8.0;
        Object mixed5 = yes ? null : 0;
        Object mixed6 = yes ? boxed : "text";
        out.add(mixed + " " + mixed2 + " " + mixed3 + " " + mixed4 + " " + mixed5 + " " + mixed6);
        Integer none = null;
        try {
            int v = none;
            out.add("never" + v);
        } catch (NullPointerException e) {
            out.add("npe");
        }
        try {
            Integer v = yes ? none : 0;
            out.add("never" + v);
        } catch (NullPointerException e) {
            out.add("npe2");
        }
        Integer fine = yes ? none : boxed;
        out.add("" + fine);
        try {
            boolean same = none == 5;
            out.add("never" + same);
        } catch (NullPointerException e) {
            out.add("npe3");
        }
        Map<String, Integer> m = new HashMap<>();
        try {
            int v = m.get("x");
            out.add("never" + v);
        } catch (RuntimeException e) {
            out.add(e.getClass().getSimpleName());
        }
        Integer count = 1;
        count++;
        count += 2;
        ++count;
        m.put("k", count++);
        m.put("k", m.get("k") + 1);
        Character ch = 'x';
        ch++;
        char prim = ch;
        Double d = 1.5;
        d *= 2;
        Short sh = 3;
        Byte by = (byte) 300;
        Boolean flag = !yes;
        flag |= true;
        out.add(count + " " + m + " " + ch + prim + (prim + 1) + (char) (prim + 1) + " " + d + " " + sh + by + flag + (sh + by));
        List<Integer> list = new ArrayList<>(Arrays.asList(10, 20, 30, 1));
        list.remove(1);
        list.remove((Integer) 1);
        list.remove(Integer.valueOf(99));
        list.add(0, 5);
        long sum = 0;
        for (int v : list) sum += v;
        for (Integer v : list) sum += v * 2L;
        out.add(list + " " + sum + " " + list.contains(30) + list.contains(30L) + list.indexOf(10));
        Object num = 3;
        if (num instanceof Integer && (Integer) num == 3) out.add("three" + ((Integer) num + 1) + ((Number) num).doubleValue());
        try {
            out.add((String) num);
        } catch (ClassCastException e) {
            out.add("cce");
        }
        double avg = (double) (list.get(0) + list.get(1)) / 2;
        int ratio = list.get(0) / 2;
        out.add(avg + " " + ratio + " " + 5 / 2 * 2.0 + " " + 5 / 2.0 + 'a' + 1 + (char) ('a' + 1) + ('a' + 'b') + (1 + 2) + "" + 1 + 2);
        return HttpLoop.Ok(JsObj.empty.addString("v", out.toString()));
    }
}
