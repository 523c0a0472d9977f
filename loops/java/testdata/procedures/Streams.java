package flashcall;

import com.identityblitz.core.loop.*;
import com.identityblitz.core.loop.http.*;
import java.util.*;
import java.util.function.*;
import java.util.stream.*;

/** Streams and functions. */
public class Streams implements HttpLoop {
    static class Call {
        final String number;
        final int seconds;
        final boolean answered;

        Call(String number, int seconds, boolean answered) {
            this.number = number;
            this.seconds = seconds;
            this.answered = answered;
        }

        String getNumber() { return number; }
        int getSeconds() { return seconds; }
        boolean isAnswered() { return answered; }
        @Override public String toString() { return number + "/" + seconds; }
    }

    public HttpLoopRequest run(final JsObj obj, final HttpLoopResult result) {
        List<Call> calls = Arrays.asList(new Call("7916", 10, true), new Call("7903", 0, false), new Call("7916", 35, true), new Call("7985", 7, true), new Call("7903", 61, true));
        List<Object> out = new ArrayList<>();
        out.add(calls.stream().filter(Call::isAnswered).sorted(Comparator.comparing(Call::getNumber).thenComparing(Call::getSeconds, Comparator.reverseOrder())).map(Call::toString).collect(Collectors.toList()));
        out.add(calls.stream().mapToInt(Call::getSeconds).summaryStatistics().getMax() + " " + calls.stream().mapToInt(Call::getSeconds).average().getAsDouble() + calls.stream().mapToLong(c -> c.seconds).sum() + calls.stream().mapToDouble(c -> c.seconds / 2.0).max().getAsDouble());
        out.add(calls.stream().collect(Collectors.groupingBy(Call::getNumber, TreeMap::new, Collectors.toList())));
        out.add(calls.stream().collect(Collectors.groupingBy(Call::isAnswered, Collectors.counting())));
        out.add(calls.stream().max(Comparator.comparingInt(Call::getSeconds)).map(c -> c.number).orElse("none") + calls.stream().min((a, b) -> a.seconds - b.seconds).get() + calls.stream().anyMatch(c -> c.seconds > 60) + calls.stream().map(Call::getNumber).distinct().count());
        out.add(Stream.of(List.of(1, 2), List.of(3), new ArrayList<Integer>()).flatMap(List::stream).map(i -> i * i).reduce(Integer::sum).get());
        out.add(IntStream.range(0, 5).mapToObj(i -> "abcde".substring(i)).collect(Collectors.joining(",", "[", "]")) + IntStream.of(3, 1, 2).sorted().boxed().map(String::valueOf).collect(Collectors.joining()) + IntStream.iterate(1, i -> i * 2).limit(8).sum() + Stream.iterate("x", s -> s + "y").skip(2).findFirst().get());
        out.add(Stream.iterate(1, i -> i < 50, i -> i * 3).collect(Collectors.toList()) + " " + Stream.of("b", "a", "c").sorted(Comparator.reverseOrder()).collect(Collectors.toList()) + Arrays.stream(new int[]{1, 2, 3}).map(i -> -i).boxed().collect(Collectors.toSet()) + Arrays.stream("a b".split(" ")).collect(Collectors.toCollection(LinkedList::new)));
        StringBuilder seen = new StringBuilder();
        List<String> first = Stream.of("one", "two", "three", "four").peek(s -> seen.append(s.charAt(0))).filter(s -> s.length() > 3).limit(1).collect(Collectors.toList());
        out.add(first + seen.toString() + Stream.of(1, 2, 3, 4, 1).takeWhile(i -> i < 3).collect(Collectors.toList()) + Stream.of(1, 2, 3, 4, 1).dropWhile(i -> i < 3).collect(Collectors.toList()) + IntStream.rangeClosed(1, 5).reduce(1, (a, b) -> a * b) + IntStream.empty().max().isPresent() + LongStream.rangeClosed(1, 20).reduce(1L, (a, b) -> a * b));
        Function<Integer, Integer> inc = x -> x + 1, dbl = x -> x * 2;
        BiFunction<Integer, Integer, Integer> add = Integer::sum;
        Supplier<List<String>> make = ArrayList::new;
        UnaryOperator<String> up = String::toUpperCase;
        BinaryOperator<Integer> big = BinaryOperator.maxBy(Comparator.naturalOrder());
        Predicate<String> empty = String::isEmpty;
        ToIntFunction<String> len = String::length;
        IntBinaryOperator mul = (a, b) -> a * b;
        Function<String, Integer> parse = Integer::parseInt;
        Function<Integer, Function<Integer, Integer>> curried = a -> b -> a * 10 + b;
        List<String> made = make.get();
        made.add("m");
        out.add(inc.andThen(dbl).apply(5) + " " + inc.compose(dbl).apply(5) + add.andThen(dbl).apply(1, 2) + made + up.apply("q") + big.apply(3, 9) + empty.negate().and(s -> s.length() < 3).or(s -> s.equals("long")).test("ab") + len.applyAsInt("four") + mul.applyAsInt(6, 7) + parse.andThen(inc).apply("41") + curried.apply(4).apply(2));
        Optional<String> some = Optional.of("v"), none = Optional.empty();
        out.add(some + " " + none + some.map(String::length) + none.or(() -> Optional.of("o")).get() + none.orElseGet(() -> "g") + some.filter(v -> v.isEmpty()).isPresent() + some.flatMap(v -> Optional.of(v + v)).get() + Optional.ofNullable((String) null).isEmpty() + some.equals(Optional.of("v")) + OptionalInt.of(4) + none.stream().count());
        try {
            none.orElseThrow(() -> new IllegalStateException("none at all"));
        } catch (IllegalStateException e) {
            out.add(e.getMessage());
        }
        try {
            none.get();
        } catch (NoSuchElementException e) {
            out.add(e.getMessage());
        }
        Runnable[] rs = new Runnable[3];
        int[] sum = {0};
        for (int i = 0; i < rs.length; i++) {
            final int k = i;
            rs[i] = () -> sum[0] += k * 10;
        }
        for (Runnable r : rs) r.run();
        out.add(sum[0] + "".chars().mapToObj(c -> (char) c).map(String::valueOf).collect(Collectors.joining("-")) + "hello".chars().mapToObj(c -> (char) c).map(c -> Character.toString(c)).collect(Collectors.joining("-")) + "b,a".chars().map(c -> c + 1).mapToObj(c -> "" + c).collect(Collectors.joining("|")) + "zebra".chars().sorted().collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append));
        out.add(Stream.of(1, 2, 3, 4, 5).collect(Collectors.teeing(Collectors.counting(), Collectors.summingInt(x -> x), (n, s) -> n + ":" + s)) + DoubleStream.of(1.5, 2.5).sum() + DoubleStream.of(0.1, 0.2, 0.3).sum() + Stream.of("a", null, "b").filter(Objects::nonNull).toList() + IntStream.range(0, 3).mapToObj(Integer::toString).toList() + Stream.concat(Stream.of(1), Stream.of(2)).map(x -> x + 0.5).toList());
        JsArr all = JsArr.empty;
        for (Object o : out) all = all.addString("" + o);
        return HttpLoop.Ok(JsObj.empty.addArr("v", all));
    }
}
