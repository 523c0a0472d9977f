package com.identityblitz.core.loop;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads and writes JSON as the engine does: keys keep their order, numbers their text (a Number of another class is its own). */
public final class Json {
    /** A number that keeps its text. */
    public record Num(String text) {
        @Override public String toString() { return text; }
    }

    private final String s;
    private int i;

    private Json(String s) { this.s = s; }

    public static Object read(String text) {
        Json j = new Json(text);
        Object v = j.value();
        j.space();
        if (j.i < text.length()) throw new BadAnswer("there is something after the end of the JSON value");
        return v;
    }

    public static String write(Object v) {
        StringBuilder out = new StringBuilder();
        write(out, v);
        return out.toString();
    }

    private static void write(StringBuilder out, Object v) {
        String by = "";
        if (v instanceof Map<?, ?> m) {
            out.append('{');
            for (Map.Entry<?, ?> e : m.entrySet()) {
                out.append(by);
                text(out, (String) e.getKey());
                write(out.append(':'), e.getValue());
                by = ",";
            }
            out.append('}');
        } else if (v instanceof List<?> l) {
            out.append('[');
            for (Object o : l) {
                write(out.append(by), o);
                by = ",";
            }
            out.append(']');
        } else if (v instanceof String t) {
            text(out, t);
        } else {
            out.append(v);
        }
    }

    /** The escapes of Go's encoding/json without those for HTML. */
    private static void text(StringBuilder out, String t) {
        out.append('"');
        for (int i = 0; i < t.length(); i++) {
            char c = t.charAt(i);
            int k = "\"\\\n\r\t\b\f".indexOf(c);
            if (k >= 0) out.append('\\').append("\"\\nrtbf".charAt(k));
            else if (c < 0x20 || c == 0x2028 || c == 0x2029) out.append(String.format("\\u%04x", (int) c));
            else out.append(c);
        }
        out.append('"');
    }

    private void space() {
        while (i < s.length() && " \t\r\n".indexOf(s.charAt(i)) >= 0) i++;
    }

    private char next() {
        if (i >= s.length()) throw new BadAnswer("not JSON: unexpected EOF");
        return s.charAt(i++);
    }

    private Object value() {
        space();
        char c = next();
        switch (c) {
            case '{': return object();
            case '[': return array();
            case '"': return string();
        }
        int from = --i;
        while (i < s.length() && ",]} \t\r\n".indexOf(s.charAt(i)) < 0) i++;
        String word = s.substring(from, i);
        switch (word) {
            case "true": return true;
            case "false": return false;
            case "null": return null;
        }
        if (!word.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?")) throw new BadAnswer("not JSON: " + word);
        return new Num(word);
    }

    private Map<String, Object> object() {
        Map<String, Object> out = new LinkedHashMap<>();
        space();
        if (s.startsWith("}", i)) { i++; return out; }
        do {
            space();
            if (next() != '"') throw new BadAnswer("not JSON: a key is wanted");
            String key = string();
            space();
            if (next() != ':') throw new BadAnswer("not JSON: a colon is wanted");
            out.put(key, value());
            space();
        } while (more('}'));
        return out;
    }

    private List<Object> array() {
        List<Object> out = new ArrayList<>();
        space();
        if (s.startsWith("]", i)) { i++; return out; }
        do {
            out.add(value());
            space();
        } while (more(']'));
        return out;
    }

    private boolean more(char close) {
        char c = next();
        if (c != ',' && c != close) throw new BadAnswer("not JSON: unexpected " + c);
        return c == ',';
    }

    private String string() {
        StringBuilder out = new StringBuilder();
        for (char c; (c = next()) != '"'; ) {
            if (c != '\\') { out.append(c); continue; }
            c = next();
            int k = "nrtbf".indexOf(c);
            if (k >= 0) out.append("\n\r\t\b\f".charAt(k));
            else if (c == 'u') { out.append((char) Integer.parseInt(s.substring(i, i + 4), 16)); i += 4; }
            else out.append(c);
        }
        return out.toString();
    }
}
