import com.identityblitz.core.loop.http.HttpLoop;
import com.identityblitz.core.loop.http.HttpLoopRequest;
import com.identityblitz.core.loop.http.HttpLoopResult;
import com.identityblitz.core.loop.JsObj;
import java.util.Collections;

public class Driver implements HttpLoop {

  public HttpLoopRequest run(final JsObj obj, final HttpLoopResult result) {
    if (result == null) {
      return HttpLoop.callBuilder("POST", "https://api.provider.example/call")
          .withBody(JsObj.empty.addString("to", obj.asString("phone_number")))
          .build(JsObj.empty);
    }
    if (result.status() == 200) {
      return HttpLoop.Ok(JsObj.empty.addString("code", result.body().asString("caller")));
    }
    return HttpLoop.error("wrong_http_status", Collections.<String, String>singletonMap("status", "" + result.status()));
  }
}
