package flashcall;

import com.identityblitz.core.loop.*;
import com.identityblitz.core.loop.http.*;
import com.ringtail.loop.Ringtail;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.*;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A JWT by hand, read again, and one-time codes by RFC 4226. */
public class Jwt implements HttpLoop {
    private static final Base64.Encoder URL = Base64.getUrlEncoder().withoutPadding();

    private static byte[] sign(String algorithm, byte[] key, byte[] data) {
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(key, algorithm));
            return mac.doFinal(data);
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String part(JsObj o) { return URL.encodeToString(o.toString().getBytes(StandardCharsets.UTF_8)); }

    private static String jwt(JsObj claims, String key) {
        String head = part(JsObj.empty.addString("alg", "HS256").addString("typ", "JWT")) + "." + part(claims);
        return head + "." + URL.encodeToString(sign("HmacSHA256", key.getBytes(StandardCharsets.UTF_8), head.getBytes(StandardCharsets.US_ASCII)));
    }

    private static JsObj read(String token) {
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3) throw new IllegalArgumentException("parts: " + parts.length);
        return JsObj.parse(new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8));
    }

    private static String hotp(byte[] key, long counter, int digits) {
        byte[] message = new byte[8];
        for (int i = 7; i >= 0; i--) {
            message[i] = (byte) (counter & 0xff);
            counter >>= 8;
        }
        byte[] hash = sign("HmacSHA1", key, message);
        int offset = hash[hash.length - 1] & 0xf;
        int binary = ((hash[offset] & 0x7f) << 24) | ((hash[offset + 1] & 0xff) << 16) | ((hash[offset + 2] & 0xff) << 8) | (hash[offset + 3] & 0xff);
        int otp = binary % (int) Math.pow(10, digits);
        String text = Integer.toString(otp);
        while (text.length() < digits) text = "0" + text;
        return text;
    }

    private static String base32(byte[] data) {
        final String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        StringBuilder out = new StringBuilder();
        int buffer = 0, bits = 0;
        for (byte b : data) {
            buffer = buffer << 8 | b & 0xff;
            bits += 8;
            while (bits >= 5) out.append(alphabet.charAt(buffer >>> (bits -= 5) & 31));
        }
        if (bits > 0) out.append(alphabet.charAt(buffer << 5 - bits & 31));
        while (out.length() % 8 != 0) out.append('=');
        return out.toString();
    }

    public HttpLoopRequest run(final JsObj obj, final HttpLoopResult result) {
        long now = Ringtail.seconds();
        String token = jwt(JsObj.empty.addString("iss", "bänk").addInt("iat", now).addInt("exp", now + 3600).addString("phone", obj.asString("phone_number")), Ringtail.secret("KEY"));
        byte[] key = "12345678901234567890".getBytes(StandardCharsets.UTF_8);
        StringBuilder codes = new StringBuilder();
        for (long c = 0; c < 5; c++) codes.append(hotp(key, c, 6)).append(' ');
        codes.append(hotp(key, now / 30, 8));
        StringBuilder faults = new StringBuilder();
        for (String bad : new String[]{"a.b", "a.!.c", "a.YQ=.c", "a.YQ.c"}) {
            try {
                faults.append(read(bad)).append('|');
            } catch (IllegalArgumentException e) {
                faults.append(e.getMessage()).append('|');
            } catch (RuntimeException e) {
                faults.append("unreadable|");
            }
        }
        Instant at = Instant.ofEpochSecond(read(token).asLong("exp"));
        return HttpLoop.callBuilder("GET", "https://p.example/x").withHeader("Authorization", "Bearer " + token).withHeader("X-Codes", codes.toString()).withHeader("X-Key", base32(key) + base32("f".getBytes()) + base32(new byte[0]))
            .withHeader("X-Faults", faults.toString()).withHeader("X-Until", at + " " + at.minusSeconds(1).isBefore(at) + at.toEpochMilli() + at.plusMillis(5) + at.compareTo(Instant.parse("2026-03-01T13:00:00Z")) + Instant.ofEpochMilli(-1));
    }
}
