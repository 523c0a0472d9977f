package flashcall;

import com.identityblitz.core.loop.*;
import com.identityblitz.core.loop.http.*;
import java.util.*;

/** The order in which fields, blocks and constructors run. */
public class Initialising implements HttpLoop {
    static final StringBuilder LOG = new StringBuilder();
    static int counter = log("counter", 5);
    static final int LATE;
    static final String JOINED = "a" + 1 + 'c' + true + 2L;

    static {
        LOG.append("static1;");
        LATE = counter * 2;
        counter++;
    }

    int field = log("field", counter);
    String name;

    {
        LOG.append("block ").append(field).append(name).append(';');
        name = "set";
        field += 10;
    }

    int second = log("second", field);

    static {
        LOG.append("static2 ").append(LATE).append(';');
    }

    static int log(String what, int v) {
        LOG.append(what).append('=').append(v).append(';');
        return v;
    }

    static class Base {
        static { LOG.append("Base.static;"); }
        int x = log("Base.x", 1);
        { LOG.append("Base.block;"); }
        Base() { this(log("Base.arg", 2)); LOG.append("Base();"); hook(); }
        Base(int v) { LOG.append("Base(int);"); x += v; }
        void hook() { LOG.append("Base.hook;"); }
        static String who() { return "base"; }
        String me() { return "base" + x; }
    }

    static class Derived extends Base {
        static { LOG.append("Derived.static;"); }
        int y = log("Derived.y", 7);
        final int z;
        int x = 40;
        Derived() { LOG.append("Derived();"); z = y + x + super.x; }
        Derived(String s) { super(log("Derived.arg", 3)); z = s.length(); }
        @Override void hook() { LOG.append("Derived.hook y=" + y + ";"); }
        static String who() { return "derived"; }
        @Override String me() { return "derived" + x + super.me(); }
    }

    static class Lazy {
        static { LOG.append("Lazy.static;"); }
        static final int CONSTANT = 12;
        static int value = 13;
    }

    static class Shadow {
        int a = 1;
        int b;

        Shadow(int a, int b) {
            this.a = a;
            b = b + 1;
            this.b = a + b;
        }

        Shadow copy() {
            int a = this.a * 2;
            return new Shadow(a, this.b);
        }

        Shadow self() { return this; }
        Shadow a(int a) { this.a = a; return this; }
    }

    private static int fact(int n) { return n <= 1 ? 1 : n * fact(n - 1); }
    private static int sum(int... v) { int s = 0; for (int x : v) s += x; return s; }
    private static String join(String sep, Object... parts) { StringBuilder b = new StringBuilder(); for (Object p : parts) b.append(b.length() > 0 ? sep : "").append(p); return b.toString(); }

    public HttpLoopRequest run(final JsObj obj, final HttpLoopResult result) {
        LOG.append("run;");
        Base b = new Derived();
        Derived d = new Derived("four");
        LOG.append(Lazy.CONSTANT).append(';').append(Lazy.value).append(';');
        Shadow s = new Shadow(3, 4).copy().self().a(9);
        return HttpLoop.Ok(JsObj.empty.addString("log", LOG.toString()).addString("v", field + " " + second + " " + name + " " + counter + " " + LATE + JOINED + " " + b.x + " " + ((Derived) b).x + " " + d.z + " " + ((Base) d).x + b.me() + Base.who() + Derived.who() + s.a + s.b + fact(10) + sum() + sum(1) + sum(1, 2, 3) + join("-", 1, "x", null, 'c') + join("+")));
    }
}
