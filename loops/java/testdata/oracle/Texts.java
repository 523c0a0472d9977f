import java.nio.charset.StandardCharsets;
import java.util.*;
import java.util.regex.*;

public class Texts {
    static String lengths(String s) { return s.length() + " " + s.isEmpty() + " " + s.isBlank() + " " + s.hashCode(); }
    static String trims(String s) { return "[" + s.trim() + "][" + s.strip() + "][" + s.stripLeading() + "][" + s.stripTrailing() + "]"; }
    static String cases(String s) { return s.toUpperCase(Locale.ROOT) + s.toLowerCase(Locale.ROOT); }
    static String sub(String s, int a, int b) { return s.substring(a) + "|" + s.substring(a, b); }
    static String tail(String s) { return s.substring(s.length() - Math.min(4, s.length())); }
    static String index(String s, String t) { return s.indexOf(t) + " " + s.lastIndexOf(t) + " " + s.contains(t) + " " + s.startsWith(t) + " " + s.endsWith(t) + " " + s.indexOf(t, 2) + " " + s.lastIndexOf(t, 3) + " " + s.startsWith(t, 1); }
    static String compare(String s, String t) { return s.compareTo(t) + " " + s.compareToIgnoreCase(t) + " " + s.equals(t) + " " + s.equalsIgnoreCase(t); }
    static String at(String s, int i) { return "" + s.charAt(i) + (int) s.charAt(i) + s.codePointAt(i); }
    static String replaces(String s, String t) { return s.replace(t, "<>") + "|" + s.replace('a', '$') + "|" + s.concat(t); }
    static String splits(String s) { return Arrays.toString(s.split(",")) + Arrays.toString(s.split("\\s+")) + Arrays.toString(s.split("", 3)) + Arrays.toString(s.split("[,;]", -1)) + s.split("a").length; }
    static String regexes(String s) { return s.replaceAll("[^0-9]", "") + "|" + s.replaceAll("(\\w)(\\d)", "$2$1") + "|" + s.replaceFirst("\\s*", "_") + "|" + s.matches("\\+?\\d+") + "|" + s.matches("a|ab") + "|" + s.matches("(?i)HELLO.*"); }
    static String finds(String s) { Matcher m = Pattern.compile("(?<k>[a-z]+)=?(\\d*)").matcher(s); StringBuilder b = new StringBuilder(); while (m.find()) { b.append(m.group("k")).append(':').append(m.group(2)).append('@').append(m.start()).append('-').append(m.end()).append(';'); } return b.toString() + m.groupCount(); }
    static String phone(String s) { String d = s.replaceAll("\\D", ""); if (d.length() == 11 && d.startsWith("8")) { d = "7" + d.substring(1); } return d.isEmpty() ? "none" : "+" + d; }
    static String builder(String s, int a, int b) { StringBuilder x = new StringBuilder(s); x.append(a).append('c').append(1.5).append(true).append((Object) null).append(2.5f).append(b * 100000000000L); x.insert(0, b).reverse(); x.deleteCharAt(0); x.delete(1, 3).replace(0, 2, "ZZ").setCharAt(0, 'Q'); return x + " " + x.length() + x.indexOf("c"); }
    static String joins(String s, String t) { return String.join("&", s, t, null) + String.join("", List.of(s, t)) + new StringJoiner(",", "{", "}").add(s).add(t); }
    static String bytes(String s) { return Arrays.toString(s.getBytes(StandardCharsets.UTF_8)) + Arrays.toString(s.getBytes(StandardCharsets.ISO_8859_1)) + Arrays.toString(s.getBytes(StandardCharsets.UTF_16)) + new String(s.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8); }
    static String badBytes(int a, int b) { byte[] x = {(byte) a, 65, (byte) b, (byte) 0xe2, (byte) 0x82, (byte) (a >> 8), 66, (byte) (b >> 8)}; return new String(x, StandardCharsets.UTF_8) + new String(x, StandardCharsets.ISO_8859_1) + new String(x, StandardCharsets.US_ASCII); }
    static String base64(String s) { byte[] b = s.getBytes(StandardCharsets.UTF_8); String e = Base64.getEncoder().encodeToString(b); return e + " " + Base64.getUrlEncoder().withoutPadding().encodeToString(b) + " " + Base64.getMimeEncoder().encodeToString((s + s + s + s + s + s + s + s + s).getBytes(StandardCharsets.UTF_8)) + Arrays.equals(b, Base64.getDecoder().decode(e)); }
    static String decode(String s) { try { return Arrays.toString(Base64.getDecoder().decode(s)); } catch (IllegalArgumentException e) { return "bad"; } }
    static String url(String s) throws Exception { String e = java.net.URLEncoder.encode(s, "UTF-8"); return e + " " + java.net.URLDecoder.decode(e, StandardCharsets.UTF_8).equals(s); }
    static String characters(char c) { return Character.isDigit(c) + " " + Character.isLetter(c) + " " + Character.isLetterOrDigit(c) + " " + Character.isUpperCase(c) + " " + Character.isLowerCase(c) + " " + Character.isWhitespace(c) + " " + Character.toUpperCase(c) + Character.toLowerCase(c) + " " + Character.getNumericValue((char) (c % 128)) + " " + Character.digit((char) (c % 128), 16); }
    static String format(String s, int a, long b, double c) { return String.format("%s|%10s|%-10s|%.3s|%d|%5d|%-5d|%05d|%+d|%,d|%x|%X|%08x|%o|%(d|% d", s, s, s, s, a, a, a, a, a, b, a, b, a, a, a, a) + String.format("|%b|%c|%%|%n|%2$s %1$s", true, 'x') + String.format("|%S|%h|%s", s, s, null); }
    static String formatD(double c) { return String.format(Locale.ROOT, "%f|%.0f|%.1f|%.2f|%10.3f|%-10.2f|%010.2f|%+.2f|%,.2f|%e|%.3E", c, c, c, c, c, c, c, c, c, c, c); }
    static String formatF(float c) { return String.format(Locale.ROOT, "%f|%.2f", c, c); }
    static String hex(String s) { StringBuilder b = new StringBuilder(); for (byte x : s.getBytes(StandardCharsets.UTF_8)) { b.append(String.format("%02x", x)).append(Integer.toHexString((x & 0xFF) | 0x100).substring(1)).append(Character.forDigit((x >> 4) & 0xf, 16)); } return b.toString(); }
    static String digest(String s) throws Exception { StringBuilder b = new StringBuilder(); for (String a : new String[]{"MD5", "SHA-1", "SHA-256", "SHA-512"}) { b.append(Base64.getEncoder().encodeToString(java.security.MessageDigest.getInstance(a).digest(s.getBytes("UTF-8")))); } return b.toString(); }
    static String mac(String s, String k) throws Exception { StringBuilder b = new StringBuilder(); for (String a : new String[]{"HmacMD5", "HmacSHA1", "HmacSHA256", "HmacSHA512"}) { javax.crypto.Mac m = javax.crypto.Mac.getInstance(a); m.init(new javax.crypto.spec.SecretKeySpec(k.getBytes("UTF-8"), a)); m.update(s.getBytes("UTF-8")); b.append(Arrays.toString(m.doFinal())); } return b.toString(); }
    static String uuid(String s) { UUID u = UUID.nameUUIDFromBytes(s.getBytes(StandardCharsets.UTF_8)); return u + " " + u.hashCode() + " " + UUID.fromString(u.toString()).equals(u); }
    static String doubleText(double d) { return d + " " + (float) d + " " + Double.toString(d * 10) + " " + String.valueOf(d / 3); }
    static String floatText(float f) { return f + " " + f / 3; }
    static String nulls(String s) { String n = s.length() % 2 == 0 ? null : s; String r = n + s + n; r += n; return r + (n == null) + Objects.equals(n, s) + Optional.ofNullable(n).orElse("none"); }
    static String switches(String s) { switch (s) { case "a": return "A"; case "hello": case "0": s += "!"; default: s += "?"; break; case "": return "empty"; } return s; }
    static int arrows(String s) { return switch (s.length() % 4) { case 0 -> 10; case 1, 2 -> { int k = s.hashCode(); yield k % 7; } default -> -1; }; }
}
