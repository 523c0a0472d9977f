package flashcall;

import com.identityblitz.core.loop.*;
import com.identityblitz.core.loop.http.*;
import com.ringtail.loop.Ringtail;
import java.util.*;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

// run {"phone_number":"79161234567","code":"4821","reference":"r-1"}
// answer 200 [{"id":"1","state":"queued"},{"id":"2","state":"delivered"}]
// run {"phone_number":"79161234567"}
// answer 200 []

/** A signature over a HashMap's own order, which the provider checks in the same order. */
public class HashOrder implements HttpLoop {
    @Override
    public HttpLoopRequest run(JsObj obj, HttpLoopResult result) throws Exception {
        if (result != null) {
            JsArr list = result.bodyArr();
            List<String> states = new ArrayList<>();
            for (int i = 0; i < list.size(); i++) {
                states.add(list.asObj(i).asString("state"));
            }
            return HttpLoop.Ok(JsObj.empty.addString("code", states.get(states.size() - 1)));
        }
        Map<String, Object> fields = new HashMap<String, Object>();
        fields.put("phone", obj.asString("phone_number"));
        fields.put("code", obj.asString("code"));
        fields.put("sender", "Bank");
        fields.put("ttl", 60);
        fields.put("priority", 1L);
        fields.put("rate", 0.5);
        fields.put("flash", Boolean.TRUE);
        fields.put("template_id", 'A');
        fields.put("callback_url", "https://bank.example/cb?x=1&y=2");
        fields.put("extra1", null);
        fields.put("extra2", new int[]{1, 2}.length);
        fields.put("reference", obj.asString("reference"));
        fields.put("locale", "ru_RU");
        fields.values().removeIf(Objects::isNull);
        String joined = fields.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).collect(Collectors.joining(";"));
        JsObj body = JsObj.empty;
        for (String key : fields.keySet()) {
            body = body.addString(key, String.valueOf(fields.get(key)));
        }
        Set<Integer> numbers = new HashSet<>();
        for (int i = 0; i < 40; i++) numbers.add(i * i * 31 % 1009 - 200);
        Map<Character, Integer> letters = new HashMap<>();
        for (char c : joined.toCharArray()) letters.merge(c, 1, Integer::sum);
        return HttpLoop.callBuilder("POST", "https://p.example/send").withBody(body).withHeader("X-Sign", sign("HmacSHA256", joined) + sign("HmacSHA1", joined + body))
            .withHeader("X-Numbers", numbers.toString()).withHeader("X-Letters", letters.toString()).withHeader("X-Hash", fields.hashCode() + "," + joined.hashCode());
    }

    private String sign(String algorithm, String text) throws Exception {
        Mac mac = Mac.getInstance(algorithm);
        mac.init(new SecretKeySpec(Ringtail.secret("SIGN").getBytes("UTF-8"), algorithm));
        StringBuilder hex = new StringBuilder();
        for (byte b : mac.doFinal(text.getBytes("UTF-8"))) hex.append(String.format("%02X", b));
        return hex.toString();
    }
}
