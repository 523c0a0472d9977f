package com.ringtail.loop;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The words of Ringtail, with the time and the secrets that the test gives to the engine too. */
public final class Ringtail {
    private Ringtail() { }

    public static String secret(String name) { return "secret of " + name; }
    public static long millis() { return 1772366400123L; }
    public static long seconds() { return millis() / 1000; }
    public static boolean equal(String a, String b) { return a.equals(b); }

    private static String java(String algorithm) { return algorithm.equals("md5") ? "MD5" : algorithm.replace("sha", "SHA-"); }

    public static String hash(String algorithm, String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(java(algorithm)).digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    public static String hmac(String algorithm, String key, String text) {
        try {
            String name = "Hmac" + java(algorithm).replace("-", "");
            Mac mac = Mac.getInstance(name);
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), name));
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
