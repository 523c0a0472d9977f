package users_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"testing/quick"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/admin/users"
	"github.com/ringtail-id/ringtail/idp/audit"
)

const phc = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"

func (w *world) export() [][]string {
	w.t.Helper()
	got := w.send(http.MethodGet, base+"/users/export", "", nil).wants(http.StatusOK)
	if !strings.HasPrefix(got.header.Get("Content-Type"), "text/csv") || !strings.Contains(got.header.Get("Content-Disposition"), "attachment") {
		w.t.Errorf("header %v", got.header)
	}
	rows, err := csv.NewReader(strings.NewReader(got.body)).ReadAll()
	w.must(err)
	return rows
}

func TestExport(t *testing.T) {
	w := newWorld(t)
	var many []*idp.User
	for i := range 1100 { // more than a page
		many = append(many, &idp.User{ID: fmt.Sprint("u", i), Login: fmt.Sprintf("user%04d", i), Attributes: map[string]string{"note": `=HYPERLINK("x")`, "login": "odd"}})
	}
	w.must(w.store.CreateUsers(t.Context(), many))
	rows := w.export()
	if len(rows) != 1102 {
		t.Fatalf("%d rows", len(rows))
	}
	if got := strings.Join(rows[0], ","); got != "login,id,required_factor,blocked,must_change_password,created_at,email,attributes.login,name,note,phone_number" {
		t.Errorf("head %s", got)
	}
	for _, row := range rows {
		for _, cell := range row {
			if strings.Contains(cell, "argon2id") || cell == "buyer" || strings.ContainsAny(cell[:min(1, len(cell))], "=+-@") {
				t.Fatalf("the cell %q is in an export", cell)
			}
		}
	}
	if w.last().Type != audit.TypeUsersExported {
		t.Errorf("record %s", w.last().Type)
	}
	w.actor = person("root", admin.RoleRoot)
	if head := strings.Join(w.export()[0], ","); !strings.HasSuffix(head, ",roles") {
		t.Errorf("root's head %s", head)
	}
}

// An export can be imported as it is, and changes nothing.
func TestExportIsAnImport(t *testing.T) {
	w := newWorld(t)
	w.must(w.store.ConfirmPhone(t.Context(), "anna", "phone_number", "+79161234567", noon))
	w.must(w.store.CreateUser(t.Context(), &idp.User{ID: "b", Login: "-b", Attributes: map[string]string{"note": "'=1+1", "street": "a, \"b\"\nc", "blocked": "x"}}))
	file := w.send(http.MethodGet, base+"/users/export", "", nil).wants(http.StatusOK).body
	report, err := w.section.Look(t.Context(), w.actor, []byte(file))
	if err != nil || len(report.Faults) != 0 || report.Same != 2 || report.Lines != 2 {
		t.Errorf("report %+v, %v\n%s", report, err, file)
	}
	other := newWorld(t)
	other.must(other.store.DeleteUser(t.Context(), "anna"))
	if report, err := other.section.Import(t.Context(), other.actor, []byte(file)); err != nil || report.Created != 2 {
		t.Fatalf("%+v, %v", report, err)
	}
	u, err := other.store.UserByLogin(t.Context(), "-b")
	w.must(err)
	if fmt.Sprint(u.Attributes) != fmt.Sprint(w.user("b").Attributes) {
		t.Errorf("attributes %q", u.Attributes)
	}
	anna, err := other.store.UserByLogin(t.Context(), "anna")
	w.must(err)
	if anna.PhoneVerified() {
		t.Error("a file says that a number was confirmed")
	}
}

