package flashcall;

import com.identityblitz.core.loop.*;
import com.identityblitz.core.loop.http.*;
import java.util.*;
import java.util.function.*;
import java.util.stream.*;

// run {"phone_number":"79161234567","calls":[{"id":"3","to":"7916","s":12,"ok":true,"cost":"1.25","tags":["a","b"]},{"id":"1","to":"7903","s":0,"ok":false,"cost":null,"tags":[]},{"id":"2","to":"7916","s":65,"ok":true,"cost":"0.5","tags":["b"]},{"id":"10","to":"7985","s":7,"ok":true,"cost":2,"tags":["c","a"]}]}

/** A list of calls, grouped and written as CSV, as a table and as JSON. */
public class Reports implements HttpLoop {
    private static class Call {
        final String id, to;
        final int seconds;
        final boolean ok;
        final double cost;
        final List<String> tags = new ArrayList<>();

        Call(JsObj o) {
            id = o.asString("id");
            to = o.asString("to");
            seconds = o.asInt("s");
            ok = o.asBool("ok");
            cost = o.asDecimal("cost") == null ? 0 : o.asDecimal("cost");
            JsArr t = o.asArr("tags");
            for (int i = 0; i < t.size(); i++) tags.add(t.asString(i));
        }

        public String getTo() { return to; }
        public int getSeconds() { return seconds; }
        public double getCost() { return cost; }
        public boolean isOk() { return ok; }
    }

    private static <T, R extends Comparable<R>> List<T> sorted(Collection<T> c, Function<T, R> by) {
        List<T> out = new ArrayList<>(c);
        out.sort((a, b) -> by.apply(a).compareTo(by.apply(b)));
        return out;
    }

    private static String csv(Object... cells) {
        return Arrays.stream(cells).map(c -> c == null ? "" : c.toString()).map(s -> s.contains(",") || s.contains("\"") ? "\"" + s.replace("\"", "\"\"") + "\"" : s).collect(Collectors.joining(",", "", "\r\n"));
    }

    private static String clock(int seconds) { return String.format("%02d:%02d:%02d", seconds / 3600, seconds % 3600 / 60, seconds % 60); }

    public HttpLoopRequest run(final JsObj obj, final HttpLoopResult result) {
        JsArr list = obj.asArr("calls");
        List<Call> calls = IntStream.range(0, list.size()).mapToObj(list::asObj).map(Call::new).collect(Collectors.toList());
        StringBuilder text = new StringBuilder(csv("id", "to", "time", "cost"));
        for (Call c : sorted(calls, x -> Integer.valueOf(x.id))) text.append(csv(c.id, c.to + ",\"q\"", clock(c.seconds), c.cost));
        Map<String, Double> costs = calls.stream().collect(Collectors.groupingBy(Call::getTo, TreeMap::new, Collectors.summingDouble(Call::getCost)));
        Map<Boolean, List<String>> parts = calls.stream().collect(Collectors.partitioningBy(Call::isOk, Collectors.mapping(c -> c.id, Collectors.toList())));
        Map<String, Long> tags = calls.stream().flatMap(c -> c.tags.stream()).collect(Collectors.groupingBy(Function.identity(), LinkedHashMap::new, Collectors.counting()));
        Map<String, Integer> longest = calls.stream().collect(Collectors.toMap(Call::getTo, Call::getSeconds, Math::max, LinkedHashMap::new));
        Optional<Call> best = calls.stream().filter(Call::isOk).max(Comparator.comparingDouble(Call::getCost).thenComparing(c -> c.id));
        IntSummaryStatistics stats = calls.stream().mapToInt(Call::getSeconds).summaryStatistics();
        StringBuilder table = new StringBuilder();
        int width = tags.keySet().stream().mapToInt(String::length).max().orElse(0) + 3;
        for (Map.Entry<String, Long> e : tags.entrySet()) table.append(String.format("%-" + width + "s|%5d|%n", e.getKey(), e.getValue()));
        JsObj sums = JsObj.empty;
        for (Map.Entry<String, Double> e : costs.entrySet()) sums = sums.addDecimal(e.getKey(), e.getValue());
        String ranking = longest.entrySet().stream().sorted(Map.Entry.<String, Integer>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey())).map(e -> e.getKey() + ":" + e.getValue()).collect(Collectors.joining(" > "));
        return HttpLoop.callBuilder("POST", "https://p.example/report").withText(text.toString(), "text/csv").withHeader("X-Parts", parts.toString()).withHeader("X-Tags", tags + table.toString().replace("\n", "~")).withHeader("X-Best", best.map(c -> c.id).orElse("?")).withHeader("X-Ranking", ranking)
            .withHeader("X-Stats", stats + " " + stats.getAverage()).build(sums);
    }
}
