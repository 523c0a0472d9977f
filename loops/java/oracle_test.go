package java_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/engine"
	"github.com/ringtail-id/ringtail/loops/java"
)

// callsEach is how often each method of testdata/oracle is called, every time with other arguments.
const callsEach = 40

// TestCallsMeanWhatJavaMeans calls the methods of testdata/oracle with drawn arguments, once in Java and once translated, and compares
// the answers. The methods are static and take primitives and texts. Where there is no JDK it says so and is skipped.
func TestCallsMeanWhatJavaMeans(t *testing.T) {
	javac, err := exec.LookPath("javac")
	if err != nil {
		t.Skip("there is no javac on this machine, so nothing to compare with")
	}
	files, err := filepath.Glob("testdata/oracle/*.java")
	if err != nil || len(files) == 0 {
		t.Fatal("there is nothing in testdata/oracle", err)
	}
	calls := drawCalls(t, files)
	want := askJava(t, javac, files, calls)
	got := askTranslated(t, files, calls)
	if len(want) != len(calls) || len(got) != len(calls) {
		t.Fatalf("%d calls: Java gave %d answers, we gave %d", len(calls), len(want), len(got))
	}
	wrong := 0
	for i := range calls {
		if alike(got[i], want[i]) {
			continue
		}
		if wrong++; wrong <= 30 {
			t.Errorf("%s\nJava %q\nwe   %q", calls[i], want[i], got[i])
		}
	}
	t.Logf("%d calls compared, %d differ", len(calls), wrong)
}

var decimal = regexp.MustCompile(`-?\d+\.\d+(E-?\d+)?`)

// alike compares two answers. Before Java 19 a double or float was sometimes written with a digit more than it takes to tell
// it from its neighbours; what we write is what later ones write.
func alike(got, want string) bool {
	if got == want {
		return true
	}
	if decimal.ReplaceAllString(got, "") != decimal.ReplaceAllString(want, "") {
		return false
	}
	ours, theirs := decimal.FindAllString(got, -1), decimal.FindAllString(want, -1)
	for i := range ours {
		a, b := ours[i], theirs[i]
		bits := 64
		if len(strings.Trim(a, "-")) <= 13 {
			bits = 32
		}
		x, _ := strconv.ParseFloat(a, bits)
		y, _ := strconv.ParseFloat(b, bits)
		if x != y || len(b) < len(a) {
			return false
		}
	}
	return true
}

var methodForm = regexp.MustCompile(`(?m)^    static \S+ (\w+)\(([^)]*)\)`)

var drawable = regexp.MustCompile(`^((int|long|byte|short|char|double|float|boolean|String) \w+(, |$))*$`)

// drawCalls writes the calls as Java expressions. The seed is fixed, so that a difference shows again.
func drawCalls(t *testing.T, files []string) []string {
	random := rand.New(rand.NewPCG(1, 2))
	var out []string
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		class := strings.TrimSuffix(filepath.Base(file), ".java")
		for _, m := range methodForm.FindAllStringSubmatch(string(source), -1) {
			if !drawable.MatchString(m[2]) {
				continue // what the others call
			}
			for range callsEach {
				var args []string
				for _, p := range strings.Split(m[2], ", ") {
					args = append(args, drawArgument(t, random, strings.Fields(p)[0]))
				}
				out = append(out, fmt.Sprintf("%s.%s(%s)", class, m[1], strings.Join(args, ", ")))
			}
		}
	}
	return out
}

func pick[T any](random *rand.Rand, list ...T) T { return list[random.IntN(len(list))] }

func drawArgument(t *testing.T, random *rand.Rand, kind string) string {
	small := int64(random.IntN(200) - 100)
	switch kind {
	case "int":
		return strconv.FormatInt(pick(random, 0, 1, -1, 2, 127, 128, -128, -129, 31, 32, 65535, 2147483647, -2147483648, small, small, int64(int32(random.Uint32()))), 10)
	case "long":
		return strconv.FormatInt(pick(random, 0, 1, -1, 63, 64, 1<<31, -1<<31, 1<<53+1, 9223372036854775807, -9223372036854775808, small, int64(int32(random.Uint32())), int64(random.Uint64())), 10) + "L"
	case "byte", "short", "char":
		return "(" + kind + ") " + strconv.Itoa(pick(random, 0, 1, 65, 97, 48, 32, 255, 128, 127, 1078, 223, 0x3b1, 65535, random.IntN(0x500), random.IntN(128)))
	case "double":
		return drawDouble(random)
	case "float":
		return "(float) " + drawDouble(random)
	case "boolean":
		return pick(random, "true", "false")
	case "String":
		return drawText(random)
	}
	t.Fatalf("no arguments are drawn for %s", kind)
	return ""
}

func drawDouble(random *rand.Rand) string {
	v := pick(random, 0, 1, -1, 0.5, -0.5, 1.5, 2.5, 0.1, 100, 1e7, 9999999.999, 1e-3, 9.99e-4, 1e21, 1e-7, 123456.789, 2147483647.5, -2147483649, 1e300, 0.125, 1.005, 0.045,
		random.Float64(), random.NormFloat64()*1e6, float64(random.IntN(2000))/100, float64(random.IntN(100000)))
	text := strconv.FormatFloat(v, 'e', -1, 64)
	if random.IntN(20) == 0 {
		return pick(random, "Double.NaN", "Double.POSITIVE_INFINITY", "Double.NEGATIVE_INFINITY", "-0.0")
	}
	return text
}

