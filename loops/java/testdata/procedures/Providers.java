package flashcall;

import com.identityblitz.core.loop.*;
import com.identityblitz.core.loop.http.*;
import java.util.*;
import java.util.function.*;

// run {"phone_number":"79161234567","code":"4821"}
// answer 200 {"id":"77"}
// run {"phone_number":"79161234567","code":"48"}
// answer 200 {"id":"78"}
// run {"phone_number":"79161234567"}

/** Providers behind an abstract class: template methods, super, constructors of each level. */
public class Providers implements HttpLoop {
    interface Named {
        String name();

        default String title() { return "<" + name() + ">"; }
    }

    interface Priced extends Named {
        int price(int seconds);

        default String title() { return Named.class.getSimpleName() + " " + name() + " at " + price(60); }

        static Priced cheapest(List<? extends Priced> list) {
            Priced best = null;
            for (Priced p : list) if (best == null || p.price(10) < best.price(10)) best = p;
            return best;
        }
    }

    static abstract class Provider implements Priced, Comparable<Provider> {
        private static int made;
        protected final String base;
        protected int tries = 1;
        private final int number = ++made;
        final List<String> log = new ArrayList<>();

        Provider(String base) {
            this.base = base;
            log.add("made " + describe());
        }

        abstract String path();

        protected String describe() { return getClass().getSimpleName() + ":" + base + ":" + tries; }

        HttpLoopRequest call(JsObj obj) {
            log.add("call");
            return HttpLoop.callBuilder("POST", base + path()).withBody(body(JsObj.empty.addString("to", obj.asString("phone_number"))));
        }

        JsObj body(JsObj start) { return start.addInt("tries", tries).addInt("number", number).addString("log", log.toString()); }

        @Override public int price(int seconds) { return seconds / 6; }
        @Override public int compareTo(Provider other) { return name().compareTo(other.name()); }
        @Override public String toString() { return name() + "#" + number; }
    }

    static class Voice extends Provider {
        protected final String tries;
        private final String voice;

        Voice(String base, String voice) {
            super(base + "/voice");
            this.voice = voice;
            this.tries = "many";
            super.tries += 4;
        }

        Voice() { this("https://default.example", "anna"); }

        @Override String path() { return "/say?v=" + voice; }
        @Override public String name() { return "voice"; }
        @Override protected String describe() { return "[" + super.describe() + voice + tries + "]"; }
        @Override JsObj body(JsObj start) { return super.body(start.addString("voice", voice)).addString("words", tries).addInt("own", super.tries); }
        @Override public int price(int seconds) { return super.price(seconds) * 2 + 1; }
    }

    static class Flash extends Provider {
        Flash(String base) { super(base); }

        Flash(int port) { this("https://flash.example:" + port); }

        @Override String path() { return "/flash"; }
        @Override public String name() { return "flash"; }
    }

    static final class Premium extends Voice {
        Premium() { super("https://premium.example", "max"); }

        @Override public String name() { return "premium " + super.name(); }
        @Override public String title() { return "!" + super.title(); }
        @Override public boolean equals(Object o) { return o instanceof Voice; }
        @Override public int hashCode() { return 7; }
    }

    @Override
    public HttpLoopRequest run(final JsObj obj, final HttpLoopResult result) {
        List<Provider> all = new ArrayList<>(Arrays.asList(new Voice(), new Flash(8080), new Premium()));
        Collections.sort(all);
        String code = obj.asString("code");
        if (code == null) {
            StringBuilder b = new StringBuilder();
            for (Provider p : all) b.append(p).append(' ').append(p.title()).append(' ').append(p.log).append(p instanceof Voice).append(p instanceof Priced).append(p.equals(all.get(0))).append(';');
            Priced best = Priced.cheapest(all);
            Function<Priced, String> f = Priced::title;
            Supplier<Provider> make = Premium::new;
            Object o = best;
            b.append(best.title()).append(f.apply(make.get())).append(o instanceof Named).append(new HashSet<Object>(all).size());
            Named lambda = () -> "lambda";
            b.append(lambda.title()).append(lambda.name());
            return HttpLoop.Ok(JsObj.empty.addString("v", b.toString()));
        }
        Provider p = code.length() == 4 ? all.get(0) : all.get(2);
        return result == null ? p.call(obj) : HttpLoop.Ok(p.body(result.body()));
    }
}
