package flashcall;

import com.identityblitz.core.loop.*;
import com.identityblitz.core.loop.http.*;
import java.util.*;
import java.util.function.*;

// run {"phone_number":"8 (916) 123-45-67"}
// run {"phone_number":"+49 30 901820"}
// run {"phone_number":"00 44 20 7946 0958"}
// run {"phone_number":""}
// run {"phone_number":"abc"}
// run {}

/** Telephone numbers: plans by country in a trie, rules as lambdas in a table. */
public class Numbers implements HttpLoop {
    private static final class Plan {
        final String country;
        final int[] lengths;
        Plan(String country, int... lengths) { this.country = country; this.lengths = lengths; }
        boolean fits(int n) { for (int l : lengths) if (l == n) return true; return false; }
    }

    private static class Trie {
        private final Trie[] next = new Trie[10];
        private Plan plan;

        void put(String prefix, Plan p) {
            Trie t = this;
            for (char c : prefix.toCharArray()) {
                int d = c - '0';
                if (t.next[d] == null) t.next[d] = new Trie();
                t = t.next[d];
            }
            t.plan = p;
        }

        Plan longest(CharSequence digits) {
            Plan found = null;
            Trie t = this;
            for (int i = 0; i < digits.length() && t != null; i++) {
                t = t.next[Character.digit(digits.charAt(i), 10)];
                if (t != null && t.plan != null) found = t.plan;
            }
            return found;
        }
    }

    private static final Trie PLANS = new Trie();
    private static final LinkedHashMap<Predicate<String>, UnaryOperator<String>> RULES = new LinkedHashMap<>();

    static {
        PLANS.put("7", new Plan("RU", 11));
        PLANS.put("77", new Plan("KZ", 11));
        PLANS.put("49", new Plan("DE", 8, 9, 10, 11, 12, 13));
        PLANS.put("44", new Plan("GB", 12));
        RULES.put(s -> s.startsWith("00"), s -> s.substring(2));
        RULES.put(s -> s.length() == 11 && s.charAt(0) == '8', s -> "7".concat(s.substring(1)));
        RULES.put(s -> s.length() == 10 && s.charAt(0) == '9', s -> '7' + s);
    }

    private static String digits(String s) {
        StringBuilder out = new StringBuilder(s.length());
        for (int i = 0; i < s.length(); i++) if (Character.isDigit(s.charAt(i))) out.append(s.charAt(i));
        return out.toString();
    }

    private static String grouped(String digits, int... sizes) {
        StringBuilder out = new StringBuilder("+");
        int at = 0;
        for (int size : sizes) {
            if (at >= digits.length()) break;
            out.append(at == 0 ? "" : " ").append(digits, at, Math.min(at += size, digits.length()));
        }
        return out.append(digits.substring(Math.min(at, digits.length()))).toString();
    }

    public HttpLoopRequest run(final JsObj obj, final HttpLoopResult result) {
        String raw = Optional.ofNullable(obj.asString("phone_number")).map(String::trim).orElse("none");
        String number = digits(raw);
        for (Map.Entry<Predicate<String>, UnaryOperator<String>> rule : RULES.entrySet()) {
            if (rule.getKey().test(number)) number = rule.getValue().apply(number);
        }
        Plan plan = PLANS.longest(number);
        if (plan == null || !plan.fits(number.length())) {
            return HttpLoop.error("bad_number", Collections.singletonMap("number", raw + "/" + number + "/" + (plan == null ? null : plan.country)));
        }
        final String last = number;
        IntFunction<Character> from = i -> last.charAt(last.length() - 1 - i);
        return HttpLoop.Ok(JsObj.empty.addString("number", number).addString("country", plan.country).addString("shown", grouped(number, 1, 3, 3, 2, 2)).addString("tail", "" + from.apply(1) + from.apply(0)).addInt("sum", number.chars().map(c -> c - '0').sum()));
    }
}
