package flashcall;

import com.identityblitz.core.loop.*;
import com.identityblitz.core.loop.http.*;
import com.ringtail.loop.Ringtail;
import java.nio.charset.StandardCharsets;
import java.util.*;
import java.util.regex.*;

// run {"phone_number":"79161234567","code":"4821"}
// answer 200 OK - 1 SMS, ID - 1234, CODE - 99 12 34
// run {"phone_number":"79161234567"}
// answer 200 ERROR = 3 (no money, ID - 5)
// run {"phone_number":"79161234567"}
// answer 200 something else

/** An answer in a provider's own words, read with patterns; a form with md5 of the password. */
public class SmscLike implements HttpLoop {
    private static final Pattern OK = Pattern.compile("^OK - (\\d+) SMS, ID - (?<id>\\d+)(?:, CODE - (?<code>[\\d ]+))?$");
    private static final Pattern ERROR = Pattern.compile("ERROR\\s*=\\s*(\\d+)(\\s*\\(([^,)]*)(?:,\\s*ID - (\\d+))?\\))?", Pattern.CASE_INSENSITIVE);

    private static String reason(int code) {
        return switch (code) {
            case 1, 2, 4 -> "auth_failed";
            case 3 -> "no_money";
            case 7, 8 -> {
                String s = "bad";
                yield s + "_number";
            }
            default -> code > 100 ? "rate_limited" : "unavailable";
        };
    }

    public HttpLoopRequest run(final JsObj obj, final HttpLoopResult result) {
        if (result == null) {
            StringBuilder mask = new StringBuilder();
            Matcher digits = Pattern.compile("(\\d)(\\d{3})(\\d{3})(\\d{2})(\\d{2})").matcher(obj.asString("phone_number"));
            if (digits.matches()) {
                for (int i = 1; i <= digits.groupCount(); i++) mask.append(i > 1 ? "-" : "+").append(i == 3 ? digits.group(i).replaceAll(".", "*") : digits.group(i));
            }
            String password = Ringtail.hash("md5", Ringtail.secret("PASSWORD").toLowerCase());
            byte[] raw = ("bank:" + password).getBytes(StandardCharsets.UTF_8);
            return HttpLoop.callBuilder("POST", "https://smsc.example/sys/send.php")
                .withForm(JsObj.empty.addString("login", "bank").addString("psw", password).addString("phones", obj.asString("phone_number")).addString("mes", "code: код & more").addInt("fmt", 0).addBool("call", true).addNull("sender"))
                .withHeader("X-Mask", mask.toString()).withHeader("X-Basic", Base64.getEncoder().encodeToString(raw)).withHeader("X-Sum", "" + Arrays.hashCode(raw));
        }
        String text = result.text().trim();
        Matcher m = OK.matcher(text);
        if (m.find()) {
            String code = m.group("code");
            return HttpLoop.Ok(JsObj.empty.addString("code", code == null ? "" : code.replace(" ", "")).addString("id", m.group("id")).addInt("count", Integer.parseInt(m.group(1))).addInt("from", m.start("id")).addInt("to", m.end(2)));
        }
        m = ERROR.matcher(text);
        if (m.lookingAt()) {
            return HttpLoop.error(reason(Integer.parseInt(m.group(1))), Map.of("text", String.valueOf(m.group(3)), "id", String.valueOf(m.group(4))));
        }
        throw new IllegalStateException("an answer of another form: " + text.replaceAll("\\s+", "_"));
    }
}
