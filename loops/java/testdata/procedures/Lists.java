package flashcall;

import com.identityblitz.core.loop.*;
import com.identityblitz.core.loop.http.*;
import java.util.*;

/** Lists, iterators, views, and what they throw. */
public class Lists implements HttpLoop {
    private final List<String> out = new LinkedList<>();

    private interface Action {
        void run() throws Exception;
    }

    private void fails(String name, Action a) {
        try {
            a.run();
            out.add(name + " fine");
        } catch (Exception e) {
            out.add(name + " " + e.getClass().getName() + " " + e.getMessage());
        }
    }

    public HttpLoopRequest run(final JsObj obj, final HttpLoopResult result) {
        List<Integer> l = new ArrayList<>();
        for (int i = 0; i < 10; i++) l.add(i * 7 % 10);
        ListIterator<Integer> it = l.listIterator();
        while (it.hasNext()) {
            int at = it.nextIndex();
            int v = it.next();
            if (v % 3 == 0) it.remove();
            else if (v % 3 == 1) it.set(v * 100 + at);
            else it.add(-v);
        }
        out.add(l + "" + it.hasPrevious() + it.previousIndex());
        StringBuilder back = new StringBuilder();
        for (ListIterator<Integer> r = l.listIterator(l.size()); r.hasPrevious(); ) back.append(r.previous()).append(',');
        out.add(back.toString());
        Iterator<Integer> plain = l.iterator();
        plain.next();
        plain.remove();
        fails("remove twice", () -> plain.remove());
        fails("remove first", () -> new ArrayList<>(List.of(1)).iterator().remove());
        fails("next", () -> new ArrayList<String>().iterator().next());
        fails("get", () -> l.get(l.size()));
        fails("get -1", () -> l.get(-1));
        fails("set", () -> l.set(99, 1));
        fails("add", () -> l.add(99, 1));
        fails("remove", () -> l.remove(99));
        fails("sub", () -> l.subList(3, 1));
        fails("sub2", () -> l.subList(0, 99));
        fails("linked", () -> new LinkedList<String>().getFirst());
        fails("linked2", () -> new LinkedList<String>().remove());
        fails("linked3", () -> new LinkedList<String>().get(0));
        fails("pop", () -> new ArrayDeque<String>().pop());
        fails("deque null", () -> new ArrayDeque<String>().add(null));
        fails("of null", () -> List.of("a", null));
        fails("of contains null", () -> List.of("a").contains(null));
        fails("of add", () -> List.of("a").add("b"));
        fails("of set", () -> List.of("a").set(0, "b"));
        fails("asList add", () -> Arrays.asList("a").add("b"));
        fails("asList set", () -> Arrays.asList("a").set(0, "b"));
        fails("asList remove", () -> Arrays.asList("a").remove("b"));
        fails("asList remove2", () -> Arrays.asList("a").remove("a"));
        fails("unmodifiable", () -> Collections.unmodifiableList(l).add(1));
        fails("empty", () -> Collections.emptyList().add(null));
        fails("empty remove", () -> Collections.emptyList().remove("x"));
        fails("singleton", () -> Collections.singletonList(1).add(2));
        fails("ncopies", () -> Collections.nCopies(-1, 2));
        fails("capacity", () -> new ArrayList<String>(-1));
        fails("cme", () -> { for (Integer v : l) if (v < 0) l.remove(v); });
        fails("cme last but one", () -> { List<Integer> x = new ArrayList<>(List.of(1, 2, 3)); for (Integer v : x) if (v == 2) x.remove(v); out.add("" + x); });
        fails("cme add", () -> { for (Integer v : l) l.add(v); });
        fails("cme map", () -> { Map<String, Integer> m = new HashMap<>(Map.of("a", 1, "b", 2)); for (String k : m.keySet()) m.put(k + "x", 1); });
        fails("cme map set", () -> { Map<String, Integer> m = new HashMap<>(Map.of("a", 1, "b", 2)); for (String k : m.keySet()) m.put(k, 5); out.add(m.toString()); });
        fails("cme foreach", () -> l.forEach(v -> l.add(v)));
        fails("cme sub", () -> { List<Integer> x = new ArrayList<>(List.of(1, 2, 3)); List<Integer> s = x.subList(0, 2); x.add(4); s.size(); });
        fails("compare", () -> Collections.sort(new ArrayList<>(Arrays.asList("b", null, "a"))));
        fails("max", () -> Collections.max(new ArrayList<Integer>()));
        fails("negative", () -> { int[] a = new int[-1]; });
        List<Integer> view = Collections.unmodifiableList(l);
        l.add(0, 555);
        out.add(view.get(0) + " " + view);
        String[] array = {"c", "a", "b"};
        List<String> backed = Arrays.asList(array);
        Collections.sort(backed);
        backed.set(0, "Z");
        out.add(Arrays.toString(array) + backed + backed.size());
        List<Integer> sub = l.subList(1, 3);
        sub.clear();
        sub.add(9);
        Collections.addAll(sub, 8, 7);
        sub.remove(Integer.valueOf(8));
        out.add(l + " " + sub + sub.contains(7) + sub.indexOf(7) + new ArrayList<>(sub).equals(sub) + sub.hashCode());
        LinkedList<String> q = new LinkedList<>(List.of("b", "c"));
        q.addFirst("a");
        q.offer("d");
        q.push("0");
        out.add(q.peek() + q.peekLast() + q.poll() + q.pollLast() + q + q.getFirst() + q.removeLast() + q.indexOf("b") + q.pop() + q.element());
        Deque<Integer> d = new ArrayDeque<>();
        for (int i = 0; i < 5; i++) if (i % 2 == 0) d.offerFirst(i); else d.offerLast(i);
        Iterator<Integer> down = d.descendingIterator();
        while (down.hasNext()) out.add("d" + down.next());
        PriorityQueue<String> pq = new PriorityQueue<>(Comparator.comparing(String::length).thenComparing(Comparator.naturalOrder()));
        pq.addAll(List.of("ccc", "a", "bb", "aa", "b"));
        StringBuilder order = new StringBuilder();
        while (!pq.isEmpty()) order.append(pq.poll()).append(' ');
        out.add(order.toString());
        List<Integer> nums = new ArrayList<>(List.of(5, 3, 9, 1));
        nums.sort(null);
        nums.replaceAll(v -> v * 2);
        Collections.swap(nums, 0, 3);
        Collections.rotate(nums, 1);
        out.add(nums + " " + Collections.max(nums) + Collections.min(nums, Comparator.reverseOrder()) + Collections.frequency(nums, 6) + Collections.binarySearch(List.of(1, 3, 5), 3) + Collections.binarySearch(List.of(1, 3, 5), 4) + Collections.disjoint(nums, List.of(1)) + Collections.nCopies(2, "x") + Collections.emptyMap());
        nums.retainAll(Arrays.asList(2, 6, 77));
        out.add(nums + "" + nums.containsAll(List.of(2)) + nums.removeAll(List.of(2)) + nums.addAll(0, List.of(4, 4)) + nums.lastIndexOf(4) + nums.equals(List.of(4, 4, 6)) + Arrays.toString(nums.toArray(new Integer[0])) + nums.toArray().length);
        JsArr all = JsArr.empty;
        for (String s : out) all = all.addString(s);
        return HttpLoop.Ok(JsObj.empty.addArr("v", all));
    }
}
