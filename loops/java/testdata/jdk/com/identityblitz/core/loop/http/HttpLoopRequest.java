package com.identityblitz.core.loop.http;

import com.identityblitz.core.loop.JsArr;
import com.identityblitz.core.loop.JsObj;
import com.identityblitz.core.loop.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/** A request that is being made, or what a procedure ended with. */
public final class HttpLoopRequest {
    private String method = "", url = "", body = "", ending;
    private final TreeMap<String, List<String>> headers = new TreeMap<>();
    private final List<String> query = new ArrayList<>();
    private JsObj state;

    HttpLoopRequest(String method, String url) {
        this.method = method.toUpperCase();
        this.url = url;
    }

    static HttpLoopRequest ending(String text) {
        HttpLoopRequest r = new HttpLoopRequest("", "");
        r.ending = text;
        return r;
    }

    static HttpLoopRequest failure(String key, Map<String, String> params) {
        StringBuilder out = new StringBuilder("error ").append(key);
        if (params != null) {
            for (Map.Entry<String, String> e : new TreeMap<>(params).entrySet()) {
                if (e.getValue() != null) out.append(' ').append(e.getKey()).append('=').append(e.getValue());
            }
        }
        return ending(out.toString());
    }

    private static String escaped(String s) {
        StringBuilder out = new StringBuilder();
        for (byte b : s.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 255);
            if (c < 128 && (Character.isLetterOrDigit(c) || "-_.~".indexOf(c) >= 0)) out.append(c);
            else if (c == ' ') out.append('+');
            else out.append(String.format("%%%02X", (int) c));
        }
        return out.toString();
    }

    private HttpLoopRequest body(String kind, String text) {
        headers.computeIfAbsent("content-type", k -> new ArrayList<>(List.of(kind)));
        body = text;
        return this;
    }

    public HttpLoopRequest withHeader(String name, String value) {
        headers.computeIfAbsent(name.toLowerCase(), k -> new ArrayList<>()).add(value);
        return this;
    }

    public HttpLoopRequest withQuery(String name, String value) {
        query.add(escaped(name) + "=" + escaped(value));
        return this;
    }

    public HttpLoopRequest withBasicAuth(String name, String password) {
        String text = Base64.getEncoder().encodeToString((name + ":" + password).getBytes(StandardCharsets.UTF_8));
        headers.put("authorization", new ArrayList<>(List.of("Basic " + text)));
        return this;
    }

    public HttpLoopRequest withBody(JsObj v) { return body("application/json", v.toString()); }
    public HttpLoopRequest withBody(JsArr v) { return body("application/json", v.toString()); }
    public HttpLoopRequest withText(String text) { return body("text/plain; charset=utf-8", text); }
    public HttpLoopRequest withText(String text, String kind) { return body(kind, text); }

    public HttpLoopRequest withForm(JsObj v) {
        StringJoiner out = new StringJoiner("&");
        for (Map.Entry<String, Object> e : v.raw().entrySet()) {
            if (e.getValue() != null) out.add(escaped(e.getKey()) + "=" + escaped(e.getValue().toString()));
        }
        return body("application/x-www-form-urlencoded", out.toString());
    }

    public String bodyText() { return body; }
    public HttpLoopRequest build() { return this; }

    public HttpLoopRequest build(JsObj state) {
        this.state = state;
        return this;
    }

    public boolean ends() { return ending != null; }
    public JsObj state() { return state; }

    /** What the oracle compares. */
    public String told() {
        if (ending != null) return ending;
        String whole = url;
        if (!query.isEmpty()) whole += (url.contains("?") ? "&" : "?") + String.join("&", query);
        return method + " " + whole + " " + headers + " " + body + (state == null ? "" : " state " + state);
    }
}
