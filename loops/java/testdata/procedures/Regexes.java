package flashcall;

import com.identityblitz.core.loop.*;
import com.identityblitz.core.loop.http.*;
import java.util.*;
import java.util.regex.*;
import java.util.stream.Collectors;

/** Patterns: groups and their places, replacing by hand, splitting, flags. */
public class Regexes implements HttpLoop {
    private final List<String> out = new ArrayList<>();

    private void each(String pattern, String text) {
        Matcher m = Pattern.compile(pattern).matcher(text);
        StringBuilder b = new StringBuilder();
        while (m.find()) {
            b.append('[').append(m.start()).append('-').append(m.end());
            for (int i = 1; i <= m.groupCount(); i++) b.append(' ').append(m.group(i)).append('@').append(m.start(i)).append(',').append(m.end(i));
            b.append(']');
        }
        out.add(pattern + " " + b + m.groupCount());
    }

    private static String camel(String s) {
        Matcher m = Pattern.compile("_([a-z])").matcher(s);
        StringBuffer b = new StringBuffer();
        while (m.find()) m.appendReplacement(b, m.group(1).toUpperCase());
        return m.appendTail(b).toString();
    }

    private static String fill(String template, Map<String, String> values) {
        Matcher m = Pattern.compile("\\$\\{(?<name>\\w+)(?::(?<or>[^}]*))?}").matcher(template);
        StringBuilder b = new StringBuilder();
        while (m.find()) {
            String v = values.get(m.group("name"));
            m.appendReplacement(b, Matcher.quoteReplacement(v != null ? v : m.group("or") == null ? "?" : m.group("or")));
        }
        m.appendTail(b);
        return b.toString();
    }

    public HttpLoopRequest run(final JsObj obj, final HttpLoopResult result) {
        each("(a)(b)?(a)", "aba aa xaba");
        each("(\\d+)[-.](\\d+)", "12-12 7.7-7 1-");
        each("((\\w)\\2)+(x*)", "aabbx ccdd");
        each("", "ab");
        each("(?i)code[:= ]+([0-9 ]{4,})\\b", "Your CODE: 12 34 and code=9999");
        each("^\\s*(\\S+)\\s*$", "  one ");
        each("(?m)^(\\w+)=(.*)$", "a=1\nb=2\n\nc=");
        each("[\\w.+-]+@[\\w-]+\\.[a-z]{2,}", "to x.y+z@mail.example.com, bad@ , q@w.ru");
        each("(?<![0-9])[0-9]{4}(?![0-9])", "1234 12345 0000x");
        each("a{2,3}?|b+?", "aaaa bbb");
        out.add(camel("call_status_id") + camel("_x") + fill("Hi ${name}, ${code:none} ${x} $", Map.of("name", "$1\\A")));
        out.add("2026-03-01".replaceAll("(\\d+)-(\\d+)-(\\d+)", "$3.$2.$1") + "aaa".replaceAll("a*", "x") + "abc".replaceAll("", "-") + "x.y.z".replaceFirst("\\.", "!") + "tel: +7(999)".replaceAll("[^+\\d]", "") + "a\tb\n c".replaceAll("\\s+", " "));
        out.add(Arrays.toString("a1b2c3".split("(?<=\\d)")) + Arrays.toString("aXbXXc".split("X")) + Arrays.toString("x, y ,z".split("\\s*,\\s*")) + Arrays.toString(Pattern.compile("[;,]").split("a;b,c;;", -1)) + Pattern.compile("-").splitAsStream("p-q").collect(Collectors.toList()) + Arrays.toString("one  two".split(" ")) + Arrays.toString("Привет мир".split("")));
        out.add(Pattern.matches("\\d{3}", "123") + " " + "abc".matches("ab") + Pattern.compile("ab").matcher("abc").lookingAt() + Pattern.compile("b").matcher("abc").find(2) + Pattern.compile("^x.z$", Pattern.DOTALL).matcher("x\nz").matches() + Pattern.compile("HELLO", Pattern.CASE_INSENSITIVE).asPredicate().test("say hello") + Pattern.quote("a.b") + "a.b*c".matches(Pattern.quote("a.b*c")));
        out.add(Pattern.compile("\\d").matcher("a1b22").replaceAll(r -> "<" + r.group() + r.start() + ">") + Pattern.compile("(\\w)(\\d)").matcher("a1b2").results().map(r -> r.group(2) + r.group(1)).collect(Collectors.joining("+")) + "x1y2".replaceAll("(?<l>[a-z])(?<d>\\d)", "${d}${l}"));
        for (String bad : new String[]{"$2", "\\", "$", "${nope}"}) {
            try {
                out.add("abc".replaceAll("(b)", bad));
            } catch (RuntimeException e) {
                out.add(e.getClass().getSimpleName() + e.getMessage());
            }
        }
        Matcher m = Pattern.compile("(a)|(b)").matcher("b");
        try {
            m.group();
        } catch (IllegalStateException e) {
            out.add(e.getMessage());
        }
        out.add(m.matches() + m.group(2) + m.group(1) + m.start(1) + m.start(2));
        try {
            m.group(3);
        } catch (IndexOutOfBoundsException e) {
            out.add(e.getMessage());
        }
        try {
            m.group("x");
        } catch (IllegalArgumentException e) {
            out.add(e.getMessage());
        }
        m.reset("a");
        out.add("" + m.find() + m.find() + m.reset().find());
        JsArr all = JsArr.empty;
        for (String s : out) all = all.addString(s);
        return HttpLoop.Ok(JsObj.empty.addArr("v", all));
    }
}
