package flashcall;

import com.identityblitz.core.loop.*;
import com.identityblitz.core.loop.http.*;
import com.ringtail.loop.Ringtail;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.*;

// run {"phone_number":"79161234567","code":"4821"}
// answer 200 {"status":"ok","call":{"id":90071992547409931,"from":"+7 (495) 123-48-21"},"cost":"1.50"}
// run {"phone_number":"89161234567"}
// answer 200 {"status":"error","error":{"code":"17","text":"нет денег"}}
// run {"phone_number":"123"}
// run {"phone_number":"79161234567","code":"1"}
// answer 200 <html>
// run {"phone_number":"79161234567","code":"123456"}
// answer 502 <html>

/** An MD5 signature over sorted parameters; modes by an enum with fields. */
public class CallerId implements HttpLoop {
    private enum Mode {
        FLASH("flash", 4), VOICE("voice", 6), SMS("sms", 6);

        private final String word;
        private final int digits;

        Mode(String word, int digits) {
            this.word = word;
            this.digits = digits;
        }

        String word() { return word; }

        static Mode of(String code) {
            for (Mode m : values()) {
                if (code != null && code.length() == m.digits) return m;
            }
            return SMS;
        }
    }

    private static final String BASE = "https://api.provider.example/v1";
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    public HttpLoopRequest run(final JsObj obj, final HttpLoopResult result) {
        if (result == null) {
            return ask(obj);
        }
        if (result.status() / 100 == 5) {
            return HttpLoop.error("unavailable", Collections.singletonMap("status", String.valueOf(result.status())));
        }
        JsObj body = result.body();
        if (!body.asString("status").equals("ok")) {
            JsObj error = body.asObj("error");
            Map<String, String> params = new HashMap<>();
            params.put("text", error.asString("text"));
            params.put("code", "" + error.asInt("code"));
            return HttpLoop.error(reason(error.asInt("code")), params);
        }
        JsObj call = body.asObj("call");
        String from = call.asString("from").replaceAll("[^\\d]", "");
        return HttpLoop.Ok(JsObj.empty.addString("code", from.substring(from.length() - 4)).addString("call_id", call.asString("id")).addDecimal("cost", body.asDecimal("cost")));
    }

    private static String reason(int code) {
        switch (code) {
            case 17:
            case 18:
                return "no_money";
            case 20:
                return "bad_number";
            default:
                return "unavailable";
        }
    }

    private HttpLoopRequest ask(JsObj obj) {
        String number = normal(obj.asString("phone_number"));
        Mode mode = Mode.of(obj.asString("code"));
        SortedMap<String, String> params = new TreeMap<>();
        params.put("to", number);
        params.put("mode", mode.word());
        params.put("key", Ringtail.secret("KEY"));
        params.put("kind", label(mode) + mode.ordinal() + mode.compareTo(Mode.VOICE) + Mode.valueOf("SMS") + mode.name());
        StringBuilder text = new StringBuilder();
        for (Map.Entry<String, String> e : params.entrySet()) {
            if (text.length() > 0) text.append('&');
            text.append(e.getKey()).append('=').append(e.getValue());
        }
        HttpLoopRequest request = HttpLoop.callBuilder("post", BASE + "/call?v=2");
        for (String key : params.keySet()) {
            request.withQuery(key, params.get(key));
        }
        return request.withHeader("X-Sign", md5(text.append(Ringtail.secret("SALT")).toString()));
    }

    private static String label(Mode mode) {
        switch (mode) {
            case FLASH:
                return "f";
            case VOICE:
                return "v";
            default:
                return "s";
        }
    }

    private static String normal(String number) {
        if (number == null || number.length() < 10) throw new IllegalArgumentException("bad number: " + number);
        return number.charAt(0) == '8' ? '7' + number.substring(1) : number;
    }

    private static String md5(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
            char[] out = new char[digest.length * 2];
            for (int i = 0; i < digest.length; i++) {
                int v = digest[i] & 0xFF;
                out[i * 2] = HEX[v >>> 4];
                out[i * 2 + 1] = HEX[v & 0x0F];
            }
            return new String(out);
        } catch (Exception e) {
            throw new RuntimeException("no MD5", e);
        }
    }
}
