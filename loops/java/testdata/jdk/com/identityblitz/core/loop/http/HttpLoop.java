package com.identityblitz.core.loop.http;

import com.identityblitz.core.loop.JsObj;
import java.util.Map;

/** The words of the contract. */
public interface HttpLoop {
    /** The procedure's own, which may have the kept state as a third parameter instead. */
    default HttpLoopRequest run(JsObj obj, HttpLoopResult result) throws Exception { throw new AbstractMethodError("run"); }

    static HttpLoopRequest callBuilder(String method, String url) { return new HttpLoopRequest(method, url); }
    static HttpLoopRequest Ok(JsObj value) { return HttpLoopRequest.ending("ok " + value); }
    static HttpLoopRequest error(String key) { return error(key, null); }
    static HttpLoopRequest error(String key, Map<String, String> params) { return HttpLoopRequest.failure(key, params); }
}
