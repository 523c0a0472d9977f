package flashcall;

import com.identityblitz.core.loop.*;
import com.identityblitz.core.loop.http.*;
import com.ringtail.loop.Ringtail;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.*;

// run {"phone_number":"79161234567","code":"4821"}
// answer 200 {"sign":"x","data":{"b":2,"a":[1,{"z":null,"y":"1"}],"c":{"k":true}}}
// run {"phone_number":"79161234567","code":"4821"}
// answer 200 {"data":"text"}
// run {"phone_number":"79161234567","code":"4821"}
// answer 200 {"sign":5,"data":{}}

/** A canonical text of nested JSON, sorted at each level, signed with SHA-1 and SHA-512; the answer's signature is looked at. */
public class Secrets implements HttpLoop {
    static class BadSign extends Exception {
        BadSign(String want, String got) { super(String.format("want %.6s, got %.6s", want, got)); }
    }

    private static String flat(JsObj o, String prefix) {
        StringBuilder out = new StringBuilder();
        List<String> keys = o.keys();
        Collections.sort(keys, Collections.reverseOrder());
        for (String k : keys) {
            String path = prefix.isEmpty() ? k : prefix + "." + k;
            try {
                out.append(flat(o.asObj(k), path));
                continue;
            } catch (NullPointerException e) {
                out.append(path).append("=null;");
                continue;
            } catch (RuntimeException notAnObject) {
                // tried as something else below
            }
            try {
                JsArr a = o.asArr(k);
                for (int i = 0; i < a.size(); i++) {
                    try {
                        out.append(flat(a.asObj(i), path + "[" + i + "]"));
                    } catch (RuntimeException e) {
                        out.append(path).append('[').append(i).append("]=").append(a.asString(i)).append(';');
                    }
                }
            } catch (RuntimeException notAnArray) {
                out.append(path).append('=').append(o.asString(k)).append(';');
            }
        }
        return out.toString();
    }

    private static String digest(String algorithm, String... parts) {
        try {
            MessageDigest d = MessageDigest.getInstance(algorithm);
            for (String p : parts) {
                d.update(p.getBytes(StandardCharsets.UTF_8));
                d.update((byte) '|');
            }
            byte[] raw = d.digest();
            StringBuilder hex = new StringBuilder();
            for (byte b : raw) hex.append(Integer.toHexString((b & 0xFF) | 0x100).substring(1, 3));
            return hex.append(d.getAlgorithm()).append(d.getDigestLength()).toString();
        } catch (Exception e) {
            throw new IllegalArgumentException(e.getMessage());
        }
    }

    private static void verify(String want, String got) throws BadSign {
        if (!Objects.equals(want, got)) throw new BadSign(want, got);
    }

    public HttpLoopRequest run(final JsObj obj, final HttpLoopResult result) {
        if (result == null) {
            String unknown;
            try {
                unknown = digest("XX" + obj.size());
            } catch (IllegalArgumentException e) {
                unknown = e.getMessage();
            }
            return HttpLoop.callBuilder("POST", "https://p.example").withBody(obj.remove("code").addObj("meta", JsObj.parse("{\"x\":[1,2,{\"y\":\"\\u00e9\"}],\"n\":1.50,\"e\":1e3}"))).withHeader("X-Sign", digest("SHA-1", flat(obj, ""), Ringtail.secret("A"))).withHeader("X-Long", digest("SHA-512")).withHeader("X-Unknown", unknown);
        }
        JsObj body = result.body();
        try {
            String text = flat(body.asObj("data"), "d");
            verify(digest("MD5", text), body.asString("sign"));
            return HttpLoop.Ok(JsObj.empty);
        } catch (BadSign e) {
            return HttpLoop.error("bad_answer", Collections.singletonMap("detail", e.getMessage().replace(' ', '_')));
        } finally {
            body = null;
        }
    }
}
