package com.identityblitz.core.loop.http;

import com.identityblitz.core.loop.JsArr;
import com.identityblitz.core.loop.JsObj;

/** The last answer. */
public final class HttpLoopResult {
    private final int status;
    private final String text;

    public HttpLoopResult(int status, String text) {
        this.status = status;
        this.text = text;
    }

    public int status() { return status; }
    public JsObj body() { return JsObj.parse(text); }
    public JsArr bodyArr() { return JsArr.parse(text); }
    public String text() { return text; }
    public String header(String name) { return null; }
}