func drawText(random *rand.Rand) string {
	text := pick(random, "", "a", "hello", "Hello, World 42", "+7 (999) 123-45-67", "0", "-17", "2147483648", "7f", "1e3", " x ", "a,b,,c;d,,", "key=1 b=22", "AaBB", "Grüße", "Привет", "日本", "😀x", "a%b&c=d/e+f~*", "\"quoted\\", "\t\n tab", "\u00a0", "0x1F", "1.5f", "  12", "the quick brown fox the lazy dog")
	if random.IntN(3) == 0 {
		var b strings.Builder
		for range random.IntN(12) {
			b.WriteRune(pick(random, 'a', 'b', 'Z', '0', '9', ' ', ',', '=', '.', 'é', 'ж', '€', '-', '_'))
		}
		text = b.String()
	}
	return strconv.QuoteToASCII(text)
}

// javaText writes a Go literal's escapes as Java's.
func javaText(call string) string {
	call = regexp.MustCompile(`\\x([0-9a-f]{2})`).ReplaceAllString(call, `\u00$1`)
	return regexp.MustCompile(`\\U([0-9a-f]{8})`).ReplaceAllStringFunc(call, func(s string) string {
		v, _ := strconv.ParseUint(s[2:], 16, 32)
		v -= 0x10000
		return fmt.Sprintf(`\u%04x\u%04x`, 0xd800+v>>10, 0xdc00+v&0x3ff)
	})
}

// asked are methods that put the answers of all calls into a list, each short enough for a Java method.
func asked(calls []string) (methods, all string) {
	var out, names strings.Builder
	for i, call := range calls {
		if i%100 == 0 {
			if i > 0 {
				out.WriteString("}\n")
			}
			fmt.Fprintf(&out, "static void part%d(List<String> out) {\n", i/100)
			fmt.Fprintf(&names, "part%d(out);\n", i/100)
		}
		fmt.Fprintf(&out, "try { out.add(\"\" + %s); } catch (Exception e) { out.add(e.getClass().getSimpleName()); }\n", javaText(call))
	}
	out.WriteString("}\n")
	return out.String(), names.String()
}

func askJava(t *testing.T, javac string, files, calls []string) []string {
	folder := t.TempDir()
	methods, all := asked(calls)
	main := "import java.util.*;\npublic class Main {\n" + methods + "public static void main(String[] args) throws Exception {\nList<String> out = new ArrayList<>();\n" + all +
		`StringBuilder b = new StringBuilder();
for (String s : out) { for (char c : s.toCharArray()) { b.append(Integer.toHexString(c | 0x10000).substring(1)); } b.append('\n'); }
System.out.print(b);
}
}
`
	path := filepath.Join(folder, "Main.java")
	if err := os.WriteFile(path, []byte(main), 0o600); err != nil {
		t.Fatal(err)
	}
	compile := exec.Command(javac, append([]string{"-encoding", "UTF-8", "-nowarn", "-d", folder, path}, files...)...)
	if out, err := compile.CombinedOutput(); err != nil {
		t.Fatalf("javac: %v\n%s", err, out)
	}
	run := exec.Command(strings.TrimSuffix(javac, "c"), "-Duser.language=en", "-cp", folder, "Main")
	var faults bytes.Buffer
	run.Stderr = &faults
	out, err := run.Output()
	if err != nil {
		t.Fatalf("java: %v\n%s", err, &faults)
	}
	var answers []string
	for _, line := range strings.Split(strings.TrimSuffix(string(out), "\n"), "\n") {
		answers = append(answers, fromUnits(line))
	}
	return answers
}

// fromUnits gives the hex of UTF-16 units that a text has, so that texts that aren't UTF-8 can be compared too.
func fromUnits(line string) string {
	var out strings.Builder
	for i := 0; i+4 <= len(line); i += 4 {
		v, _ := strconv.ParseUint(line[i:i+4], 16, 16)
		if v < 0x20 || v > 0x7e {
			fmt.Fprintf(&out, `\u%04x`, v)
		} else {
			out.WriteByte(byte(v))
		}
	}
	return out.String()
}

func askTranslated(t *testing.T, files, calls []string) []string {
	methods, all := asked(calls)
	var imports, classes strings.Builder
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		head, body, _ := strings.Cut(string(source), "public class ")
		imports.WriteString(head)
		classes.WriteString("class " + body)
	}
	p := translate(t, imports.String()+"import java.util.*;\nimport com.identityblitz.core.loop.*;\nimport com.identityblitz.core.loop.http.*;\npublic class Main implements HttpLoop {\n"+methods+
		"public HttpLoopRequest run(JsObj obj, HttpLoopResult result) {\nList<String> out = new ArrayList<>();\n"+all+
		"JsArr a = JsArr.empty;\nStringBuilder b = new StringBuilder();\n"+
		"for (String s : out) { for (char c : s.toCharArray()) { b.append(Integer.toHexString(c | 0x10000).substring(1)); } b.append('\\n'); }\n"+
		"return HttpLoop.Ok(JsObj.empty.addString(\"out\", b.toString()));\n}\n}\n"+classes.String())
	limits := loops.DefaultLimits()
	limits.Code, limits.Message, limits.Step = 64<<20, 64<<20, 10*time.Minute
	action, err := engine.New(engine.Options{Limits: limits}).Step(loops.Question{
		Driver: &loops.Driver{Name: "oracle", File: "driver.js", Source: java.Runtime() + p.Script + "const run = $program.run;"},
		Entry:  loops.EntryStart, Input: []byte("{}"),
	})
	if err != nil {
		t.Fatal(err)
	}
	var value struct{ Out string }
	if err := json.Unmarshal(action.Ok, &value); err != nil {
		t.Fatal(err)
	}
	var answers []string
	for _, line := range strings.Split(strings.TrimSuffix(value.Out, "\n"), "\n") {
		answers = append(answers, fromUnits(line))
	}
	return answers
}
