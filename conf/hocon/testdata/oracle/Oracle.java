import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import java.io.File;
import java.io.PrintStream;

/** Resolves 0.conf .. (n-1).conf of a folder and prints a line for each: OK and the JSON, or ERR and what is wrong. */
public class Oracle {
    public static void main(String[] args) throws Exception {
        PrintStream out = new PrintStream(System.out, false, "UTF-8");
        int n = Integer.parseInt(args[1]);
        for (int i = 0; i < n; i++) {
            try {
                String json = ConfigFactory.parseFile(new File(args[0], i + ".conf")).resolve().root()
                    .render(ConfigRenderOptions.concise());
                out.println("OK\t" + json);
            } catch (Throwable e) {
                out.println("ERR\t" + String.valueOf(e.getMessage()).replace("\n", " ").replace("\r", " "));
            }
        }
        out.flush();
    }
}
