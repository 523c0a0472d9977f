package flashcall;

import com.identityblitz.core.loop.*;
import com.identityblitz.core.loop.http.*;
import java.util.*;

/** Character by character: classes of characters, surrogates, case, digits of other scripts. */
public class Characters implements HttpLoop {
    private static String about(int c) {
        return (Character.isDigit(c) ? "d" : "") + (Character.isLetter(c) ? "l" : "") + (Character.isUpperCase(c) ? "u" : "") + (Character.isLowerCase(c) ? "o" : "") + (Character.isWhitespace(c) ? "w" : "") + (Character.isLetterOrDigit(c) ? "x" : "") + (Character.isISOControl(c) ? "c" : "") + (Character.isSpaceChar(c) ? "s" : "") + (c < 128 ? Character.getNumericValue(c) : 0);
    }

    private static boolean palindrome(String s) {
        StringBuilder b = new StringBuilder();
        s.codePoints().filter(Character::isLetterOrDigit).map(Character::toLowerCase).forEach(b::appendCodePoint);
        return b.toString().equals(new StringBuilder(b).reverse().toString());
    }

    private static String caesar(String s, int k) {
        char[] out = s.toCharArray();
        for (int i = 0; i < out.length; i++) {
            char c = out[i];
            if (c >= 'a' && c <= 'z') out[i] = (char) ((c - 'a' + k + 26) % 26 + 'a');
            else if ('A' <= c && c <= 'Z') out[i] = (char) (Math.floorMod(c - 'A' + k, 26) + 'A');
        }
        return new String(out);
    }

    private static String counted(String s) {
        int[] n = new int[128];
        for (char c : s.toCharArray()) if (c < n.length) n[c]++;
        StringBuilder b = new StringBuilder();
        for (char c = 0; c < n.length; c++) if (n[c] > 0) b.append(c).append(n[c]);
        return b.toString();
    }

    public HttpLoopRequest run(final JsObj obj, final HttpLoopResult result) {
        StringBuilder out = new StringBuilder();
        for (int c = 0; c < 0x460; c = c == 0x137 ? 0x400 : c + 1) out.append(about(c)).append(' ');
        out.append('|');
        for (char c : "ЖжЁё٣۵Ⅷ²½ǅʰªº中あ한אع\u2003\u00a0\u200b\u2028\ufeff\ud83d".toCharArray()) out.append(Character.isLetter(c)).append(Character.isDigit(c)).append(Character.isWhitespace(c)).append(Character.isUpperCase(c)).append((int) Character.toUpperCase(c)).append(',').append((int) Character.toLowerCase(c)).append(' ');
        String smile = "x😀é";
        for (int i = 0; i < smile.length(); i += Character.charCount(smile.codePointAt(i))) out.append(Integer.toHexString(smile.codePointAt(i))).append(Character.isSurrogate(smile.charAt(i))).append(' ');
        out.append(Character.toCodePoint('\ud83d', '\ude00')).append(Character.toChars(0x1F600).length).append(Character.isHighSurrogate('\ud83d')).append(Character.isValidCodePoint(0x110000)).append(Character.toString(128512)).append(Character.valueOf('c').compareTo('a')).append(Character.compare('a', 'c')).append(Character.hashCode('a')).append(Character.MAX_VALUE == '\uffff');
        out.append(palindrome("А роза упала на лапу Азора")).append(palindrome("Madam, I'm Adam")).append(palindrome("ab")).append(caesar("Hello, Zulu!", 3)).append(caesar(caesar("Hello, Zulu!", 3), -3)).append(counted("mississippi 42"));
        char c = 'a';
        c += 1;
        c++;
        int sum = c + 1;
        char d = (char) sum;
        final char e = 'e' + 1;
        byte b = 'b';
        short s = 'c';
        out.append(c).append(sum).append(d).append(e).append(b).append(s).append((char) (c | 0x20)).append(c > 98).append((int) c).append("" + c + d).append(c + d).append('a' + "b" + 'c').append((char) 97).append(++c).append(c--).append(true ? c : 0).append(false ? 1 : 'x').append(true ? 'y' : sum);
        switch (c) {
            case 'd': out.append("D"); break;
            case 'a' + 4: out.append("E"); break;
            case 0x64 + 2: out.append("F");
        }
        out.append("ABC".charAt(1) + 1).append((char) ("ABC".charAt(1) + 1)).append(new char[]{'o', 'k'}).append(String.valueOf(new char[]{'o', 'k'})).append(Arrays.asList('a', 'b')).append(new String(new char[3]).replace('\0', '-')).append("a".equals('a')).append(Objects.equals('a', "a".charAt(0)));
        return HttpLoop.Ok(JsObj.empty.addString("v", out.toString()));
    }
}
