package flashcall;

import com.identityblitz.core.loop.*;
import com.identityblitz.core.loop.http.*;
import java.util.*;
import java.util.function.*;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

// run {"phone_number":"79161234567","code":"1234","ip":"10.0.0.1"}
// answer 503 {}
// answer 503 {}
// answer 200 {"result":{"items":[{"code":"11"},{"code":"22"}]}}
// run {"phone_number":"79161234567","code":"1234","ip":""}
// answer 503 {}
// answer 503 {}
// answer 503 {}

/** A fluent builder, a chain of handlers, and a retry that the state counts. */
public class Builders implements HttpLoop {
    private static final Logger log = LoggerFactory.getLogger(Builders.class);

    static final class Message {
        private final String to, text;
        private final Map<String, String> extra;
        private final boolean urgent;

        private Message(Builder b) {
            to = b.to;
            text = b.text;
            extra = Collections.unmodifiableMap(new TreeMap<>(b.extra));
            urgent = b.urgent;
        }

        static Builder to(String number) { return new Builder(number); }

        JsObj json() {
            JsObj o = JsObj.empty.addString("to", to).addString("text", text).addBool("urgent", urgent);
            for (String k : extra.keySet()) o = o.addString("x_" + k, extra.get(k));
            return o;
        }

        static final class Builder {
            private final String to;
            private String text = "";
            private final Map<String, String> extra = new HashMap<>();
            private boolean urgent;

            private Builder(String to) { this.to = to; }
            Builder text(String format, Object... args) { text = String.format(format, args); return this; }
            Builder with(String key, Object value) { if (value != null) extra.put(key, value.toString()); return this; }
            Builder urgent() { urgent = true; return this; }
            Builder when(boolean yes, UnaryOperator<Builder> f) { return yes ? f.apply(this) : this; }
            Message build() {
                if (text.isEmpty()) throw new IllegalStateException("no text");
                return new Message(this);
            }
        }
    }

    abstract static class Handler {
        private Handler next;
        Handler then(Handler h) { if (next == null) next = h; else next.then(h); return this; }
        HttpLoopRequest handle(HttpLoopResult r, JsObj state) {
            HttpLoopRequest out = answer(r, state);
            if (out != null || next == null) return out;
            return next.handle(r, state);
        }
        protected abstract HttpLoopRequest answer(HttpLoopResult r, JsObj state);
    }

    private static class Good extends Handler {
        @Override protected HttpLoopRequest answer(HttpLoopResult r, JsObj state) {
            if (r.status() / 100 != 2) return null;
            JsArr items = r.body().asObj("result").asArr("items");
            String code = "";
            for (int i = items.size(); i-- > 0; ) code += items.asObj(i).asString("code");
            return HttpLoop.Ok(JsObj.empty.addString("code", code).addInt("tries", state.asInt("tries")));
        }
    }

    private class Again extends Handler {
        private final int most;
        Again(int most) { this.most = most; }
        @Override protected HttpLoopRequest answer(HttpLoopResult r, JsObj state) {
            int tries = state.asInt("tries");
            log.warn("status {} at try {}", r.status(), tries);
            return tries < most ? send(state.asObj("body"), tries + 1) : null;
        }
    }

    private HttpLoopRequest send(JsObj body, int tries) {
        return HttpLoop.callBuilder("put", "https://p.example/messages/" + tries).withBody(body).build(JsObj.empty.addObj("body", body).addInt("tries", tries));
    }

    public HttpLoopRequest run(final JsObj obj, final HttpLoopResult result, final JsObj state) {
        if (result != null) {
            HttpLoopRequest out = new Good().then(new Again(3)).then(new Handler() {
                @Override protected HttpLoopRequest answer(HttpLoopResult r, JsObj s) { return HttpLoop.error("unavailable", Map.of("status", "" + r.status(), "tries", s.asString("tries"))); }
            }).handle(result, state);
            return Objects.requireNonNull(out);
        }
        String ip = obj.asString("ip");
        Message m = Message.to(obj.asString("phone_number")).text("%s is your code, %04d%%", obj.asString("code"), 7).with("ip", ip.isEmpty() ? null : ip).with("n", 42).with("list", List.of(1, 2)).when(ip.length() > 3, b -> b.urgent().with("z", 'c')).build();
        return send(m.json(), 1);
    }
}
