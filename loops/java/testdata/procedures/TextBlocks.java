package flashcall;

import com.identityblitz.core.loop.*;
import com.identityblitz.core.loop.http.*;
import java.util.*;

// run {"phone_number":"79161234567","name":"O'Brien \"the\" <b>","lang":"ru"}
// run {"phone_number":"79161234567","name":"Ann","lang":"xx"}

/** Text blocks, templates, escapes, var, switch in both forms, instanceof with a name. */
public class TextBlocks implements HttpLoop {
    private static final String SOAP = """
        <?xml version="1.0"?>
        <Envelope xmlns="urn:x">
          <Body>
            <To>%s</To>\t<Text lang="%s">%s</Text>
          </Body>
        </Envelope>
        """;
    private static final String JOINED = """
        one \
        two
          three\s
        """ + "four\u0041\101\0".replace('\0', '0');

    private static String xml(String s) {
        var out = new StringBuilder();
        for (var c : s.toCharArray()) {
            out.append(switch (c) {
                case '<' -> "&lt;";
                case '>' -> "&gt;";
                case '&' -> "&amp;";
                case '"', '\'' -> "&#" + (int) c + ";";
                default -> String.valueOf(c);
            });
        }
        return out.toString();
    }

    private static String text(String lang, int n) {
        switch (lang) {
            case "ru": {
                int d = n % 10, h = n % 100;
                String word = h >= 11 && h <= 14 ? "раз" : d >= 2 && d <= 4 ? "раза" : "раз";
                return "Код " + n + " " + word;
            }
            case "de":
            case "at":
                return "Kode " + n;
        }
        return "Code " + n + (n == 1 ? " time" : " times");
    }

    private static String kind(Object o) {
        if (o instanceof String s && !s.isEmpty()) return "text " + s.charAt(0);
        if (!(o instanceof Number n)) return o instanceof Character c ? "char " + (char) (c + 1) : o == null ? "null" : o.getClass().getSimpleName();
        return n.intValue() > 5 ? "large" + n : "small" + n.doubleValue();
    }

    public HttpLoopRequest run(final JsObj obj, final HttpLoopResult result) {
        var lang = obj.asString("lang");
        var kinds = new ArrayList<String>();
        for (var o : new Object[]{"abc", "", 7, 3L, 2.5, 'x', null, List.of(), new int[0].length, true}) kinds.add(kind(o));
        var counts = new TreeMap<Integer, String>();
        for (var n : List.of(1, 2, 5, 11, 12, 21, 22, 111)) counts.put(n, text(lang, n));
        final var body = String.format(SOAP, obj.asString("phone_number"), lang, xml(obj.asString("name")));
        return HttpLoop.callBuilder("POST", "https://p.example/soap").withText(body, "text/xml").withHeader("X-Kinds", kinds.toString()).withHeader("X-Counts", counts.toString()).withHeader("X-Joined", JOINED.replace("\n", "|")).withHeader("X-Lines", body.lines().count() + " " + body.indexOf('\t') + " " + "a\tb\\n\"".length());
    }
}
