package com.identityblitz.core.loop;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A JSON object that is never changed. */
public final class JsObj {
    public static final JsObj empty = new JsObj(new LinkedHashMap<>());
    final Map<String, Object> values;

    JsObj(Map<String, Object> values) { this.values = values; }

    public static JsObj parse(String text) { return need(Json.read(text)); }

    private static JsObj need(Object v) {
        if (!(v instanceof Map)) throw new BadAnswer("the JSON value is no object");
        return Values.object(v);
    }

    private JsObj with(String key, Object v) {
        Map<String, Object> out = new LinkedHashMap<>(values);
        out.put(key, v);
        return new JsObj(out);
    }

    public String asString(String key) { return Values.text(values.get(key)); }
    public Integer asInt(String key) { return Values.integer(values.get(key), key); }
    public Long asLong(String key) { return Values.whole(values.get(key), key); }
    public Double asDecimal(String key) { return Values.decimal(values.get(key)); }
    public Boolean asBool(String key) { return Values.bool(values.get(key)); }
    public JsObj asObj(String key) { return Values.object(values.get(key)); }
    public JsArr asArr(String key) { return Values.array(values.get(key)); }
    public JsObj addString(String key, String v) { return with(key, v); }
    public JsObj addInt(String key, Integer v) { return with(key, v); }
    public JsObj addInt(String key, Long v) { return with(key, v); }
    public JsObj addInt(String key, int v) { return with(key, v); }
    public JsObj addInt(String key, long v) { return with(key, v); }
    public JsObj addLong(String key, long v) { return with(key, v); }
    public JsObj addDecimal(String key, double v) { return with(key, Values.number(v)); }
    public JsObj addBool(String key, boolean v) { return with(key, v); }
    public JsObj addObj(String key, JsObj v) { return with(key, v.values); }
    public JsObj addArr(String key, JsArr v) { return with(key, v.items); }
    public JsObj addNull(String key) { return with(key, null); }
    public boolean has(String key) { return values.containsKey(key); }
    public List<String> keys() { return new ArrayList<>(values.keySet()); }
    public int size() { return values.size(); }

    public JsObj remove(String key) {
        Map<String, Object> out = new LinkedHashMap<>(values);
        out.remove(key);
        return new JsObj(out);
    }

    /** The values as they are kept, for the builder. */
    public Map<String, Object> raw() { return values; }

    @Override public String toString() { return Json.write(values); }
}
