package flashcall;

import com.identityblitz.core.loop.*;
import com.identityblitz.core.loop.http.*;
import java.io.IOException;
import java.util.*;

/** try, finally, labels, switch, exceptions of one's own. */
public class Flow implements HttpLoop {
    static class ProviderException extends Exception {
        private final int code;

        ProviderException(int code, String message) {
            super(message);
            this.code = code;
        }

        ProviderException(int code, Throwable cause) {
            super("provider " + code, cause);
            this.code = code;
        }

        int getCode() { return code; }
    }

    static class Denied extends ProviderException {
        Denied() { super(403, "denied"); }

        @Override
        public String getMessage() { return "[" + super.getMessage() + "]"; }
    }

    static class Retry extends RuntimeException {
        Retry(Throwable cause) { super(cause); }
    }

    private final StringBuilder log = new StringBuilder();

    @SuppressWarnings("finally")
    private int overridden() {
        try {
            log.append("t");
            throw new IllegalStateException("lost");
        } finally {
            log.append("f");
            return 7;
        }
    }

    private int kept() {
        int x = 1;
        try {
            return x;
        } finally {
            x = 2;
        }
    }

    private String nested(int k) {
        String s = "";
        try {
            s += "a";
            try {
                s += "b";
                if (k == 0) throw new IOException("io");
                if (k == 1) throw new Denied();
                if (k == 2) throw new ProviderException(k, new IOException("inner"));
                if (k == 3) return s + "ret";
                if (k == 4) throw new NullPointerException();
                s += 10 / (k - 5);
            } catch (IOException e) {
                s += "c" + e.getMessage();
                throw new Retry(e);
            } finally {
                s += "f";
                log.append(s).append(';');
            }
            s += "after";
        } catch (Denied e) {
            s += "D" + e.getCode() + e.getMessage() + e;
        } catch (ProviderException e) {
            s += "P" + e.getCode() + e.getCause().getMessage() + e;
        } catch (Retry | ArithmeticException e) {
            s += "R" + e.getMessage() + (e.getCause() == null);
        } finally {
            s += "F";
            log.append(s).append('|');
        }
        return s;
    }

    private static int days(int month) {
        int d = 0;
        switch (month) {
            case 2:
                d -= 2;
            case 4: case 6: case 9: case 11:
                d -= 1;
            default:
                d += 31;
        }
        return d;
    }

    private static String word(String s, char c) {
        String out = "";
        switch (s) {
            case "yes":
            case "да":
                out = "y";
                break;
            case "no": {
                int n = 5;
                out = "n" + n;
                break;
            }
            default:
                int n = 6;
                out = "?" + n;
        }
        switch (c) {
            case 'a' -> out += 1;
            case 'b', 'c' -> out += 2;
            default -> {
                if (c > 'x') break;
                out += 3;
            }
        }
        int v = switch (s.length()) {
            case 0 -> -1;
            case 2, 3 -> {
                int t = s.length();
                yield t * t;
            }
            default -> s.charAt(0);
        };
        return out + v;
    }

    public HttpLoopRequest run(final JsObj obj, final HttpLoopResult result) throws Exception {
        List<String> out = new ArrayList<>();
        out.add(overridden() + kept() + log.toString());
        for (int k = 0; k < 7; k++) {
            try {
                out.add(nested(k));
            } catch (RuntimeException e) {
                out.add("threw " + e);
            }
        }
        out.add(log.toString());
        StringBuilder b = new StringBuilder();
        outer:
        for (int i = 0; i < 5; i++) {
            int j = 0;
            while (true) {
                if (j == i) continue outer;
                if (i == 4) break outer;
                inner: {
                    if (j == 1) break inner;
                    b.append(i).append(j).append(' ');
                }
                j++;
            }
        }
        int n = 0;
        do {
            n += 3;
            if (n % 2 == 0) continue;
            b.append(n);
        } while (n < 20);
        for (int i = 0, j = 10; i < j; i += 2, j--) b.append(i * j).append(',');
        for (;;) {
            if (++n > 25) break;
        }
        out.add(b.toString() + n);
        for (int m = 1; m <= 12; m++) out.add("" + days(m));
        out.add(word("yes", 'a') + word("да", 'c') + word("no", 'q') + word("", 'z') + word("maybe", 'b'));
        try {
            try {
                throw new Exception("first");
            } finally {
                Integer.parseInt("second");
            }
        } catch (Exception e) {
            out.add(e.toString());
        }
        Throwable t = new RuntimeException("top", new IOException("mid", new Error("root")));
        while (t.getCause() != null) t = t.getCause();
        out.add(t.getMessage() + new Retry(new Denied()).getMessage() + new RuntimeException((String) null).getMessage() + new Exception() + new Retry(null).getMessage());
        JsArr all = JsArr.empty;
        for (String s : out) all = all.addString(s);
        if (obj.has("code")) throw new Denied();
        return HttpLoop.Ok(JsObj.empty.addArr("v", all));
    }
}
