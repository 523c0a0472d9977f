package flashcall;

import com.identityblitz.core.loop.*;
import com.identityblitz.core.loop.http.*;
import java.util.*;
import java.util.function.Function;
import java.util.stream.*;

/** Maps and sets. */
public class Maps implements HttpLoop {
    private static String fails(Runnable r) {
        try {
            r.run();
            return "fine";
        } catch (Exception e) {
            return e.getClass().getSimpleName() + ":" + e.getMessage();
        }
    }

    public HttpLoopRequest run(final JsObj obj, final HttpLoopResult result) {
        List<Object> out = new ArrayList<>();
        Map<String, List<Integer>> groups = new TreeMap<>();
        for (int i = 0; i < 12; i++) groups.computeIfAbsent("k" + i % 3, k -> new ArrayList<>()).add(i);
        groups.computeIfPresent("k0", (k, v) -> v.size() > 3 ? null : v);
        groups.compute("k9", (k, v) -> v == null ? new ArrayList<>(List.of(-1)) : v);
        groups.merge("k1", List.of(100), (a, b) -> { List<Integer> c = new ArrayList<>(a); c.addAll(b); return c; });
        out.add(groups);
        Map<String, Integer> m = new HashMap<>();
        for (String w : "the quick brown fox jumps over the lazy dog and the fox runs away from the dog".split(" ")) m.put(w, m.getOrDefault(w, 0) + 1);
        out.add(m);
        for (Map.Entry<String, Integer> e : m.entrySet()) if (e.getValue() > 1) e.setValue(e.getValue() * 10);
        m.entrySet().removeIf(e -> e.getKey().length() < 4 && e.getValue() < 10);
        m.keySet().remove("away");
        m.values().remove(1);
        m.replaceAll((k, v) -> v + k.length());
        out.add(m + " " + m.size() + m.containsValue(33) + m.keySet() + m.values());
        Iterator<Map.Entry<String, Integer>> it = m.entrySet().iterator();
        while (it.hasNext()) if (it.next().getValue() > 10) it.remove();
        out.add(m);
        out.add(m.put("new", 1) + " " + m.put("new", 2) + " " + m.putIfAbsent("new", 3) + " " + m.replace("new", 4) + m.replace("none", 4) + m.replace("new", 4, 5) + m.remove("new", 9) + m.remove("new") + m.remove("new"));
        LinkedHashMap<String, String> lm = new LinkedHashMap<>();
        lm.put("z", "1");
        lm.put("a", null);
        lm.put(null, "n");
        lm.put("z", "2");
        out.add(lm + " " + lm.get(null) + lm.get("a") + lm.containsKey("a") + lm.getOrDefault("a", "dflt") + lm.putIfAbsent("a", "now") + lm);
        TreeMap<Integer, String> t = new TreeMap<>(Comparator.reverseOrder());
        for (int i = 0; i < 50; i += 7) t.put(i, "v" + i);
        out.add(t.firstKey() + " " + t.lastEntry() + t.floorKey(20) + t.ceilingKey(20) + t.higherKey(21) + t.lowerKey(21) + t.headMap(21) + t.tailMap(21) + t.subMap(42, 14) + t.headMap(21, true) + t.descendingMap() + t.pollFirstEntry() + t.pollLastEntry() + t.firstEntry().getValue() + t.floorEntry(20) + t.descendingKeySet());
        out.add(fails(() -> new TreeMap<String, String>().put(null, "x")) + fails(() -> new TreeMap<String, String>().firstKey()) + fails(() -> Map.of("a", 1).put("b", 2)) + fails(() -> Map.of("a", null)) + fails(() -> Map.of("a", 1, "a", 2)) + fails(() -> Collections.unmodifiableMap(m).clear()) + fails(() -> Map.copyOf(lm)) + fails(() -> Set.of(1, 1)) + fails(() -> Map.entry("a", 1).setValue(2)) + fails(() -> Collections.emptyMap().put(null, null)) + fails(() -> new HashMap<String, Integer>().merge("a", null, Integer::sum)) + fails(() -> lm.keySet().add("x")));
        out.add(fails(() -> Stream.of("a", "b", "a").collect(Collectors.toMap(x -> x, x -> 1))) + fails(() -> Stream.of("a", "b").collect(Collectors.toMap(x -> x, x -> null))) + fails(() -> new TreeSet<Object>(Arrays.asList("a", 1))).startsWith("ClassCastException:class java.lang.String cannot be cast to class java.lang.Integer"));
        Map<List<String>, Integer> byList = new HashMap<>();
        byList.put(Arrays.asList("a", "b"), 1);
        byList.put(new ArrayList<>(List.of("a", "b")), 2);
        byList.put(new LinkedList<>(List.of("b")), 3);
        out.add(byList.size() + " " + byList.get(List.of("a", "b")) + byList.equals(new TreeMap<>(Map.of())) + new HashMap<>(Map.of("x", 1)).equals(new TreeMap<>(Map.of("x", 1))) + Map.of("q", 2).hashCode());
        Set<String> s = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        Collections.addAll(s, "b", "A", "B", "a", "c");
        Set<Integer> a = new HashSet<>(List.of(1, 2, 3, 4)), b = new LinkedHashSet<>(List.of(9, 3, 4));
        Set<Integer> union = new TreeSet<>(a);
        union.addAll(b);
        a.retainAll(b);
        b.removeAll(a);
        out.add(s + " " + union + a + b + a.add(3) + a.remove(77) + a.contains(3) + a.equals(Set.of(4, 3)) + a.hashCode() + new TreeSet<>(List.of(5, 1, 3)).headSet(3) + new TreeSet<>(List.of(5, 1, 3)).tailSet(3) + new TreeSet<>(List.of(5, 1, 3)).descendingSet() + new TreeSet<>(List.of(5, 1, 3)).floor(4));
        Map<Boolean, Long> parts = IntStream.rangeClosed(1, 9).boxed().collect(Collectors.partitioningBy(i -> i % 2 == 0, Collectors.counting()));
        Map<Integer, Set<String>> lens = Stream.of("bb", "a", "cc", "ddd", "bb").collect(Collectors.groupingBy(String::length, TreeMap::new, Collectors.mapping(Function.identity(), Collectors.toCollection(TreeSet::new))));
        Map<String, Integer> sums = Stream.of("x1", "y2", "x3").collect(Collectors.groupingBy(w -> w.substring(0, 1), LinkedHashMap::new, Collectors.summingInt(w -> w.charAt(1) - '0')));
        out.add(parts + " " + lens + sums + Stream.of(1, 2, 3, 4).collect(Collectors.averagingInt(i -> i)) + Stream.of("a", "b").collect(Collectors.collectingAndThen(Collectors.toList(), Collections::unmodifiableList)) + Stream.of(3, 1, 2).collect(Collectors.maxBy(Comparator.naturalOrder())).get() + Stream.of(5, 6).collect(Collectors.reducing(0, Integer::sum)) + Stream.of("p", "q").collect(Collectors.toMap(k -> k, String::length, (x, y) -> x, TreeMap::new)));
        JsArr all = JsArr.empty;
        for (Object o : out) all = all.addString("" + o);
        return HttpLoop.Ok(JsObj.empty.addArr("v", all));
    }
}