func TestImport(t *testing.T) {
	w := newWorld(t)
	w.signIn("anna", "s1")
	file := "\xef\xbb\xbflogin;name;phone_number;blocked;password_hash;must_change_password;required_factor\r\n" +
		"boris;Борис;8 999 000-00-02;;" + phc + ";true;2\r\n" +
		"ANNA;;;true;;;\r\n" +
		"carl;Carl;;;;true;\r\n"
	dry := w.ask(http.MethodPost, "/users/import?dry_run=true", file).wants(http.StatusOK).json()
	if fmt.Sprint(dry) != "map[changed:1 created:2 dry_run:true faults:[] lines:3 same:0]" {
		t.Errorf("dry run %v", dry)
	}
	if w.user("anna").Blocked || len(w.trail.Events()) != 0 {
		t.Error("a dry run did something")
	}
	w.ask(http.MethodPost, "/users/import", file).wants(http.StatusOK)
	u, err := w.store.UserByLogin(t.Context(), "boris")
	w.must(err)
	if u.PasswordHash != phc || !u.MustChangePassword || u.RequiredFactor != 2 || u.Attribute("phone_number") != "79990000002" {
		t.Errorf("boris %+v", u)
	}
	if carl, err := w.store.UserByLogin(t.Context(), "carl"); err != nil || carl.MustChangePassword {
		t.Errorf("carl has to change a password that isn't there: %+v, %v", carl, err)
	}
	anna := w.user("anna")
	if !anna.Blocked || anna.Attribute("name") != "Анна Петрова" || w.signedIn("anna") != 0 {
		t.Errorf("anna %+v", anna)
	}
	kinds := map[string]int{}
	for _, e := range w.trail.Events() {
		kinds[e.Type]++
		if strings.Contains(fmt.Sprint(e.Params), "argon2id") || strings.Contains(fmt.Sprint(e.Params), "79990000002") {
			t.Errorf("record %+v", e)
		}
	}
	if fmt.Sprint(kinds) != "map[user_changed:1 user_created:2 users_imported:1]" {
		t.Errorf("records %v", kinds)
	}
	again := w.ask(http.MethodPost, "/users/import", file).wants(http.StatusOK).json()
	if again["same"] != 3.0 || again["created"] != 0.0 || again["changed"] != 0.0 {
		t.Errorf("the same file again: %v", again)
	}
}

func TestImportTellsEveryFault(t *testing.T) {
	w := newWorld(t)
	file := strings.Join([]string{
		"login,phone_number,blocked,password_hash,required_factor,name",
		"good,,,,,", ",,,,,", "a,12,,,,", "b,,perhaps,,,", "c,,,$2b$10$x,,", "d,,,,3,", "good,,,,,", "e,,,,," + strings.Repeat("x", 1100),
	}, "\n")
	got := w.ask(http.MethodPost, "/users/import", file).wants(http.StatusUnprocessableEntity).json()
	var faults []string
	for _, one := range got["faults"].([]any) {
		f := one.(map[string]any)
		faults = append(faults, fmt.Sprint(f["line"], " ", f["problem"]))
	}
	want := "3 user_login_invalid, 4 user_phone_invalid, 5 user_import_cell, 6 user_import_hash, 7 user_factor_invalid, 8 user_import_twice, 9 user_attribute_value"
	if strings.Join(faults, ", ") != want {
		t.Errorf("faults %s", strings.Join(faults, ", "))
	}
	if found, err := w.store.SearchUsers(t.Context(), idp.UserQuery{Text: "good"}); err != nil || len(found.Users) != 0 {
		t.Error("a file with faults was imported in part")
	}
	for name, c := range map[string]struct {
		file   string
		status int
		want   string
	}{
		"nothing":                 {"", http.StatusUnprocessableEntity, "user_import_file"},
		"a short line":            {"login,name\nx\n", http.StatusUnprocessableEntity, "user_import_file"},
		"no login":                {"name\nx\n", http.StatusUnprocessableEntity, "user_import_column"},
		"a column twice":          {"login,name,attributes.name\nx,y,z\n", http.StatusUnprocessableEntity, "user_import_column"},
		"an odd column":           {"login,na me\nx,y\n", http.StatusUnprocessableEntity, "user_import_column"},
		"a column of roles":       {"login,roles\nx,y\n", http.StatusUnprocessableEntity, "user_import_column"},
		"a quote that is open":    {"login\n\"x\n", http.StatusUnprocessableEntity, "user_import_file"},
		"more lines than allowed": {"login\n" + strings.Repeat("x\n", users.MaxLines+1), http.StatusRequestEntityTooLarge, "user_import_large"},
	} {
		if got := w.ask(http.MethodPost, "/users/import", c.file).wants(c.status); !strings.Contains(got.body, c.want) {
			t.Errorf("%s: %s", name, got.body)
		}
	}
}

