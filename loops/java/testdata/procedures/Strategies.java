package flashcall;

import com.identityblitz.core.loop.*;
import com.identityblitz.core.loop.http.*;
import java.util.*;
import java.util.concurrent.Callable;
import java.util.function.*;

// run {"phone_number":"79161234567","code":"1","kind":"sms"}
// run {"phone_number":"79161234567","code":"22","kind":"voice"}
// run {"phone_number":"79161234567","code":"333","kind":"flash"}
// run {"phone_number":"79161234567","code":"4444","kind":"pigeon"}

/** Strategies in a map of lambdas, method references of each kind, currying, laziness, retries of a Callable. */
public class Strategies implements HttpLoop {
    @FunctionalInterface
    interface Step<A, B> {
        B apply(A a) throws Exception;

        default <C> Step<A, C> then(Step<? super B, ? extends C> next) { return a -> next.apply(apply(a)); }

        static <T> Step<T, T> same() { return t -> t; }
    }

    private final Map<String, BiFunction<String, String, HttpLoopRequest>> ways = new LinkedHashMap<>();
    private int calls;

    public Strategies() {
        ways.put("sms", this::sms);
        ways.put("voice", Strategies::voice);
        ways.put("flash", (to, code) -> { calls += 10; return sms(to + calls, code); });
    }

    private HttpLoopRequest sms(String to, String code) { return HttpLoop.callBuilder("POST", "https://sms.example").withBody(JsObj.empty.addString("to", to).addString("code", code).addInt("calls", ++calls)); }

    private static HttpLoopRequest voice(String to, String code) { return HttpLoop.callBuilder("GET", "https://voice.example/" + String.join("/", code.split(""))).withQuery("to", to); }

    private static <T> T retry(int most, Callable<T> c) {
        RuntimeException last = null;
        for (int i = 1; i <= most; i++) {
            try {
                return c.call();
            } catch (IllegalStateException e) {
                last = e;
            } catch (Exception e) {
                throw new RuntimeException("gave up at " + i, e);
            }
        }
        throw last;
    }

    private static <T> Supplier<T> once(Supplier<T> s) {
        return new Supplier<T>() {
            private T value;
            private boolean done;
            @Override public T get() {
                if (!done) {
                    value = s.get();
                    done = true;
                }
                return value;
            }
        };
    }

    static int fib(int n, Map<Integer, Integer> seen) {
        if (n < 2) return n;
        Integer known = seen.get(n);
        if (known != null) return known;
        int v = fib(n - 1, seen) + fib(n - 2, seen);
        seen.put(n, v);
        return v;
    }

    public HttpLoopRequest run(final JsObj obj, final HttpLoopResult result) throws Exception {
        BiFunction<String, String, HttpLoopRequest> way = ways.get(obj.asString("kind"));
        if (way != null) return way.apply(obj.asString("phone_number"), obj.asString("code"));
        StringBuilder out = new StringBuilder();
        int[] tries = {0};
        out.append(retry(3, () -> { if (++tries[0] < 3) throw new IllegalStateException("no"); return "got " + tries[0]; }));
        try {
            retry(2, () -> { throw new IllegalStateException("never " + ++tries[0]); });
        } catch (IllegalStateException e) {
            out.append(e.getMessage());
        }
        try {
            retry(2, () -> { throw new Exception("checked"); });
        } catch (RuntimeException e) {
            out.append(e.getMessage()).append(e.getCause().getMessage());
        }
        Supplier<Integer> lazy = once(() -> { tries[0] += 100; return tries[0]; });
        out.append(lazy.get() + lazy.get()).append(' ');
        Step<String, Integer> length = String::length;
        Step<String, String> chain = length.then(n -> n * 2).then(Integer::toBinaryString).then(Step.<String>same());
        out.append(chain.apply("four")).append(' ');
        Function<Integer, Function<Integer, Function<Integer, Integer>>> add = a -> b -> c -> a * 100 + b * 10 + c;
        out.append(add.apply(1).apply(2).apply(3)).append(' ').append(fib(40, new HashMap<>())).append(' ');
        Map<String, Supplier<? extends Collection<Integer>>> makers = new TreeMap<>();
        makers.put("list", ArrayList::new);
        makers.put("set", TreeSet::new);
        makers.put("deque", ArrayDeque::new);
        makers.forEach((k, m) -> { Collection<Integer> c = m.get(); Collections.addAll(c, 3, 1, 3); out.append(k).append(c); });
        BinaryOperator<UnaryOperator<String>> both = (f, g) -> s -> g.apply(f.apply(s));
        out.append(both.apply(String::trim, s -> s + "!").apply("  x "));
        Comparator<String> c = Comparator.<String, Integer>comparing(String::length, Comparator.reverseOrder()).thenComparing(Comparator.nullsFirst(Comparator.naturalOrder()));
        List<String> words = Arrays.asList("bb", "a", "ccc", "aa");
        words.sort(c);
        ToLongFunction<String> toLong = Long::parseLong;
        IntPredicate even = i -> i % 2 == 0;
        IntFunction<int[]> array = int[]::new;
        Function<String, StringBuilder> make = StringBuilder::new;
        out.append(words).append(toLong.applyAsLong("12") + 1).append(even.negate().or(i -> i > 8).test(10)).append(array.apply(3).length).append(make.apply("q").reverse());
        return HttpLoop.Ok(JsObj.empty.addString("v", out.toString()));
    }
}
