package com.identityblitz.core.loop;

import java.util.List;
import java.util.Map;

/** What the as.. methods of JsObj and JsArr share. */
final class Values {
    private Values() { }

    static String text(Object v) {
        if (v == null) return null;
        if (v instanceof Map || v instanceof List) throw new BadAnswer("the value is no text");
        return v.toString();
    }

    private static String scalar(Object v) { return v instanceof String || v instanceof Json.Num || v instanceof Number ? v.toString() : ""; }

    static Long whole(Object v, String where) {
        if (v == null) return null;
        if (!scalar(v).matches("-?[0-9]{1,19}")) throw new BadAnswer("the value is no whole number");
        return Long.valueOf(scalar(v));
    }

    static Integer integer(Object v, String where) {
        Long l = whole(v, where);
        if (l == null) return null;
        if (l != l.intValue()) throw new ArithmeticException("asInt(" + where + "): " + l + " doesn't fit an int; use asLong");
        return l.intValue();
    }

    static Double decimal(Object v) {
        if (v == null) return null;
        if (!scalar(v).matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?")) throw new BadAnswer("the value is no number");
        return Double.valueOf(scalar(v));
    }

    static Boolean bool(Object v) {
        if (v == null || v instanceof Boolean) return (Boolean) v;
        throw new BadAnswer("the value is no boolean");
    }

    @SuppressWarnings("unchecked")
    static JsObj object(Object v) {
        if (v == null) return null;
        if (v instanceof Map) return new JsObj((Map<String, Object>) v);
        throw new BadAnswer("the value is no object");
    }

    @SuppressWarnings("unchecked")
    static JsArr array(Object v) {
        if (v == null) return null;
        if (v instanceof List) return new JsArr((List<Object>) v);
        throw new BadAnswer("the value is no array");
    }

    /** A double as the engine writes it: Go's shortest form in JSON. */
    static Json.Num number(double d) {
        if (d == Math.rint(d) && Math.abs(d) < 1e15) return new Json.Num(Long.toString((long) d));
        return new Json.Num(new java.math.BigDecimal(Double.toString(d)).toPlainString());
    }
}
