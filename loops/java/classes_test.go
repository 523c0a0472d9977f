package java_test

import "testing"

// TestClasses runs procedures with members and classes of their own.
func TestClasses(t *testing.T) {
	for _, c := range []struct{ name, members, body, expression, want string }{
		{"helpers and constants", `private static final String URL = "https://" + "x"; static final int N = 2 * 3; private final int k = N + 1; private String up(String s) { return s.toUpperCase(); } private static int twice(int x) { return x * 2; }`,
			"", "up(URL) + twice(N) + this.k + Test.N", "HTTPS://X1276"},
		{"overloads", `String f(int x) { return "int"; } String f(long x) { return "long"; } String f(Object x) { return "object"; } String f(String x) { return "string"; } String f(int... x) { return "many" + x.length; }`,
			"byte b = 1;", `f(1) + f(1L) + f("s") + f('c') + f(1.0) + f(b) + f(1, 2) + f()`, "intlongstringintobjectintmany2many0"},
		{"recursion", "int fib(int n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }", "", "fib(15)", "610"},
		{"fields", "private int n; private String s; private List<String> l = new ArrayList<>(); private int next() { return ++n; } private boolean b;", "next(); next(); l.add(\"x\"); n += 5; this.n--;", "n + s + l + b", "6null[x]false"},
		{"static state", "static int count = 5; static int[] table = new int[3]; static { table[1] = count++; } static final Map<String, String> M = new HashMap<>(); static { M.put(\"a\", \"b\"); }", "count++; Test.table[2] += 3;", "count + \" \" + table[1] + table[2] + M", "7 53{a=b}"},
		{"nested class", `static class Point { final int x, y; Point(int x, int y) { this.x = x; this.y = y; } Point() { this(1, 2); } int sum() { return x + y; } static Point origin() { return new Point(0, 0); }
			@Override public boolean equals(Object o) { if (this == o) return true; if (!(o instanceof Point)) return false; Point p = (Point) o; return x == p.x && y == p.y; } @Override public int hashCode() { return Objects.hash(x, y); } @Override public String toString() { return "(" + x + "," + y + ")"; } }`,
			"Map<Point, String> m = new HashMap<>(); m.put(new Point(1, 2), \"a\");", `new Point().sum() + m.get(new Point()) + new Point(3, 4) + Point.origin().equals(new Point(0, 0)) + List.of(new Point(5, 6))`, "3a(3,4)true[(5,6)]"},
		{"inner class", "int base = 10; class Adder { int by; Adder(int by) { this.by = by; } int add(int x) { return x + by + base + helper(); } } int helper() { return 100; }", "", "new Adder(1).add(1000)", "1111"},
		{"enum", `enum Color { RED("r"), GREEN("g"); private final String code; Color(String code) { this.code = code; } String code() { return code; } static Color of(String c) { for (Color x : values()) { if (x.code.equals(c)) return x; } throw new IllegalArgumentException(c); } }`,
			"Color c = Color.of(\"g\"); String s = \"\"; switch (c) { case RED: s = \"R\"; break; case GREEN: s = \"G\"; }", `c + " " + c.ordinal() + c.name() + s + Color.valueOf("RED").code() + Color.values().length + (c == Color.GREEN)`, "GREEN 1GREENGr2true"},
		{"enum switch value", "enum State { A, B, C }", "State x = State.C;", "switch (x) { case A, B -> 1; case C -> 2; }", "2"},
		{"own exceptions", `static class Failed extends RuntimeException { private final int code; Failed(String m, int code) { super(m); this.code = code; } int code() { return code; } } static class Worse extends Failed { Worse() { super("worse", 9); } }`,
			`String s = ""; try { throw new Failed("no", 7); } catch (Failed e) { s = e.getMessage() + e.code() + e; } try { throw new Worse(); } catch (Failed e) { s += e.code() + e.getMessage() + (e instanceof Worse); }`, "s", "no7flashcall.Test$Failed: no9worsetrue"},
		{"own functional interface", "interface Op { int apply(int a, int b); } static int use(Op o) { return o.apply(6, 3); } static class Minus implements Op { public int apply(int a, int b) { return a - b; } }", "Op plus = (a, b) -> a + b;", "use(plus) + \" \" + use(new Minus()) + \" \" + use(Math::max) + \" \" + use(new Op() { public int apply(int a, int b) { return a / b; } })", "9 3 6 2"},
		{"own comparator", "static class ByLength implements Comparator<String> { public int compare(String a, String b) { return a.length() - b.length(); } }", "List<String> l = new ArrayList<>(List.of(\"ccc\", \"a\", \"bb\")); Collections.sort(l, new ByLength().reversed());", "l", "[ccc, bb, a]"},
		{"comparable", "static class V implements Comparable<V> { final int n; V(int n) { this.n = n; } public int compareTo(V o) { return Integer.compare(n, o.n); } public String toString() { return \"V\" + n; } }", "", "Collections.max(List.of(new V(1), new V(3), new V(2))) + \" \" + new TreeSet<>(List.of(new V(2), new V(1)))", "V3 [V1, V2]"},
		{"generic method", "static <T> T first(List<T> l, T other) { return l.isEmpty() ? other : l.get(0); } static <K, V> Map<V, K> turn(Map<K, V> m) { Map<V, K> out = new LinkedHashMap<>(); for (Map.Entry<K, V> e : m.entrySet()) out.put(e.getValue(), e.getKey()); return out; }", "int n = first(List.of(4), 5) + 1; Map<Integer, String> t = turn(Map.of(\"a\", 1));", "n + first(new ArrayList<String>(), \"x\") + t", "5x{1=a}"},
		{"generic class", "static class Pair<A, B> { final A a; B b; Pair(A a, B b) { this.a = a; this.b = b; } A first() { return a; } }", "Pair<String, Integer> p = new Pair<>(\"q\", 4); p.b += 2; int k = p.b;", "p.first().length() + k", "7"},
		{"bounds", "static <T extends Comparable<T>> T most(List<T> l) { T best = l.get(0); for (T x : l) { if (x.compareTo(best) > 0) best = x; } return best; } static <N extends Number> int twice(N n) { return half(n) * 4; } static int half(Number n) { return n.intValue() / 2; }", "", "most(List.of(1, 3, 2)) + most(List.of(\"a\", \"b\")) + twice(5) + twice(2.5)", "3b84"},
		{"names of JavaScript", "int eval = 1; int constructor(int prototype) { return prototype + eval; }", "int __proto__ = 2; int arguments = 3; int let = 4; int undefined = 5; int typeof = 6; int $java = 7;", "constructor(__proto__) + arguments + let + undefined + typeof + $java", "28"},
		{"letters of any kind", "int größe = 3;", "int число = größe + 1;", "число", "4"},
		{"lambda in loop", "", "List<Supplier<Integer>> l = new ArrayList<>(); for (int i = 0; i < 3; i++) { int k = i; l.add(() -> k * 10); } int sum = 0; for (Supplier<Integer> s : l) sum += s.get();", "sum", "30"},
		{"text like a piece", "static int[] f(String s) { return a; } static int[] a = {1, 2};", "f(\"$t1,$t2,$t3,$t4,$t5,$t6\")[\"x\".length()] = 5; f(\"$t1,$t2,$t3\")[0] += 4;", "Arrays.toString(a)", "[5, 5]"},
		{"hiding", "", "String s = \"a\"; Supplier<String> f = new Supplier<String>() { public String get() { String s = \"b\"; return s; } };", "s + f.get()", "ab"},
		{"finally order", "static StringBuilder log = new StringBuilder(); static int f() { try { log.append(\"t\"); return 1; } finally { log.append(\"f\"); } }", "int r = f();", "r + log.toString()", "1tf"},
		{"rethrown", "static void f() throws IOException { try { throw new IOException(\"io\"); } catch (IOException e) { throw new IOException(\"again\", e); } }", "String s = \"\"; try { f(); } catch (Exception e) { s = e.getMessage() + e.getCause().getMessage(); }", "s", "againio"},
		{"static order", "static class Conf { static final List<String> L = Test.make(); } static List<String> make() { return List.of(\"a\"); } static int size = Conf.L.size();", "", "size", "1"},
		{"compound on call", "static int calls = 0; static int[] a = {1, 2}; static int[] at() { calls++; return a; }", "at()[1] += 5; at()[0]++; int x = at()[0]--;", "calls + Arrays.toString(a) + x", "3[1, 7]2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := value(t, c.body, c.expression, c.members); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}
