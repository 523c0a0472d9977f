package com.identityblitz.core.loop;

import java.util.ArrayList;
import java.util.List;

/** A JSON array that is never changed. */
public final class JsArr {
    public static final JsArr empty = new JsArr(new ArrayList<>());
    final List<Object> items;

    JsArr(List<Object> items) { this.items = items; }

    public static JsArr parse(String text) {
        Object v = Json.read(text);
        if (!(v instanceof List)) throw new BadAnswer("the JSON value is no array");
        return Values.array(v);
    }

    private JsArr with(Object v) {
        List<Object> out = new ArrayList<>(items);
        out.add(v);
        return new JsArr(out);
    }

    private Object at(int i) { return i < 0 || i >= items.size() ? null : items.get(i); }

    public String asString(int i) { return Values.text(at(i)); }
    public Integer asInt(int i) { return Values.integer(at(i), "" + i); }
    public Long asLong(int i) { return Values.whole(at(i), "" + i); }
    public Double asDecimal(int i) { return Values.decimal(at(i)); }
    public Boolean asBool(int i) { return Values.bool(at(i)); }
    public JsObj asObj(int i) { return Values.object(at(i)); }
    public JsArr asArr(int i) { return Values.array(at(i)); }
    public JsArr addString(String v) { return with(v); }
    public JsArr addInt(int v) { return with(v); }
    public JsArr addInt(long v) { return with(v); }
    public JsArr addDecimal(double v) { return with(Values.number(v)); }
    public JsArr addBool(boolean v) { return with(v); }
    public JsArr addObj(JsObj v) { return with(v.values); }
    public JsArr addArr(JsArr v) { return with(v.items); }
    public JsArr addNull() { return with(null); }
    public int size() { return items.size(); }

    /** The items as they are kept, for the builder. */
    public List<Object> raw() { return items; }

    @Override public String toString() { return Json.write(items); }
}
