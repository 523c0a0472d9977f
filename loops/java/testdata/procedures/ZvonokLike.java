package flashcall;

import com.identityblitz.core.loop.*;
import com.identityblitz.core.loop.http.*;
import com.ringtail.loop.Ringtail;
import java.util.*;

// run {"phone_number":"79161234567"}
// answer 200 {"status":"ok","data":{"balance":"12.5","call_id":"c1","created":"2026-03-01 10:00:00","phone":"+79161234567","pincode":"0815"}}
// answer 200 [{"call_id":"c1","status":"in_process"}]
// answer 200 [{"call_id":"c1","status":"in_process"},{"call_id":"c2","status":"user"}]
// answer 200 [{"call_id":"c1","status":"compl_finished","dial_status_display":"Абонент ответил","button_num":null}]
// run {"phone_number":"79161234567"}
// answer 200 {"status":"error","data":"Invalid phone"}
// run {"phone_number":"79161234567"}
// answer 200 {"status":"ok","data":{"balance":"12.5","call_id":"c1"}}
// answer 200 []
// answer 200 []
// answer 200 []

/** Several steps, with what is known kept between them. */
public class ZvonokLike implements HttpLoop {
    private static final int MOST = 3;

    private enum Stage { START, ORDERED, ASKED }

    public HttpLoopRequest run(final JsObj obj, final HttpLoopResult result, final JsObj state) {
        Stage stage = result == null ? Stage.START : state.has("tries") ? Stage.ASKED : Stage.ORDERED;
        switch (stage) {
            case START:
                return HttpLoop.callBuilder("POST", "https://zvonok.example/manager/cabapi_external/api/v1/phones/flashcall/").withForm(JsObj.empty.addString("public_key", Ringtail.secret("KEY")).addString("phone", "+" + obj.asString("phone_number"))).build(JsObj.empty);
            case ORDERED:
                JsObj body = result.body();
                if (!"ok".equals(body.asString("status"))) return HttpLoop.error("bad_number", Collections.singletonMap("text", body.asString("data")));
                JsObj data = body.asObj("data");
                return ask(JsObj.empty.addString("id", data.asString("call_id")).addString("pin", data.asString("pincode")).addInt("tries", 0));
            case ASKED:
                int tries = state.asInt("tries") + 1;
                JsArr list = result.bodyArr();
                for (int i = 0; i < list.size(); i++) {
                    JsObj call = list.asObj(i);
                    if (!call.asString("call_id").equals(state.asString("id"))) continue;
                    if (call.asString("status").startsWith("compl")) {
                        return HttpLoop.Ok(JsObj.empty.addString("code", state.asString("pin")).addString("state", call.asString("dial_status_display")).addBool("pressed", call.asString("button_num") != null).addInt("tries", tries));
                    }
                }
                if (tries >= MOST) return HttpLoop.error("no_answer", Collections.emptyMap());
                return ask(state.addInt("tries", tries));
        }
        throw new AssertionError(stage);
    }

    private HttpLoopRequest ask(JsObj state) {
        return HttpLoop.callBuilder("GET", "https://zvonok.example/call_by_id?expand=1").withQuery("call_id", state.asString("id")).build(state);
    }
}
