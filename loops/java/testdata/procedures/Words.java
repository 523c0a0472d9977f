package flashcall;

import com.identityblitz.core.loop.*;
import com.identityblitz.core.loop.http.*;
import java.util.*;

/** Numbers in Russian and English words, Roman numerals, plural forms, transliteration, wrapped text. */
public class Words implements HttpLoop {
    private static final String[] ONES = {"", "один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять", "десять", "одиннадцать", "двенадцать", "тринадцать", "четырнадцать", "пятнадцать", "шестнадцать", "семнадцать", "восемнадцать", "девятнадцать"};
    private static final String[] TENS = "- - двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто".split(" ");
    private static final String[] HUNDREDS = " сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот".split(" ");
    private static final String[][] SCALES = {{"рубль", "рубля", "рублей"}, {"тысяча", "тысячи", "тысяч"}, {"миллион", "миллиона", "миллионов"}, {"миллиард", "миллиарда", "миллиардов"}};
    private static final String FROM = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя";
    private static final String[] TO = {"a", "b", "v", "g", "d", "e", "yo", "zh", "z", "i", "y", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f", "kh", "ts", "ch", "sh", "shch", "", "y", "", "e", "yu", "ya"};

    private static int form(long n) {
        n = Math.abs(n) % 100;
        return n > 10 && n < 20 ? 2 : n % 10 == 1 ? 0 : n % 10 >= 2 && n % 10 <= 4 ? 1 : 2;
    }

    private static void triple(List<String> out, int n, boolean female) {
        if (n >= 100) out.add(HUNDREDS[n / 100]);
        n %= 100;
        if (n >= 20) {
            out.add(TENS[n / 10]);
            n %= 10;
        }
        if (n == 0) return;
        if (female && n <= 2) out.add(n == 1 ? "одна" : "две");
        else out.add(ONES[n]);
    }

    static String russian(long n) {
        if (n == 0) return "ноль " + SCALES[0][2];
        List<String> out = new ArrayList<>();
        if (n < 0) out.add("минус");
        long rest = Math.abs(n);
        for (int s = SCALES.length - 1; s >= 0; s--) {
            long unit = (long) Math.pow(1000, s);
            int part = (int) (rest / unit % 1000);
            if (part == 0 && s > 0) continue;
            triple(out, part, s == 1);
            out.add(SCALES[s][form(part)]);
        }
        return String.join(" ", out);
    }

    static String roman(int n) {
        int[] v = {1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1};
        String[] s = {"M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"};
        StringBuilder b = new StringBuilder();
        for (int i = 0; i < v.length; i++) for (; n >= v[i]; n -= v[i]) b.append(s[i]);
        return b.toString();
    }

    static String latin(String text) {
        StringBuilder b = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i), low = Character.toLowerCase(c);
            int k = FROM.indexOf(low);
            if (k < 0) b.append(c);
            else if (c == low || TO[k].isEmpty()) b.append(TO[k]);
            else b.append(Character.toUpperCase(TO[k].charAt(0))).append(TO[k], 1, TO[k].length());
        }
        return b.toString();
    }

    static List<String> wrap(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ")) {
            while (word.length() > width) {
                if (line.length() > 0) {
                    lines.add(line.toString());
                    line.setLength(0);
                }
                lines.add(word.substring(0, width));
                word = word.substring(width);
            }
            if (line.length() + word.length() + (line.length() > 0 ? 1 : 0) > width) {
                lines.add(line.toString());
                line = new StringBuilder();
            }
            if (line.length() > 0) line.append(' ');
            line.append(word);
        }
        if (line.length() > 0) lines.add(line.toString());
        return lines;
    }

    static String justify(String line, int width) {
        int gaps = line.length() - line.replace(" ", "").length();
        if (gaps == 0) return line;
        StringBuilder b = new StringBuilder();
        int spare = width - line.length(), seen = 0;
        for (char c : line.toCharArray()) {
            b.append(c);
            if (c != ' ') continue;
            for (int k = spare * seen / gaps; k < spare * (seen + 1) / gaps; k++) b.append('.');
            seen++;
        }
        return b.toString();
    }

    private static String title(String s) {
        StringBuilder b = new StringBuilder(s.toLowerCase());
        boolean start = true;
        for (int i = 0; i < b.length(); i++) {
            if (start && Character.isLetter(b.charAt(i))) b.setCharAt(i, Character.toUpperCase(b.charAt(i)));
            start = !Character.isLetterOrDigit(b.charAt(i));
        }
        return b.toString();
    }

    public HttpLoopRequest run(final JsObj obj, final HttpLoopResult result) {
        StringJoiner out = new StringJoiner("; ");
        for (long n : new long[]{0, 1, 2, 11, 21, 40, 115, 1001, 2012, 5000, 21_341, 1_000_000, -3_002_000_003L}) out.add(russian(n));
        for (int n : new int[]{1, 4, 9, 14, 40, 90, 400, 1999, 2026}) out.add(roman(n));
        out.add(latin("Щука и Ёж, объявление Юлия 42")).add(title("ПРИВЕТ, мир and o'neil 3d"));
        for (String line : wrap("Ваш код 4821 никому его не сообщайте даже сотрудникам банка supercalifragilistic", 16)) out.add(line + "|" + justify(line, 16));
        out.setEmptyValue("nothing");
        return HttpLoop.Ok(JsObj.empty.addString("v", out.toString()).addInt("length", out.length()).addString("empty", new StringJoiner(",").setEmptyValue("none").toString() + new StringJoiner(",", "{", "}")));
    }
}
