package com.identityblitz.idp.flow.dynamic;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.identityblitz.core.loop.*;
import com.identityblitz.core.loop.http.*;
import java.io.UnsupportedEncodingException;
import java.util.*;
import java.util.function.Function;
import java.util.stream.*;
import org.slf4j.*;

import static java.util.stream.Collectors.joining;

/** Written as the published login procedures are: flags and while, boxes, arrays and lists, Jackson, a logger. */
public class LoginStyle implements HttpLoop {
    private final Logger logger = LoggerFactory.getLogger("com.identityblitz.idp.flow.dynamic");
    private final static String DOMAIN = "provider.example";
    private final static String[] METHODS = {"password", "x509", "sms"};
    private final static Integer NEEDED = 2;

    private String[] without(String[] methods, String unwanted) {
        List<String> list = new ArrayList<String>(Arrays.asList(methods));
        list.remove(unwanted);
        return list.toArray(new String[0]);
    }

    private boolean has(final String[] methods, final String wanted) {
        boolean found = false;
        int i = 0;
        while (!found && i < methods.length) {
            if (methods[i].equals(wanted)) {
                found = true;
            }
            i++;
        }
        return found;
    }

    private String packed(Map<String, Object> values) throws UnsupportedEncodingException, JsonProcessingException {
        byte[] json = new ObjectMapper().writeValueAsString(values).getBytes("UTF-8");
        return Base64.getUrlEncoder().encodeToString(json);
    }

    @Override
    public HttpLoopRequest run(final JsObj obj, final HttpLoopResult result) {
        if (result != null) {
            Integer factor = result.status() == 204 ? null : Integer.valueOf(result.status() / 100);
            logger.debug("factor {} of {}", factor, NEEDED);
            return factor != null && factor == NEEDED
                    ? HttpLoop.Ok(new HashMap<String, JsObj>() {{ put("ok", JsObj.empty.addString("code", "1234")); }}.get("ok"))
                    : HttpLoop.error("bad_answer", new HashMap<String, String>() {{ put("factor", "" + factor); }});
        }
        String[] methods = without(METHODS, "x509");
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("methods", methods);
        claims.put("sms", has(methods, "sms"));
        claims.put("x509", has(methods, "x509"));
        claims.put("id", 7L);
        Function<String, String> upper = new Function<String, String>() {
            @Override
            public String apply(String s) {
                return s.toUpperCase();
            }
        };
        String names = Stream.of(methods).map(upper).collect(joining("+"));
        try {
            return HttpLoop.callBuilder("GET", "https://" + DOMAIN + "/" + names).withQuery("claims", packed(claims));
        } catch (Exception e) {
            logger.error("can't write", e);
            return HttpLoop.error("unavailable", Collections.singletonMap("detail", e.getMessage()));
        }
    }
}
