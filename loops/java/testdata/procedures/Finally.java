package flashcall;

import com.identityblitz.core.loop.*;
import com.identityblitz.core.loop.http.*;
import java.util.*;

/** What finally throws is thrown, whatever went before. */
public class Finally implements HttpLoop {
    private static String f(int v) {
        String[] a = {"x", "y"};
        try {
            int x = 1;
        } catch (IndexOutOfBoundsException e) {
            return "its own catch " + "abc".charAt(v * v);
        } finally {
            if (a[v] == null) return "never";
        }
        return "end";
    }

    private static String g(int v) {
        for (int i = 0; i < 3; i++) {
            try {
                if (i == v) continue;
                if (i > v) break;
            } catch (RuntimeException e) {
                return "caught";
            } finally {
                if (v == 7) throw new IllegalStateException("out of finally " + i);
            }
        }
        return "end";
    }

    public HttpLoopRequest run(final JsObj obj, final HttpLoopResult result) {
        StringBuilder out = new StringBuilder();
        for (int v : new int[]{0, 1, 3, 7}) {
            try {
                out.append(f(v));
            } catch (RuntimeException e) {
                out.append(e.getMessage());
            }
            try {
                out.append(g(v));
            } catch (RuntimeException e) {
                out.append(e.getMessage());
            }
        }
        return HttpLoop.Ok(JsObj.empty.addString("v", out.toString()));
    }
}