// upload posts a file as the form does.
func (w *world) upload(content string) *answer {
	w.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "users.csv")
	w.must(err)
	_, err = io.WriteString(part, content)
	w.must(err)
	w.must(form.Close())
	return w.send(http.MethodPost, base+"/users/import", form.FormDataContentType(), &body)
}

func TestImportPage(t *testing.T) {
	w := newWorld(t)
	w.get("/users/import")
	bad := w.upload("login,required_factor\nboris,9\n").wants(http.StatusOK).page()
	if bad.Find("[name=staged]").Length() != 0 || !strings.Contains(bad.Find("tbody").Text(), "user_factor_invalid") {
		t.Errorf("a file with a fault: %s", bad.Find("main").Text())
	}
	if got := w.upload("nothing\n").wants(http.StatusUnprocessableEntity).page(); !strings.Contains(got.Find(".alert").Text(), "user_import_column") {
		t.Errorf("no users: %s", got.Find(".alert").Text())
	}
	staged := w.upload("login,name\nboris,Boris\n").wants(http.StatusOK).page().Find("[name=staged]").AttrOr("value", "")
	if _, err := w.store.UserByLogin(t.Context(), "boris"); err == nil || staged == "" {
		t.Fatal("imported without a word, or not to be imported")
	}
	sue := w.actor
	w.actor = person("eve", admin.RoleSupport)
	w.post("/users/import/apply", "staged", staged).wants(http.StatusNotFound)
	w.actor = sue
	got := w.post("/users/import/apply", "staged", staged).wants(http.StatusSeeOther)
	if _, err := w.store.UserByLogin(t.Context(), "boris"); err != nil || got.header.Get("X-Notice") != "Imported: 1 made, 0 changed, 0 as they were." {
		t.Errorf("%v, %s", err, got.header.Get("X-Notice"))
	}
	w.post("/users/import/apply", "staged", staged).wants(http.StatusNotFound)
}

// No cell of an export is run by a spreadsheet, and each comes back as it was.
func TestCellsComeBack(t *testing.T) {
	for _, cell := range []string{"", "=1", "+7", "-x", "@a", "'=1", "''=1", "'a", "\t=1", "a=b"} {
		if got := users.Guard(cell); users.Unguard(got) != cell || got != "" && strings.ContainsAny(got[:1], "=+-@\t\r") {
			t.Errorf("%q becomes %q and %q", cell, got, users.Unguard(got))
		}
	}
	same := func(cell string) bool { return users.Unguard(users.Guard(cell)) == cell }
	if err := quick.Check(same, nil); err != nil {
		t.Error(err)
	}
}

func FuzzImport(f *testing.F) {
	f.Add("login,name\nanna,Anna\n")
	f.Add("login;blocked\n\"a\"\"\";true\n")
	f.Add("\xef\xbb\xbflogin\r\n'=x\r\n")
	w := &users.Service{Options: users.Options{Store: nobody{}, PhoneAttribute: "phone_number"}}
	f.Fuzz(func(t *testing.T, file string) {
		report, err := w.Look(context.Background(), &admin.Actor{UserID: "sue"}, []byte(file))
		if err == nil && report.Lines != report.Created+report.Changed+report.Same+len(report.Faults) {
			t.Errorf("%+v of %q", report, file)
		}
	})
}

// nobody is a store without users.
type nobody struct{ users.Store }

func (nobody) UserByLogin(context.Context, string) (*idp.User, error) { return nil, idp.ErrNotFound }
