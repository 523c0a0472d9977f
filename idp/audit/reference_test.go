package audit_test

import (
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/reference/audit.md")

const referenceHead = `# Audit records

Generated from the types of events. What the trail is for and how it is protected: [explanation](../explanation/audit.md); how to carry it elsewhere: [how-to](../how-to/send-the-audit-elsewhere.md).

A record is JSON in the shape of Blitz's audit records. Exports, webhooks and lines of the log add ` + "`seq`" + ` in front and ` + "`hash`" + ` behind.

| member | meaning |
|---|---|
| ` + "`type`" + ` | the type of the event, see below |
| ` + "`ts`" + ` | when, in milliseconds since 1970 |
| ` + "`sbj`" + ` | the ID of the user who acted; empty where nobody is known, and for commands |
| ` + "`obj`" + ` | the ID or name of whom or what it was done to |
| ` + "`ip`" + ` | the address of the request: a number for IPv4 (as Blitz has it: 192.0.2.7 is 3221225991), a text for IPv6 |
| ` + "`ua`" + ` | the browser's User-Agent, cut after 256 bytes |
| ` + "`cId`, `cAthM`" + ` | the relying party, and how it authenticated |
| ` + "`lpId`" + ` | the login: all of its steps have the same. For a verification of a number over REST, that one's ID |
| ` + "`sid`" + ` | the session |
| ` + "`prms`" + ` | what else belongs to the type; above 32 KiB only ` + "`left_out`" + `, its size |

Blitz's ` + "`ipCt`, `ipSt`, `ipCtr`, `ipLat`, `ipLng`, `ipRad`, `pid`" + ` and ` + "`proc`" + ` are not there. No record holds a code, a password, a secret, a token or a whole phone number.
Events of failures that strangers cause are bounded to 60 of a type for one address (of IPv6 its /64) in a minute, and beginnings of logins to 1200; one record with ` + "`suppressed`" + ` in ` + "`prms`" + ` then tells how many were left out.
`

// The reference is made of the comments of the constants, so that it has them all.
func TestReferencePage(t *testing.T) {
	names, err := filepath.Glob("types*.go")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString(referenceHead)
	seen := map[string]bool{}
	for _, name := range names {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			block, ok := d.(*ast.GenDecl)
			if !ok || block.Tok != token.CONST {
				continue
			}
			title, more, _ := strings.Cut(strings.Join(strings.Fields(block.Doc.Text()), " "), ". ")
			b.WriteString("\n## " + strings.TrimSuffix(title, ".") + "\n\n")
			if more != "" {
				b.WriteString(more + "\n\n")
			}
			b.WriteString("| type | when, and `prms` |\n|---|---|\n")
			for _, s := range block.Specs {
				writeType(t, &b, s.(*ast.ValueSpec), seen)
			}
		}
	}
	page := filepath.Join("..", "..", "docs", "reference", "audit.md")
	if *update {
		if err := os.WriteFile(page, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if was, err := os.ReadFile(page); err != nil || string(was) != b.String() {
		t.Errorf("%s is not what the constants say; run go test ./idp/audit -update and read the diff (%v)", page, err)
	}
}

func writeType(t *testing.T, b *strings.Builder, s *ast.ValueSpec, seen map[string]bool) {
	t.Helper()
	comment := s.Doc.Text() + s.Comment.Text()
	value, err := strconv.Unquote(s.Values[0].(*ast.BasicLit).Value)
	if err != nil || comment == "" || seen[value] || !regexp.MustCompile(`^[a-z][a-z0-9_]*$`).MatchString(value) {
		t.Errorf("%s = %q needs a comment and a word of its own in lower case with underscores", s.Names[0].Name, value)
	}
	seen[value] = true
	text := strings.Join(strings.Fields(comment), " ")
	text = strings.TrimSuffix(strings.ToUpper(text[:1])+text[1:], ".") + "."
	b.WriteString("| `" + value + "` | " + text + " |\n")
}

// typesInCode are the types of all constants, in the order of the files.
func typesInCode(t *testing.T) (types []string) {
	t.Helper()
	names, err := filepath.Glob("types*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if s, ok := n.(*ast.ValueSpec); ok {
				value, err := strconv.Unquote(s.Values[0].(*ast.BasicLit).Value)
				if err != nil {
					t.Fatal(err)
				}
				types = append(types, value)
			}
			return true
		})
	}
	return types
}
