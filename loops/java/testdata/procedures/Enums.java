package flashcall;

import com.identityblitz.core.loop.*;
import com.identityblitz.core.loop.http.*;
import java.util.*;
import java.util.stream.*;

/** Enums with bodies, abstract methods, interfaces and tables. */
public class Enums implements HttpLoop {
    interface Priced {
        int price();
        default String label() { return this + "=" + price(); }
    }

    enum Op {
        ADD("+") {
            @Override int apply(int a, int b) { return a + b; }
        },
        SUB("-") {
            @Override int apply(int a, int b) { return a - b; }
            @Override boolean commutes() { return false; }
        },
        MUL("*") {
            private int used;
            @Override int apply(int a, int b) { used++; return a * b + used - used; }
        };

        private final String sign;
        private static final Map<String, Op> BY_SIGN = new HashMap<>();

        static {
            for (Op op : values()) BY_SIGN.put(op.sign, op);
        }

        Op(String sign) { this.sign = sign; }

        abstract int apply(int a, int b);

        boolean commutes() { return true; }

        static Op of(String sign) {
            Op op = BY_SIGN.get(sign);
            if (op == null) throw new IllegalArgumentException("no " + sign);
            return op;
        }
    }

    enum Tariff implements Priced {
        NIGHT(1), DAY(3), WEEKEND;

        private int cents = 2;

        Tariff() { }

        Tariff(int cents) { this.cents = cents; }

        @Override public int price() { return cents * 10; }

        Tariff next() { return values()[(ordinal() + 1) % values().length]; }
    }

    enum Level { LOW, HIGH; @Override public String toString() { return name().toLowerCase(); } }

    enum Once { INSTANCE; int n; int up() { return ++n; } }

    static String word(Tariff t) {
        switch (t) {
            case NIGHT: return "n";
            case DAY:
            case WEEKEND: return "d";
        }
        return "?";
    }

    public HttpLoopRequest run(final JsObj obj, final HttpLoopResult result) {
        List<Object> out = new ArrayList<>();
        for (Op op : Op.values()) out.add(op + op.sign + op.apply(6, 3) + op.commutes() + op.ordinal() + op.name() + op.compareTo(Op.SUB) + Op.of(op.sign).equals(op));
        for (Tariff t : Tariff.values()) out.add(t.label() + t.next() + word(t) + (t == Tariff.valueOf("DAY")));
        for (String bad : new String[]{"x", "day"}) {
            try {
                out.add(Op.of(bad));
            } catch (IllegalArgumentException e) {
                out.add(e.getMessage());
            }
            try {
                out.add(Tariff.valueOf(bad));
            } catch (IllegalArgumentException e) {
                out.add(e.getMessage());
            }
        }
        try {
            out.add(Tariff.valueOf(null));
        } catch (NullPointerException e) {
            out.add(e.getMessage());
        }
        Tariff none = null;
        try {
            out.add(word(none));
        } catch (NullPointerException e) {
            out.add("npe");
        }
        Map<Tariff, Integer> m = new TreeMap<>(Comparator.reverseOrder());
        for (Tariff t : Tariff.values()) m.put(t, t.price());
        Map<Level, String> em = new EnumMap<>(Level.class);
        em.put(Level.HIGH, "h");
        em.put(Level.LOW, "l");
        out.add(m + " " + em + EnumSet.of(Tariff.DAY, Tariff.NIGHT) + EnumSet.allOf(Level.class) + EnumSet.noneOf(Level.class) + EnumSet.complementOf(EnumSet.of(Tariff.DAY)));
        out.add(Level.LOW + " " + Level.HIGH.name() + Arrays.asList(Level.values()) + Stream.of(Tariff.values()).map(Tariff::name).collect(Collectors.joining("|")) + Stream.of(Tariff.values()).sorted(Comparator.comparing(Tariff::price)).collect(Collectors.toList()) + Arrays.stream(Level.values()).collect(Collectors.toMap(Level::ordinal, l -> l)));
        Level l = Level.values()[1];
        out.add(switch (l) { case LOW -> "low one"; case HIGH -> { String s = "hi"; yield s + l.ordinal(); } });
        out.add(Once.INSTANCE.up() + Once.INSTANCE.up() + " " + Once.valueOf("INSTANCE").n + " " + Level.LOW.getClass().getSimpleName() + Level.LOW.getDeclaringClass().getSimpleName() + Objects.equals(l, Level.HIGH) + (l != Level.LOW) + Collections.max(Arrays.asList(Tariff.values())));
        JsArr all = JsArr.empty;
        for (Object o : out) all = all.addString("" + o);
        return HttpLoop.Ok(JsObj.empty.addArr("v", all));
    }
}
