import com.identityblitz.core.loop.BadAnswer;
import com.identityblitz.core.loop.JsArr;
import com.identityblitz.core.loop.JsObj;
import com.identityblitz.core.loop.http.HttpLoopRequest;
import com.identityblitz.core.loop.http.HttpLoopResult;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;

/**
 * Reads jobs, one a line: {"class":..,"input":{..},"answers":[{"status":..,"body":..}..]}. For each it writes a line
 * "== class", and a line for each step: a request, or what the run ended with.
 */
public final class Main {
    private Main() { }

    public static void main(String[] args) throws Exception {
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line; (line = in.readLine()) != null; ) {
            run(out, JsObj.parse(line));
        }
        out.flush();
    }

    private static void run(PrintStream out, JsObj job) throws Exception {
        out.println("== " + job.asString("class"));
        JsArr answers = job.asArr("answers");
        HttpLoopResult result = null;
        JsObj state = null;
        for (int i = 0; ; i++) {
            HttpLoopRequest r = step(out, job, result, state);
            if (r == null) return;
            out.println(line(r.told()));
            if (r.ends() || i >= answers.size()) return;
            JsObj answer = answers.asObj(i);
            result = new HttpLoopResult(answer.asInt("status"), answer.asString("body"));
            state = r.state();
        }
    }

    private static HttpLoopRequest step(PrintStream out, JsObj job, HttpLoopResult result, JsObj state) throws Exception {
        try {
            Class<?> c = new Fresh().loadClass(job.asString("class"));
            for (Method m : c.getMethods()) {
                if (!m.getName().equals("run") || m.getReturnType() != HttpLoopRequest.class || m.getDeclaringClass() != c) continue;
                m.setAccessible(true);
                Object o = c.getDeclaredConstructor().newInstance();
                HttpLoopRequest r = (HttpLoopRequest) (m.getParameterCount() == 2 ? m.invoke(o, job.asObj("input"), result) : m.invoke(o, job.asObj("input"), result, state));
                if (r == null) out.println("null");
                return r;
            }
            out.println("no run");
        } catch (InvocationTargetException e) {
            out.println(line(thrown(e.getCause())));
        } catch (ExceptionInInitializerError e) {
            out.println(line(thrown(e.getCause())));
        }
        return null;
    }

    /** Loads a procedure's classes anew for each step, as static fields begin anew. */
    private static final class Fresh extends ClassLoader {
        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            Class<?> loaded = findLoadedClass(name);
            if (loaded != null) return loaded;
            if (name.matches("(java|javax|com|org)\\..*")) return super.loadClass(name, resolve);
            try (InputStream in = Main.class.getResourceAsStream("/" + name.replace('.', '/') + ".class")) {
                byte[] code = in.readAllBytes();
                return defineClass(name, code, 0, code.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    private static String thrown(Throwable t) {
        if (t instanceof BadAnswer) return "error bad_answer";
        if (t instanceof StackOverflowError) return "exception stack";
        String message = t.getMessage();
        if (t instanceof ClassCastException && message.contains(" (")) message = message.substring(0, message.indexOf(" ("));
        return "exception " + t.getClass().getName() + (message == null || message.isEmpty() ? "" : ": " + message);
    }

    private static String line(String s) { return s.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r"); }
}
