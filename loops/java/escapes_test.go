package java_test

import (
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/java"
)

// TestUnicodeEscapes holds that \uXXXX is read before anything else, as in Java.
func TestUnicodeEscapes(t *testing.T) {
	for _, c := range []struct{ name, body, expression, members, want string }{
		{"in a text", "", `"\u0416\uuu0041\ud83d\ude00".length() + "\u0416"`, "", "4Ж"},
		{"in a character", `char c = '\u0041', q = '\u005b';`, `"" + c + q`, "", "A["},
		{"in a name", "int \\u0061b = 1; int \\u0416 = 2;", "ab + \u0416", "", "3"},
		{"a quote ends the text", `String s = "a\u0022 + 1 + \u0022b";`, "s", "", "a1b"},
		{"in a word", "\\u0069nt a = 5\\u003b", "a", "", "5"},
		{"the end of a comment", "int a = 1; /* \\u002a/ a = 2; /* */", "a", "", "2"},
		{"a comment", "int a = 1; \\u002f/ a = 2;\n", "a", "", "1"},
		{"behind a backslash", "", `"\\u0041".length() + "\\\\u0041".length() + "\\\u0041".length()`, "", "15"},
		{"half a character", "", `"\ud83d".length() + (int) "x\ude00".charAt(1) + ("\ud83d" + "\ude00")`, "", "56833😀"},
		{"control characters", "", `(int) "\u0000\u0001\u0002".charAt(2) + "\u0001".length()`, "", "3"},
		{"two halves with a text between", "", `"\ud83dx\ude00".length()`, "", "3"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := value(t, c.body, c.expression, c.members); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

// TestHiddenCode holds that what an escape would hide is refused, and that places are those of the file as it was written.
func TestHiddenCode(t *testing.T) {
	for _, c := range []struct{ name, body, message string }{
		{"end of a line in a comment", `// a »\u000a int b = 1;`, "isn't supported; write"},
		{"carriage return in a comment", `// a »\u000d int b = 1;`, "isn't supported; write"},
		{"end of a line in a text", `String s = "»\u000a";`, "isn't supported; write"},
		{"backslash in a text", `String s = "»\u005cn";`, "isn't supported; write"},
		{"backslash in a character", `char c = '»\uu005C'';`, "isn't supported; write"},
		{"carriage return alone", "// a »\r int b = 1;", "carriage return"},
		{"no digits in a comment", `/* C:»\users */`, "four hexadecimal digits"},
		{"few digits", `String s = "»\u04";`, "four hexadecimal digits"},
		{"place behind escapes", `String s = "\u0416\ud83d\ude00Ж😀"; int a = »s;`, "a String is here where int is wanted"},
		{"place in a line behind", "/* \\u0416 */\n »foo(1);", "there is no method foo"},
		{"half a character as a name", `int »\ud83d = 1;`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			before, after, _ := strings.Cut(shell(c.body+"\n return null;", ""), "»")
			line, column := strings.Count(before, "\n")+1, len([]rune(before[strings.LastIndexByte(before, '\n')+1:]))+1
			_, problems := java.Translate("driver.java", []byte(before+after))
			if len(problems) == 0 || problems[0].Line != line || problems[0].Column != column || !strings.Contains(problems[0].Message, c.message) || problems[0].Reason != loops.ReasonSyntax {
				t.Errorf("got %v, want %d:%d %s", problems, line, column, c.message)
			}
		})
	}
}
