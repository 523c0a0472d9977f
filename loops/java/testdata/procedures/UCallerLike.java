package flashcall;

import com.identityblitz.core.loop.*;
import com.identityblitz.core.loop.http.*;
import com.ringtail.loop.Ringtail;
import java.util.*;

// run {"phone_number":"79161234567","code":"0042","reference":"ch-1"}
// answer 200 {"status":true,"ucaller_id":103000,"phone":79161234567,"code":"0042","client":"bank","unique_request_id":"f32d7ab0","exists":true}
// run {"phone_number":"79161234567","code":"0042","reference":"ch-2"}
// answer 200 {"status":false,"error":"Превышен лимит","code":5}
// run {"phone_number":"79161234567","code":"0042","reference":"ch-3"}
// answer 200 {"status":false,"error":"?","code":777}
// run {"phone_number":"79161234567","code":"0042","reference":"ch-4"}
// answer 401 {}
// run {"phone_number":"79161234567","code":"0042","reference":"ch-5"}
// answer 200 {"status":"yes"}

/** A GET with everything in the query; errors by a table that a static block fills. */
public class UCallerLike implements HttpLoop {
    private static final String URL = "https://api.ucaller.example/v1.0/";
    private static final Map<Integer, String> ERRORS = new HashMap<Integer, String>() {{
        put(0, "auth_failed");
        put(1, "auth_failed");
        put(5, "rate_limited");
        put(10, "bad_number");
    }};
    private static final int[] RETRY = {429, 502, 503, 504};

    static {
        for (int status : RETRY) ERRORS.putIfAbsent(-status, "unavailable");
        ERRORS.put(-401, "auth_failed");
    }

    @Override
    public HttpLoopRequest run(final JsObj obj, final HttpLoopResult result) {
        if (result == null) {
            String phone = obj.asString("phone_number");
            return HttpLoop.callBuilder("GET", URL + "initCall")
                .withQuery("service_id", Ringtail.secret("SERVICE")).withQuery("key", Ringtail.secret("KEY"))
                .withQuery("phone", phone).withQuery("code", obj.asString("code"))
                .withQuery("unique", unique(obj.asString("reference"), phone)).withHeader("Accept", "application/json");
        }
        if (result.status() != 200) {
            return failed(-result.status(), "http " + result.status());
        }
        final JsObj body = result.body();
        if (Boolean.TRUE.equals(body.asBool("status"))) {
            return HttpLoop.Ok(JsObj.empty.addString("code", body.asString("code")).addString("call_id", String.valueOf(body.asLong("ucaller_id"))).addInt("len", body.asString("phone").length()));
        }
        return failed(body.asInt("code"), body.asString("error"));
    }

    private HttpLoopRequest failed(int code, String text) {
        String key = ERRORS.getOrDefault(code, "unavailable");
        Map<String, String> params = new LinkedHashMap<>();
        params.put("code", Integer.toString(code));
        params.put("text", text == null || text.isEmpty() ? "-" : text.length() > 20 ? text.substring(0, 17) + "..." : text);
        return HttpLoop.error(key, params);
    }

    private static String unique(String reference, String phone) {
        String hash = Ringtail.hash("sha256", reference + ":" + phone);
        return String.format("%s-%s-%s", hash.substring(0, 8), hash.substring(8, 12), hash.substring(hash.length() - 4).toUpperCase());
    }
}
