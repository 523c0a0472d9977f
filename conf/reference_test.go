package conf

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
)

// Every key that the decoder reads stands in blitz.conf with a comment, whose
// last line is what the decoder takes.
func TestEverySettingIsDocumented(t *testing.T) {
	all, err := AllKeys()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 80 {
		t.Fatalf("only %d keys", len(all))
	}
	for _, k := range all {
		switch {
		case k.line == 0:
			t.Errorf("%s doesn't stand in blitz.conf", k.Path)
		case k.Meaning == "":
			t.Errorf("blitz.conf:%d: %s has no comment that says what it means", k.line, k.Path)
		case !k.Section && !strings.HasSuffix("\n"+k.comment, "\n"+k.lastLine()):
			t.Errorf("blitz.conf:%d: the comment of %s ends in %q; write %q", k.line, k.Path, k.comment, k.lastLine())
		}
	}
}

// Every key of blitz.conf, its examples too, is read: nothing is left over.
func TestEveryDocumentedSettingIsRead(t *testing.T) {
	d, err := documentedDecoder(withExamples(string(defaults)))
	if err != nil {
		t.Fatal(err)
	}
	d.decode()
	for _, u := range d.unknown {
		t.Errorf("%s: %s is not read", u.at, u.name)
	}
	// The made-up file content is no certificate or key; the driver is not set.
	for _, f := range d.errors {
		if !strings.HasSuffix(f.Path, "flashCall.driver") && !strings.HasSuffix(f.Path, "example.token") {
			t.Errorf("the documented settings have an error: %s", f)
		}
	}
}

func TestReferencePage(t *testing.T) {
	got, err := Reference()
	if err != nil {
		t.Fatal(err)
	}
	page := filepath.Join("..", "docs", "reference", "settings.md")
	if flag.Lookup("update").Value.String() == "true" {
		if err := os.MkdirAll(filepath.Dir(page), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(page, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Error("docs/reference/settings.md is out of date; write it anew with: go test ./conf -update")
	}
}

// lastLine is how the key's comment must end, so that comment and decoder agree.
func (k *Key) lastLine() string {
	line := k.Type + "."
	if k.example() && k.Default != "" {
		line += " Default: " + k.Default + "."
	}
	if strings.HasPrefix(line, "true") {
		return line
	}
	return string(unicode.ToUpper(rune(line[0]))) + line[1:]
}
