package flashcall;

import com.identityblitz.core.loop.*;
import com.identityblitz.core.loop.http.*;
import java.util.*;

/** What String and StringBuilder do. */
public class Strings implements HttpLoop {
    private JsArr out = JsArr.empty;

    private void add(Object o) { out = out.addString(String.valueOf(o)); }

    private void fails(Runnable r) {
        try {
            r.run();
            add("fine");
        } catch (RuntimeException e) {
            add(e.getClass().getName() + ": " + e.getMessage());
        }
    }

    public HttpLoopRequest run(final JsObj obj, final HttpLoopResult result) {
        add(Arrays.toString("a,b,,c,,".split(",")) + Arrays.toString("a,b,,c,,".split(",", -1)) + Arrays.toString("a,b,,c,,".split(",", 2)) + Arrays.toString("".split(",")) + "".split(",").length + Arrays.toString(",".split(",")) + Arrays.toString("abc".split("")));
        add(Arrays.toString("a1b22c333".split("\\d+")) + Arrays.toString("2024-01-02T03:04".split("[-T:]")) + Arrays.toString("a.b.c".split("\\.")) + Arrays.toString("a|b".split("\\|")) + Arrays.toString(" a  b ".trim().split("\\s+")) + Arrays.toString("boo:and:foo".split("o", 5)) + Arrays.toString("boo:and:foo".split("o", 0)));
        add("John Smith".replaceAll("(\\w+) (\\w+)", "$2, $1") + "a.b".replace(".", "$") + "aaa".replaceFirst("a", "\\$") + "x".replaceAll("x", "\\\\") + "aXbX".replace('X', '-') + "abab".replace("ab", "") + "abc".replace("", "-"));
        add("hello".indexOf('l') + " " + "hello".indexOf("l", 3) + " " + "hello".indexOf("z") + " " + "hello".lastIndexOf('l') + " " + "hello".lastIndexOf("l", 2) + " " + "hello".indexOf("") + " " + "hello".indexOf("", 9) + " " + "hello".lastIndexOf("") + " " + "hello".indexOf('l', -5) + " " + "hello".indexOf("lo", 99));
        add("hello".regionMatches(1, "ell", 0, 3) + " " + "hello".regionMatches(true, 1, "ELL", 0, 3) + " " + "hello".regionMatches(1, "x", 0, 5) + " " + "a".compareTo("b") + "apple".compareTo("app") + "B".compareToIgnoreCase("a") + " " + "é".compareTo("e") + "Straße".equalsIgnoreCase("STRASSE"));
        add("[" + " \t x \n".strip() + "][" + "\u2003x\u2003".trim() + "][" + "\u2003x\u2003".strip() + "][" + " x ".stripLeading() + "][" + " x ".stripTrailing() + "]" + " ".isBlank() + "".isEmpty() + "ab".repeat(3) + "x".repeat(0));
        add("ß".toUpperCase() + "İ".toLowerCase().length() + "ǅ".toUpperCase() + "ŉ".toUpperCase() + "ΑΣ".toLowerCase() + "ﬁ".toUpperCase() + "ПРИВЕТ".toLowerCase() + "ı".toUpperCase() + "I".toLowerCase());
        String smile = "a😀b";
        add(smile.length() + " " + smile.codePointAt(1) + " " + (int) smile.charAt(1) + " " + smile.codePointCount(0, smile.length()) + " " + smile.codePoints().count() + " " + new StringBuilder(smile).reverse() + " " + smile.substring(0, 1) + smile.indexOf("b") + " " + new String(Character.toChars(0x1F600)) + Character.charCount(0x1F600));
        StringBuilder b = new StringBuilder("hello");
        b.insert(0, "[").append(']').insert(3, 42).insert(1, 'c').insert(2, true).insert(0, 1.5);
        b.setCharAt(0, 'Z');
        b.deleteCharAt(b.length() - 1).delete(0, 2).replace(0, 3, "<>").reverse();
        add(b + " " + b.length() + b.indexOf("l") + b.lastIndexOf("l") + b.charAt(1) + b.substring(2) + b.substring(1, 3));
        b.setLength(3);
        add(b);
        b.setLength(5);
        add(b.toString().replace('\0', '0') + b.compareTo(new StringBuilder("abc")) + "x".contentEquals(new StringBuilder("x")));
        b.setLength(0);
        b.append("abc", 1, 2).append(new char[]{'x', 'y'}).append(new char[]{'1', '2', '3'}, 1, 2).append(1L).append(2f).append((String) null).append((Object) null).appendCodePoint(0x1F600);
        add(b);
        add(String.join("-", "a", "b") + String.join("/", Arrays.asList("x", "y", null)) + String.valueOf(new char[]{'o', 'k'}) + String.valueOf((Object) null) + new String(new char[]{'a', 'b', 'c'}, 1, 2) + "abc".contains("bc") + "abc".startsWith("bc", 1) + "abc".endsWith(""));
        add("a-b_c".chars().filter(Character::isLetter).count() + " " + "hello".chars().sum() + " " + "abc".hashCode() + " " + "".hashCode() + " " + "hello world, how are you".hashCode() + "\tq".charAt(0) + "line1\nline2\r\nline3".lines().count());
        add("1 + 1 = " + 1 + 1 + 'c' + 1.0 + 1f + null + true + new int[0].length + (1 + 1) + (char) ('a' + 1) + 'a' + 1);
        char[] cs = "hello".toCharArray();
        Arrays.sort(cs);
        add(new String(cs) + String.valueOf(cs, 1, 2) + cs.length + "abc".subSequence(1, 3) + "b".compareTo("abc") + "%d%%".formatted(5) + "A".equals(null) + "x".equals("x"));
        String s = null;
        s += "x";
        s += 1 + 2;
        s += 'c';
        add(s);
        final String t = "abc";
        fails(() -> t.substring(2, 1));
        fails(() -> t.substring(4));
        fails(() -> t.substring(-1));
        fails(() -> t.charAt(3));
        fails(() -> new StringBuilder("x").deleteCharAt(5));
        fails(() -> new StringBuilder("x").insert(5, "y"));
        fails(() -> new StringBuilder("x").setCharAt(1, 'c'));
        fails(() -> new StringBuilder("x").charAt(7));
        fails(() -> "x".repeat(-1));
        fails(() -> t.concat(null));
        fails(() -> t.codePointAt(9));
        fails(() -> t.compareTo(null));
        fails(() -> new StringBuilder("abc").delete(2, 1));
        fails(() -> new StringBuilder("abc").replace(4, 5, ""));
        fails(() -> new StringBuilder("abc").setLength(-1));
        return HttpLoop.Ok(JsObj.empty.addArr("v", out));
    }
}
