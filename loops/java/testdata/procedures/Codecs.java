package flashcall;

import com.identityblitz.core.loop.*;
import com.identityblitz.core.loop.http.*;
import java.nio.charset.StandardCharsets;
import java.util.*;

/** Bytes: hex, GSM alphabet, BCD, CRC, percent encoding, run lengths, XOR, character sets. */
public class Codecs implements HttpLoop {
    private static final int[] CRC = new int[256];
    private static final String GSM = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

    static {
        for (int i = 0; i < 256; i++) {
            int c = i;
            for (int k = 0; k < 8; k++) c = (c & 1) == 1 ? c >>> 1 ^ 0xEDB88320 : c >>> 1;
            CRC[i] = c;
        }
    }

    static long crc32(byte[] data) {
        int c = ~0;
        for (byte b : data) c = CRC[(c ^ b) & 0xff] ^ c >>> 8;
        return ~c & 0xffffffffL;
    }

    static String hex(byte... data) {
        StringBuilder out = new StringBuilder();
        for (byte b : data) out.append(Character.forDigit(b >> 4 & 15, 16)).append(Character.forDigit(b & 15, 16));
        return out.toString();
    }

    static byte[] unhex(String s) {
        if (s.length() % 2 != 0) throw new IllegalArgumentException("odd: " + s.length());
        byte[] out = new byte[s.length() / 2];
        for (int i = 0; i < out.length; i++) {
            int hi = Character.digit(s.charAt(2 * i), 16), lo = Character.digit(s.charAt(2 * i + 1), 16);
            if ((hi | lo) < 0) throw new IllegalArgumentException("at " + i);
            out[i] = (byte) (hi << 4 | lo);
        }
        return out;
    }

    static byte[] gsm7(String s) {
        byte[] out = new byte[(s.length() * 7 + 7) / 8];
        int bit = 0;
        for (char c : s.toCharArray()) {
            int v = GSM.indexOf(c);
            if (v < 0) v = GSM.indexOf('?');
            for (int k = 0; k < 7; k++, bit++) if ((v >> k & 1) != 0) out[bit / 8] |= 1 << bit % 8;
        }
        return out;
    }

    static String bcd(String digits) {
        char[] c = (digits.length() % 2 == 0 ? digits : digits + "F").toCharArray();
        for (int i = 0; i + 1 < c.length; i += 2) {
            char t = c[i];
            c[i] = c[i + 1];
            c[i + 1] = t;
        }
        return String.valueOf(c);
    }

    static String percent(String s) {
        StringBuilder out = new StringBuilder();
        for (byte b : s.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (c < 128 && (Character.isLetterOrDigit(c) || "-_.~".indexOf(c) >= 0)) out.append(c);
            else out.append('%').append(String.format("%02X", b));
        }
        return out.toString();
    }

    static String runs(String s) {
        StringBuilder out = new StringBuilder();
        for (int i = 0, j; i < s.length(); i = j) {
            for (j = i; j < s.length() && s.charAt(j) == s.charAt(i); ) j++;
            out.append(s.charAt(i)).append(j - i > 1 ? j - i : "");
        }
        return out.toString();
    }

    public HttpLoopRequest run(final JsObj obj, final HttpLoopResult result) throws Exception {
        List<Object> out = new ArrayList<>();
        byte[] text = "Grüße, 世界 😀".getBytes("UTF-8");
        out.add(hex(text) + " " + text.length + " " + crc32(text) + " " + crc32(new byte[0]));
        out.add(new String(unhex("48c3a9ff00"), StandardCharsets.UTF_8).length() + hex(unhex("00ff7f80")) + hex((byte) -1, (byte) 200, (byte) 'a'));
        for (String bad : List.of("abc", "zz")) {
            try {
                unhex(bad);
            } catch (IllegalArgumentException e) {
                out.add(e.getMessage());
            }
        }
        out.add(hex(gsm7("hellohello")) + " " + hex(gsm7("Привет €")) + " " + bcd("79161234567") + bcd("12"));
        out.add(percent("a b&c=ü/€~") + " " + runs("aaabccd") + runs(""));
        byte[] key = {1, 2, 3}, data = "secret".getBytes(), mixed = new byte[data.length];
        for (int i = 0; i < data.length; i++) mixed[i] = (byte) (data[i] ^ key[i % key.length]);
        for (int i = 0; i < mixed.length; i++) mixed[i] ^= key[i % key.length];
        out.add(new String(mixed) + Arrays.equals(mixed, data) + Arrays.toString(Arrays.copyOfRange(data, 2, 8)));
        byte[] joined = new byte[key.length + data.length];
        System.arraycopy(key, 0, joined, 0, key.length);
        System.arraycopy(data, 0, joined, key.length, data.length);
        System.arraycopy(joined, 0, joined, 2, 4);
        out.add(Arrays.toString(joined));
        out.add(hex("é€".getBytes(StandardCharsets.ISO_8859_1)) + hex("é€".getBytes(StandardCharsets.UTF_16BE)) + hex("é".getBytes(StandardCharsets.UTF_16LE)) + hex("é".getBytes(StandardCharsets.US_ASCII)) + new String(new byte[]{-61, -87}, "ISO-8859-1") + new String(new byte[]{65, 66, 67}, 1, 2));
        out.add(java.net.URLEncoder.encode("a b+c&d=é*-_.~/", "UTF-8") + java.net.URLDecoder.decode("a%20b+c%C3%A9", "UTF-8") + Base64.getEncoder().withoutPadding().encodeToString(new byte[]{-1, -2}) + Base64.getUrlEncoder().encodeToString(new byte[]{-1, -2, -3, -4}) + hex(Base64.getDecoder().decode("//79")) + Base64.getMimeEncoder().encodeToString(new byte[60]).length());
        out.add(UUID.nameUUIDFromBytes("bank".getBytes()) + " " + UUID.fromString("00000000-0000-0001-0000-000000000002").hashCode() + UUID.fromString("0-0-1-0-2").equals(UUID.fromString("00000000-0000-0001-0000-000000000002")));
        long packed = 0;
        for (byte b : new byte[]{1, -2, 3, -4}) packed = packed << 8 | b & 0xFF;
        out.add(Long.toHexString(packed) + " " + (byte) (packed >>> 8) + (short) packed + (int) (packed << 31) + (char) (packed >> 24 & 0x7f | 0x40));
        JsArr all = JsArr.empty;
        for (Object o : out) all = all.addString(o.toString());
        return HttpLoop.Ok(JsObj.empty.addArr("v", all));
    }
}
