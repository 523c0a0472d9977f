package flashcall;

import com.identityblitz.core.loop.*;
import com.identityblitz.core.loop.http.*;
import java.util.*;
import java.util.function.*;

/** Classes without a name, classes in methods, objects around objects. */
public class Nameless implements HttpLoop {
    private int count = 10;
    private final String prefix = "p";

    interface Visitor<R> {
        R number(int n);
        R text(String s);
        default R nothing() { return null; }
    }

    static abstract class Counter {
        protected int n;
        Counter(int from) { n = from; }
        Counter() { this(100); }
        abstract int step();
        int next() { return n += step(); }
    }

    class Inner {
        int count = 5;

        class Deeper {
            int count = 1;

            String all() { return count + "," + Inner.this.count + "," + Nameless.this.count + prefix + helper(); }
        }

        Deeper deeper() { return new Deeper(); }
        void bump() { count++; Nameless.this.count++; }
    }

    class Special extends Inner {
        Special() { count = 50; }
        @Override void bump() { super.bump(); count *= 2; }
    }

    private String helper() { return "h" + count; }

    private static <R> List<R> visit(List<Object> list, Visitor<R> v) {
        List<R> out = new ArrayList<>();
        for (Object o : list) out.add(o instanceof Integer ? v.number((Integer) o) : o instanceof String ? v.text((String) o) : v.nothing());
        return out;
    }

    private Iterator<Integer> squares(final int most) {
        return new Iterator<Integer>() {
            private int i = 1;

            @Override public boolean hasNext() { return i * i <= most; }
            @Override public Integer next() {
                if (!hasNext()) throw new NoSuchElementException("beyond " + most);
                return i * i++;
            }
        };
    }

    static class Range implements Iterable<Integer> {
        private final int from, to;

        Range(int from, int to) {
            this.from = from;
            this.to = to;
        }

        @Override public Iterator<Integer> iterator() {
            return new Iterator<>() {
                int at = from;
                public boolean hasNext() { return at < to; }
                public Integer next() { return at++; }
            };
        }
    }

    public HttpLoopRequest run(final JsObj obj, final HttpLoopResult result) {
        List<String> out = new ArrayList<>();
        List<Object> things = Arrays.asList(1, "x", null, 22, "yy");
        final int factor = 3;
        out.add(visit(things, new Visitor<String>() {
            private int seen;

            { seen = 100; }

            @Override public String number(int n) { return "n" + n * factor + seen++; }
            @Override public String text(String s) { return prefix + s + this.seen + count; }
            @Override public String nothing() { return "none"; }
        }).toString());
        out.add(visit(things, new Visitor<Integer>() {
            public Integer number(int n) { return n; }
            public Integer text(String s) { return s.length(); }
        }).toString());
        Counter a = new Counter(7) {
            @Override int step() { return factor; }
        };
        Counter b = new Counter() {
            private int calls;
            @Override int step() { return ++calls; }
            @Override int next() { return super.next() + super.next(); }
        };
        out.add(a.next() + " " + a.next() + " " + b.next() + " " + b.next() + " " + b.n);
        Runnable r = new Runnable() {
            int count = 1000;
            @Override public void run() { count++; Nameless.this.count += 2; out.add("ran " + count + " " + this.count + " " + Nameless.this.count); }
        };
        r.run();
        r.run();
        Comparator<String> byEnd = new Comparator<String>() {
            @Override public int compare(String x, String y) { return x.charAt(x.length() - 1) - y.charAt(y.length() - 1); }
        };
        List<String> words = new ArrayList<>(List.of("ab", "ca", "bc"));
        words.sort(byEnd.reversed());
        out.add(words.toString());
        Iterator<Integer> it = squares(20);
        while (it.hasNext()) out.add("" + it.next());
        try {
            it.next();
        } catch (NoSuchElementException e) {
            out.add(e.getMessage());
        }
        try {
            it.remove();
        } catch (UnsupportedOperationException e) {
            out.add(e.getMessage());
        }
        int sum = 0;
        for (int i : new Range(2, 6)) sum += i;
        for (Integer i : new Range(0, 3)) sum *= i + 1;
        new Range(0, 2).forEach(i -> out.add("each" + i));
        out.add("" + sum);
        class Pair<A, B> {
            final A first;
            final B second;
            Pair(A first, B second) {
                this.first = first;
                this.second = second;
            }
            <C> Pair<A, C> with(C c) { return new Pair<>(first, c); }
            String shown() { return first + "/" + second + factor + prefix + count; }
        }
        Pair<String, Integer> p = new Pair<>("k", 5);
        int v = p.second + 1;
        out.add(p.shown() + p.with('c').shown() + v + p.with(2.5).second);
        enum Size { S, L; Size other() { return this == S ? L : S; } }
        record Point(int x, int y) {
            Point { if (x < 0) throw new IllegalArgumentException("negative " + x); }
            Point(int both) { this(both, both); }
            int sum() { return x + y(); }
            static Point origin() { return new Point(0); }
        }
        out.add(Size.S.other() + " " + Size.valueOf("L").ordinal() + Arrays.toString(Size.values()) + new Point(1, 2) + new Point(3).sum() + new Point(1, 2).equals(new Point(1, 2)) + new Point(1, 2).hashCode() + Point.origin().x());
        try {
            new Point(-1, 0);
        } catch (IllegalArgumentException e) {
            out.add(e.getMessage());
        }
        Inner inner = new Inner(), special = new Special();
        inner.bump();
        special.bump();
        out.add(inner.count + " " + special.count + " " + count + " " + inner.deeper().all() + " " + special.deeper().all());
        Supplier<Supplier<String>> nested = () -> new Supplier<String>() {
            final int count = 77;
            public String get() {
                IntUnaryOperator add = x -> x + count + factor;
                return "" + add.applyAsInt(1) + new Object() { @Override public String toString() { return "obj" + count + prefix; } };
            }
        };
        out.add(nested.get().get());
        Map<String, Integer> lru = new LinkedHashMap<>();
        BiConsumer<String, Integer> put = lru::put;
        put.andThen((k, n) -> out.add(k + n)).accept("k", 1);
        out.add(lru.toString());
        return HttpLoop.Ok(JsObj.empty.addString("v", String.join(" ; ", out)));
    }
}
