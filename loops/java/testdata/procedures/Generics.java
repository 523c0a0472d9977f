package flashcall;

import com.identityblitz.core.loop.*;
import com.identityblitz.core.loop.http.*;
import java.util.*;
import java.util.function.*;

/** Generic methods, classes and interfaces; keys of one's own. */
public class Generics implements HttpLoop {
    static class Box<T> {
        private T value;
        Box(T value) { this.value = value; }
        T get() { return value; }
        void set(T v) { value = v; }
        <R> Box<R> map(Function<? super T, ? extends R> f) { return new Box<>(f.apply(value)); }
        boolean same(Box<?> other) { return Objects.equals(value, other.value); }
        @Override public String toString() { return "Box(" + value + ")"; }
    }

    static class Cache<K extends Comparable<K>, V> {
        private final Map<K, V> map = new TreeMap<>();
        private final Function<K, V> load;
        private int misses;
        Cache(Function<K, V> load) { this.load = load; }
        V get(K key) { return map.computeIfAbsent(key, k -> { misses++; return load.apply(k); }); }
        K most() { K best = null; for (K k : map.keySet()) if (best == null || k.compareTo(best) > 0) best = k; return best; }
    }

    static class Node<T extends Comparable<T>> {
        T value;
        Node<T> left, right;
        Node(T value) { this.value = value; }
        void add(T v) {
            if (v.compareTo(value) < 0) { if (left == null) left = new Node<>(v); else left.add(v); }
            else if (right == null) right = new Node<>(v); else right.add(v);
        }
        void walk(Consumer<T> f) {
            if (left != null) left.walk(f);
            f.accept(value);
            if (right != null) right.walk(f);
        }
        int depth() { return 1 + Math.max(left == null ? 0 : left.depth(), right == null ? 0 : right.depth()); }
    }

    static final class Phone implements Comparable<Phone> {
        private final String country, number;
        Phone(String country, String number) { this.country = country; this.number = number; }
        @Override public boolean equals(Object o) {
            if (this == o) return true;
            if (o == null || getClass() != o.getClass()) return false;
            Phone p = (Phone) o;
            return country.equals(p.country) && number.equals(p.number);
        }
        @Override public int hashCode() { return 31 * country.hashCode() + number.hashCode(); }
        @Override public int compareTo(Phone o) { int c = country.compareTo(o.country); return c != 0 ? c : number.compareTo(o.number); }
        @Override public String toString() { return "+" + country + number; }
    }

    record Pair<A, B>(A first, B second) {
        static <X> Pair<X, X> twice(X x) { return new Pair<>(x, x); }
        Pair<B, A> swap() { return new Pair<>(second, first); }
    }
    record Mixed(long l, double d, char c, boolean b, Integer i, List<String> list) { }

    interface Monoid<T> {
        T zero();
        T plus(T a, T b);
        default T sum(List<T> list) { T t = zero(); for (T x : list) t = plus(t, x); return t; }
        static Monoid<Integer> ints() { return new Monoid<>() { public Integer zero() { return 0; } public Integer plus(Integer a, Integer b) { return a + b; } }; }
    }

    static <T extends Comparable<T>> T max(List<T> list) { T best = list.get(0); for (T t : list) if (t.compareTo(best) > 0) best = t; return best; }
    static <T> void swap(T[] a, int i, int j) { T t = a[i]; a[i] = a[j]; a[j] = t; }
    static <A, B, C> Function<A, C> chain(Function<A, B> f, Function<B, C> g) { return a -> g.apply(f.apply(a)); }
    @SafeVarargs static <T> List<T> listOf(T... items) { return new ArrayList<>(Arrays.asList(items)); }
    static double total(Collection<? extends Number> c) { double t = 0; for (Number n : c) t += n.doubleValue(); return t; }

    public HttpLoopRequest run(final JsObj obj, final HttpLoopResult result) {
        List<Object> out = new ArrayList<>();
        Box<Integer> box = new Box<>(5);
        box.set(box.get() + 1);
        int v = box.get();
        out.add(box + " " + v + box.map(x -> "s" + x).get().length() + box.same(new Box<>(6)) + new Box<>(null) + box.map(x -> x * 2L).map(x -> x / 5.0));
        Cache<String, Integer> cache = new Cache<>(String::length);
        out.add(cache.get("aa") + cache.get("aa") + cache.get("bbb") + " " + cache.misses + cache.most());
        Node<Integer> root = new Node<>(50);
        for (int i : new int[]{30, 70, 20, 40, 60, 80, 10}) root.add(i);
        List<Integer> walked = new ArrayList<>();
        root.walk(walked::add);
        out.add(walked + " " + root.depth());
        Map<Phone, String> names = new HashMap<>();
        names.put(new Phone("7", "916"), "a");
        names.put(new Phone("7", "916"), "b");
        names.put(new Phone("49", "30"), "c");
        out.add(names + " " + names.get(new Phone("7", "916")) + new TreeSet<>(names.keySet()) + names.containsKey(new Phone("7", "91")) + new Phone("1", "2").hashCode() + Arrays.asList(new Phone("1", "2")).indexOf(new Phone("1", "2")));
        out.add(new Pair<>("a", 1) + " " + new Pair<>("a", 1).swap().equals(new Pair<>(1, "a")) + Pair.twice(2.5) + new Pair<>(null, null).hashCode() + new Pair<>("x", "y").hashCode() + new HashSet<>(List.of(new Pair<>(1, 2), new Pair<>(2, 1))).contains(new Pair<>(2, 1)));
        Mixed m = new Mixed(1L << 40, 0.5, 'x', true, null, List.of("q"));
        out.add(m + " " + m.hashCode() + m.equals(new Mixed(1L << 40, 0.5, 'x', true, null, List.of("q"))) + m.l() + m.c() + m.list().get(0));
        out.add(Monoid.ints().sum(List.of(1, 2, 3)) + " " + max(listOf("b", "c", "a")) + max(listOf(3, 9, 4)) + total(listOf(1, 2.5, 3L)) + chain((String s) -> s.length(), n -> n * n).apply("four"));
        String[] arr = {"x", "y"};
        swap(arr, 0, 1);
        Map<String, Map<Integer, List<String>>> deep = new TreeMap<>();
        deep.computeIfAbsent("k", k -> new TreeMap<>()).computeIfAbsent(1, k -> new ArrayList<>()).add("deep");
        for (Map.Entry<String, Map<Integer, List<String>>> e : deep.entrySet()) for (Map.Entry<Integer, List<String>> f : e.getValue().entrySet()) out.add(e.getKey() + f.getKey() + f.getValue().get(0).toUpperCase());
        out.add(Arrays.toString(arr) + deep);
        JsArr all = JsArr.empty;
        for (Object o : out) all = all.addString("" + o);
        return HttpLoop.Ok(JsObj.empty.addArr("v", all));
    }
}
