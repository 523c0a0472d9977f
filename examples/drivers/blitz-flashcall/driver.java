package flashcall;

import com.identityblitz.core.loop.http.HttpLoop;
import com.identityblitz.core.loop.http.HttpLoopRequest;
import com.identityblitz.core.loop.http.HttpLoopResult;
import com.identityblitz.core.loop.JsObj;
import java.util.Collections;

public class FlashCallFlow implements HttpLoop {

        public HttpLoopRequest run(final JsObj obj, final HttpLoopResult result) {
                if (result == null) {
                        final String number = obj.asString("phone_number");
                        return HttpLoop.callBuilder("POST", "https://provider.example/call")
                                        .withHeader("Token", "1234567890")
                                        .withBody(JsObj.empty.addString("id", "test").addString("dst_number", number.substring(number.length() - 10)))
                                        .build(JsObj.empty);
                } else if (result.status() == 200) {
                        final JsObj body = result.body();
                        return HttpLoop.Ok(JsObj.empty.addString("code", body.asString("SenderID")));
                } else {
                        return HttpLoop.error("wrong_http_status",
                                        Collections.<String, String>singletonMap("status", "" + result.status()));
                }
        }
}
