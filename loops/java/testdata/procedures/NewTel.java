package flashcall;

import com.identityblitz.core.loop.JsObj;
import com.identityblitz.core.loop.http.*;
import com.ringtail.loop.Ringtail;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A password call: each request is signed with SHA-256 over its method, time, keys and body. */
public class NewTel implements HttpLoop {

    private static final Logger LOG = LoggerFactory.getLogger(NewTel.class);
    private static final String BASE = "https://api.provider.example";
    private final static String START = "/call-password/start-password-call";

    @Override
    public HttpLoopRequest run(final JsObj obj, final HttpLoopResult result) {
        if (result == null) {
            return start(obj);
        }
        LOG.debug("status {}", result.status());
        switch (result.status()) {
            case 200:
                return answered(result.body());
            case 429:
                return HttpLoop.error("rate_limited", null);
            default:
                Map<String, String> params = new HashMap<>();
                params.put("status", Integer.toString(result.status()));
                return HttpLoop.error("wrong_http_status", params);
        }
    }

    private HttpLoopRequest start(JsObj obj) {
        JsObj body = JsObj.empty
                .addString("dstNumber", obj.asString("phone_number"))
                .addString("pin", obj.asString("code"));
        String time = String.valueOf(System.currentTimeMillis() / 1000);
        return HttpLoop.callBuilder("POST", BASE + START)
                .withHeader("Authorization", "Bearer " + Ringtail.secret("KEY") + time + sign(START, time, body.toString()))
                .withBody(body)
                .build(JsObj.empty.addString("time", time));
    }

    private HttpLoopRequest answered(JsObj body) {
        JsObj data = body.asObj("data");
        if (!"success".equals(body.asString("status")) || data == null) {
            return HttpLoop.error("unavailable");
        }
        JsObj call = data.asObj("callDetails");
        return HttpLoop.Ok(JsObj.empty.addString("code", call.asString("pin")).addString("call_id", call.asString("callId")));
    }

    private static String sign(String path, String time, String params) {
        final String text = path + "\n" + time + "\n" + Ringtail.secret("KEY") + "\n" + params + "\n" + Ringtail.secret("SIGN");
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] hash = digest.digest(text.getBytes(StandardCharsets.UTF_8));
            StringBuilder hex = new StringBuilder(2 * hash.length);
            for (int i = 0; i < hash.length; i++) {
                String h = Integer.toHexString(0xff & hash[i]);
                if (h.length() == 1) {
                    hex.append('0');
                }
                hex.append(h);
            }
            return hex.toString();
        } catch (NoSuchAlgorithmException e) {
            throw new RuntimeException(e);
        }
    }
}
