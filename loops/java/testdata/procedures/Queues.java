package flashcall;

import com.identityblitz.core.loop.*;
import com.identityblitz.core.loop.http.*;
import java.util.*;
import java.util.function.*;

/** A simulation of a call centre: events in a priority queue, agents as inner classes, an LRU of numbers. */
public class Queues implements HttpLoop {
    private long now;
    private long seed = 12345;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final Deque<Call> waiting = new ArrayDeque<>();
    private final List<Agent> agents = new ArrayList<>();
    private final StringBuilder log = new StringBuilder();
    private final Map<String, Integer> recent = new LinkedHashMap<>(16, 0.75f, true);

    private int random(int n) {
        seed = seed * 6364136223846793005L + 1442695040888963407L;
        return (int) ((seed >>> 33) % n);
    }

    private abstract class Event implements Comparable<Event>, Runnable {
        final long at;
        private final int order = events.size();
        Event(long delay) { at = now + delay; }
        @Override public int compareTo(Event o) { return at != o.at ? Long.compare(at, o.at) : Integer.compare(order, o.order); }
    }

    private final class Call {
        final String number = "79" + (100 + random(7));
        final long since = now;
    }

    private class Agent {
        final String name;
        private Call call;
        private int served;

        Agent(String name) { this.name = name; }
        boolean free() { return call == null; }

        void take(Call c) {
            call = c;
            log.append(now).append(name).append('<').append(c.number, 2, c.number.length()).append('+').append(now - c.since).append(' ');
            events.add(new Event(3 + random(9)) {
                @Override public void run() {
                    served++;
                    recent.merge(call.number, 1, Integer::sum);
                    call = null;
                    Call next = waiting.poll();
                    if (next != null) take(next);
                    else log.append(at).append(name).append("- ");
                }
            });
        }
    }

    private class Arrival extends Event {
        Arrival(long delay) { super(delay); }

        @Override public void run() {
            Call c = new Call();
            recent.get(c.number);
            Optional<Agent> free = agents.stream().filter(Agent::free).findFirst();
            if (free.isPresent()) free.get().take(c);
            else if (waiting.size() < 3) waiting.offer(c);
            else log.append("lost").append(c.number.charAt(4)).append(' ');
            if (now < 60) events.offer(new Arrival(1 + random(4)));
        }
    }

    public HttpLoopRequest run(final JsObj obj, final HttpLoopResult result) {
        for (String n : "ABC".split("")) agents.add(new Agent(n));
        events.add(new Arrival(0));
        int steps = 0;
        for (Event e; (e = events.poll()) != null && steps < 500; steps++) {
            now = e.at;
            e.run();
        }
        StringBuilder sums = new StringBuilder();
        for (Agent a : agents) sums.append(a.name).append(a.served);
        return HttpLoop.Ok(JsObj.empty.addString("log", log.toString()).addString("served", sums.toString()).addString("recent", recent.toString()).addInt("steps", steps).addInt("now", now));
    }
}
