package flashcall;

import com.identityblitz.core.loop.*;
import com.identityblitz.core.loop.http.*;
import com.ringtail.loop.Ringtail;
import java.nio.charset.StandardCharsets;
import java.security.*;
import java.time.Instant;
import java.util.*;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

// run {"phone_number":"79161234567","phone_e164":"+79161234567","code":"4821"}
// answer 200 {"id":"v1","flashCall":{"cliFilter":"(.*)8(.*)","interceptionTimeout":60}}

/** A signed application request: content MD5, canonical headers, HMAC over the whole, all in base64. */
public class SinchLike implements HttpLoop {
    private static String base64(byte[] raw) { return Base64.getEncoder().encodeToString(raw); }

    private static byte[] utf8(String s) { return s.getBytes(StandardCharsets.UTF_8); }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, mac.getAlgorithm()));
        mac.update(utf8(text.substring(0, 5)));
        return mac.doFinal(utf8(text.substring(5)));
    }

    public HttpLoopRequest run(final JsObj obj, final HttpLoopResult result) throws GeneralSecurityException {
        if (result != null) {
            JsObj flash = result.body().asObj("flashCall");
            String filter = flash.asString("cliFilter");
            return HttpLoop.Ok(JsObj.empty.addString("code", filter.replaceAll("[^0-9]", "")).addString("prefix", "" + filter.indexOf(')')).addInt("timeout", flash.asInt("interceptionTimeout") * 1000L));
        }
        JsObj body = JsObj.empty.addObj("identity", JsObj.empty.addString("type", "number").addString("endpoint", obj.asString("phone_e164"))).addString("method", "flashCall").addArr("tags", JsArr.empty.addString("a").addInt(1).addBool(false).addNull().addObj(JsObj.empty));
        String content = body.toString();
        MessageDigest md5 = MessageDigest.getInstance("MD5");
        md5.update(utf8(content));
        String sum = base64(md5.digest());
        String stamp = Instant.ofEpochMilli(Ringtail.millis()).toString();
        SortedMap<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.put("x-timestamp", stamp);
        headers.put("X-Other", "  spaces  ".strip());
        StringBuilder canonical = new StringBuilder("POST\n").append(sum).append('\n').append("application/json; charset=UTF-8\n");
        headers.forEach((k, v) -> canonical.append(k.toLowerCase(Locale.ROOT)).append(':').append(v).append('\n'));
        canonical.append("/verification/v1/verifications");
        String signature = base64(hmac(Base64.getDecoder().decode("c2VjcmV0LWtleQ=="), canonical.toString()));
        String expected = base64(hmac(utf8("secret-key"), canonical.toString()));
        if (!MessageDigest.isEqual(utf8(signature), utf8(expected))) throw new SignatureException("two ways, two signatures");
        HttpLoopRequest request = HttpLoop.callBuilder("POST", "https://sinch.example/verification/v1/verifications").withBody(body).withHeader("Authorization", "application key:" + signature);
        for (Map.Entry<String, String> h : headers.entrySet()) request = request.withHeader(h.getKey(), h.getValue());
        return request.withHeader("Content-MD5", sum).build(JsObj.empty.addString("stamp", stamp));
    }
}
