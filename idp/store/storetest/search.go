package storetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/login"
	"github.com/ringtail-id/ringtail/idp/logout/backchannel"
)

// testsOfSearch are those of what administrators do with users.
func testsOfSearch() map[string]func(*testing.T, Stores) {
	return map[string]func(*testing.T, Stores){
		"users/found by the beginnings of words":                  findsByWords,
		"users/found page by page, each once":                     findsPages,
		"users/the search follows what changes":                   followsWords,
		"users/a deleted user leaves nothing":                     deletesUser,
		"users/a changed number ends what is under way to it":     endsCallsToOldNumber,
		"users/created together or not at all":                    createsUsers,
		"users/when the password was set":                         datesPassword,
		"users/a new password in the place of one that had to go": changesPassword,
		"imports/a file waits for whoever sent it":                stagesImport,
	}
}

// namedPeople are those of the searches, by ID.
func namedPeople(t *testing.T, s Stores) {
	t.Helper()
	for id, attributes := range map[string]map[string]string{
		"anna":  {"name": "Анна Петрова", "email": "Anna.Petrova@shop.example", "phone_number": "79990000001"},
		"boris": {"given_name": "Борис", "family_name": "Соловьёв", "phone_number": "+7 (999) 000-00-02", "work_phone": "8 495 123-45-67"},
		"carl":  {"name": "Carl-Anton Petrow", "nickname": "anton"},
	} {
		must(t, s.Users.CreateUser(t.Context(), &idp.User{ID: id, Login: "login." + id, Attributes: attributes, Blocked: id == "carl"}))
	}
}

func found(t *testing.T, s Stores, q idp.UserQuery) []string {
	t.Helper()
	page, err := s.Users.SearchUsers(t.Context(), q)
	must(t, err)
	return userIDs(page.Users)
}

func userIDs(users []*idp.User) []string {
	ids := []string{}
	for _, u := range users {
		ids = append(ids, u.ID)
	}
	slices.Sort(ids)
	return ids
}

func findsByWords(t *testing.T, s Stores) {
	namedPeople(t, s)
	for name, c := range map[string]struct {
		query idp.UserQuery
		want  string
	}{
		"everybody":                         {idp.UserQuery{}, "[anna boris carl]"},
		"the blocked":                       {idp.UserQuery{Blocked: true}, "[carl]"},
		"by ID":                             {idp.UserQuery{Text: " boris "}, "[boris]"},
		"by login":                          {idp.UserQuery{Text: "LOGIN.carl"}, "[carl]"},
		"by a part of the login":            {idp.UserQuery{Text: "login"}, "[anna boris carl]"},
		"by the beginning of a name":        {idp.UserQuery{Text: "петр"}, "[anna]"},
		"in any order":                      {idp.UserQuery{Text: "петрова, анн"}, "[anna]"},
		"all words must be there":           {idp.UserQuery{Text: "анна соловьев"}, "[]"},
		"not the middle of a word":          {idp.UserQuery{Text: "етрова"}, "[]"},
		"with and without dots":             {idp.UserQuery{Text: "СОЛОВЬЕВ"}, "[boris]"},
		"by a name with a hyphen":           {idp.UserQuery{Text: "Carl-Anton"}, "[carl]"},
		"once where two words fit":          {idp.UserQuery{Text: "anton"}, "[carl]"},
		"by e-mail":                         {idp.UserQuery{Text: "ANNA.petrova@SHOP"}, "[anna]"},
		"by the parts of e-mail":            {idp.UserQuery{Text: "petro"}, "[anna carl]"},
		"not by its domain":                 {idp.UserQuery{Text: "shop"}, "[]"},
		"by digits":                         {idp.UserQuery{Text: "79990000001"}, "[anna]"},
		"by a number however it is written": {idp.UserQuery{Text: "+7 (999) 000-00-01"}, "[anna]"},
		"by its beginning":                  {idp.UserQuery{Text: "+7 999"}, "[anna boris]"},
		"by the form with the country code": {idp.UserQuery{Text: "8 999 000 00 02", Numbers: []string{"79990000002"}}, "[boris]"},
		"by a number in another attribute":  {idp.UserQuery{Text: "84951234567"}, "[boris]"},
		"by two digits":                     {idp.UserQuery{Text: "79"}, "[anna boris]"},
		"whole: by all digits":              {idp.UserQuery{Text: "+7 999 000-00-01", WholeNumbers: true}, "[anna]"},
		"whole: by the other form":          {idp.UserQuery{Text: "8 999 000 00 02", Numbers: []string{"79990000002"}, WholeNumbers: true}, "[boris]"},
		"whole: not by the beginning":       {idp.UserQuery{Text: "7999000000", WholeNumbers: true}, "[]"},
		"whole: not by its groups":          {idp.UserQuery{Text: "999", WholeNumbers: true}, "[]"},
		"whole: not by two digits":          {idp.UserQuery{Text: "79", WholeNumbers: true}, "[]"},
		"whole: not beside a name":          {idp.UserQuery{Text: "анна 7999", WholeNumbers: true}, "[]"},
		"whole: not in wide digits":         {idp.UserQuery{Text: "анна ７９９９", WholeNumbers: true}, "[]"},
		"whole: words as ever":              {idp.UserQuery{Text: "петр", WholeNumbers: true}, "[anna]"},
		"nothing that can be looked for":    {idp.UserQuery{Text: "!!"}, "[]"},
		"odd characters":                    {idp.UserQuery{Text: "%_'\" x"}, "[]"},
	} {
		if got := fmt.Sprint(found(t, s, c.query)); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	_, err := s.Users.SearchUsers(t.Context(), idp.UserQuery{Text: "a", After: "!"})
	wantError(t, "a made-up cursor", err, idp.ErrCursor)
}

func findsPages(t *testing.T, s Stores) {
	var want []string
	for i := range 25 {
		id := fmt.Sprintf("u%02d", i)
		want = append(want, id)
		// Each has two words that begin alike, and a number.
		must(t, s.Users.CreateUser(t.Context(), &idp.User{ID: id, Login: fmt.Sprintf("7999%03d", i), Attributes: map[string]string{
			"name": fmt.Sprintf("Ivanov%d Ivan", i%3), "phone_number": fmt.Sprintf("8999%07d", i),
		}}))
	}
	for name, q := range map[string]idp.UserQuery{
		"all": {}, "by a word": {Text: "iva"}, "by two": {Text: "ivan ivanov"}, "by number": {Text: "8999", Numbers: []string{"7999"}},
	} {
		var got []string
		q.Limit = 7
		for pages := 0; ; pages++ {
			page, err := s.Users.SearchUsers(t.Context(), q)
			must(t, err)
			got = append(got, userIDs(page.Users)...)
			if q.After = page.Next; q.After == "" {
				break
			}
			if len(page.Users) != 7 || pages > 4 {
				t.Fatalf("%s: page %d has %d users", name, pages, len(page.Users))
			}
		}
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func followsWords(t *testing.T, s Stores) {
	namedPeople(t, s)
	_, err := s.Users.UpdateUser(t.Context(), "anna", func(u *idp.User) error {
		u.Login, u.Attributes["name"] = "annette", "Анна Сидорова"
		delete(u.Attributes, "phone_number")
		return nil
	})
	must(t, err)
	for text, want := range map[string]string{
		"петрова": "[]", "сидорова": "[anna]", "annette": "[anna]", "login": "[boris carl]", "79990000001": "[]", "anna.pet": "[anna]",
	} {
		if got := fmt.Sprint(found(t, s, idp.UserQuery{Text: text})); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

func deletesUser(t *testing.T, s Stores) {
	namedPeople(t, s)
	session := someSession("s1", "anna")
	session.EndedAt = time.Time{}
	must(t, s.Sessions.CreateSession(t.Context(), session))
	g := someGrant("g1")
	g.UserID, g.RevokedAt, g.Session = "anna", time.Time{}, "s1"
	must(t, s.Grants.CreateGrant(t.Context(), g))
	l := someLogin("l1")
	l.UserID, l.State = "anna", idp.LoginOpen
	must(t, s.Logins.CreateLogin(t.Context(), l))
	must(t, s.Users.DeleteUser(t.Context(), "anna"))
	wantError(t, "again", s.Users.DeleteUser(t.Context(), "anna"), idp.ErrNotFound)
	_, err := s.Users.UserByLogin(t.Context(), "login.anna")
	wantError(t, "the user", err, idp.ErrNotFound)
	_, err = s.Sessions.SessionByID(t.Context(), "s1")
	wantError(t, "the session", err, idp.ErrNotFound)
	_, err = s.Grants.GrantByCode(t.Context(), "code-g1")
	wantError(t, "the grant", err, idp.ErrNotFound)
	denied, err := s.Logins.LoginByID(t.Context(), "l1")
	must(t, err)
	if denied.State != idp.LoginDenied {
		t.Errorf("a login under way is %s", denied.State)
	}
	if got := fmt.Sprint(found(t, s, idp.UserQuery{Text: "анна"}), found(t, s, idp.UserQuery{})); got != "[] [boris carl]" {
		t.Errorf("found %s", got)
	}
	lease := backchannel.Lease{Now: Clock().Add(time.Hour), Until: Clock().Add(2 * time.Hour), Holder: "node", PerClient: 1}
	_, err = s.Notices.TakeNotice(t.Context(), lease)
	must(t, err)
}

func endsCallsToOldNumber(t *testing.T, s Stores) {
	namedPeople(t, s)
	for _, id := range []string{"anna", "boris"} {
		key := otp.Key{Method: "flashCall", LoginID: "l-" + id, PersonID: id}
		must(t, s.Challenges.Update(t.Context(), key, noon, func(r *otp.Record) error {
			r.Challenge = &otp.Challenge{
				ID: "c-" + id, LoginID: key.LoginID, Method: key.Method, PersonID: id, Phone: "+79990000001", State: otp.Called,
				CodeHash: "hash", RequestedAt: noon, Until: noon.Add(time.Hour),
			}
			return nil
		}))
		_, err := s.Users.UpdateUser(t.Context(), id, func(u *idp.User) error {
			u.Attributes["phone_number"] = map[string]string{"anna": "79990000003", "boris": "+79990000002"}[id]
			return nil
		})
		must(t, err)
		r, err := s.Challenges.Load(t.Context(), key)
		must(t, err)
		if over := r.Challenge.State == otp.Failed && r.Challenge.CodeHash == ""; over != (id == "anna") {
			t.Errorf("%s: the challenge is %s", id, r.Challenge.State)
		}
	}
}

func createsUsers(t *testing.T, s Stores) {
	namedPeople(t, s)
	some := func(ids ...string) (users []*idp.User) {
		for _, id := range ids {
			users = append(users, &idp.User{ID: id, Login: "login." + id, Attributes: map[string]string{"name": "Vera Nova"}})
		}
		return users
	}
	wantError(t, "one of them is there", s.Users.CreateUsers(t.Context(), some("vera", "carl")), idp.ErrTaken)
	if got := found(t, s, idp.UserQuery{Text: "nova"}); len(got) != 0 {
		t.Errorf("half a batch was stored: %v", got)
	}
	must(t, s.Users.CreateUsers(t.Context(), some("vera", "wera")))
	if got := fmt.Sprint(found(t, s, idp.UserQuery{Text: "nova"})); got != "[vera wera]" {
		t.Errorf("found %s", got)
	}
}

func datesPassword(t *testing.T, s Stores) {
	must(t, s.Users.CreateUser(t.Context(), &idp.User{ID: "u1", Login: "anna", CreatedAt: noon}))
	set := func(hash string) time.Time {
		u, err := s.Users.UpdateUser(t.Context(), "u1", func(u *idp.User) error {
			u.PasswordHash, u.PasswordSetAt = hash, noon.Add(9*time.Hour)
			return nil
		})
		must(t, err)
		return u.PasswordSetAt
	}
	if got := set(""); !got.IsZero() {
		t.Errorf("without a password: %v", got)
	}
	if got := set("$argon2id$old"); !got.Equal(Clock()) {
		t.Errorf("set at %v, want now", got)
	}
	must(t, s.Accounts.SetHash(t.Context(), "u1", "$argon2id$old", "$argon2id$rehashed"))
	u, err := s.Users.UserByID(t.Context(), "u1")
	must(t, err)
	if !u.PasswordSetAt.Equal(Clock()) {
		t.Errorf("after a rehash: %v", u.PasswordSetAt)
	}
}

func changesPassword(t *testing.T, s Stores) {
	must(t, s.Users.CreateUser(t.Context(), &idp.User{ID: "u1", Login: "anna", PasswordHash: "old", MustChangePassword: true}))
	for _, id := range []string{"here", "there"} {
		session := someSession(id, "u1")
		session.EndedAt = time.Time{}
		must(t, s.Sessions.CreateSession(t.Context(), session))
		l := someLogin("l-" + id)
		l.UserID, l.State = "u1", idp.LoginOpen
		must(t, s.Logins.CreateLogin(t.Context(), l))
	}
	change := login.PasswordChange{UserID: "u1", Old: "old", New: "new", EndOthers: true, Session: "here", Login: "l-here"}
	late := change
	late.Old = "older"
	wantError(t, "the password is another one by now", s.Users.ChangePassword(t.Context(), late), idp.ErrNotFound)
	must(t, s.Users.ChangePassword(t.Context(), change))
	change.Old = "new"
	wantError(t, "nothing has to be changed", s.Users.ChangePassword(t.Context(), change), idp.ErrNotFound)
	u, err := s.Users.UserByID(t.Context(), "u1")
	must(t, err)
	if u.PasswordHash != "new" || u.MustChangePassword || !u.PasswordSetAt.Equal(Clock()) {
		t.Errorf("user is %+v", u)
	}
	for id, over := range map[string]bool{"here": false, "there": true} {
		session, err := s.Sessions.SessionByID(t.Context(), id)
		must(t, err)
		l, err := s.Logins.LoginByID(t.Context(), "l-"+id)
		must(t, err)
		if session.EndedAt.IsZero() == over || (l.State == idp.LoginDenied) != over {
			t.Errorf("%s: session ended %v, login %s", id, session.EndedAt, l.State)
		}
	}
}

func stagesImport(t *testing.T, s Stores) {
	file := idp.StagedImport{ID: "i1", MadeBy: "root", Content: []byte("login\nanna\n"), ExpiresAt: noon.Add(time.Hour)}
	wantFull(t, file)
	must(t, s.Imports.StageImport(t.Context(), file))
	got, err := s.Imports.StagedImport(t.Context(), "i1", "root", noon)
	must(t, err)
	if got.ID != file.ID || string(got.Content) != string(file.Content) || !got.ExpiresAt.Equal(file.ExpiresAt) || got.MadeBy != "root" {
		t.Errorf("got %+v", got)
	}
	_, err = s.Imports.StagedImport(t.Context(), "i1", "support", noon)
	wantError(t, "another's file", err, idp.ErrNotFound)
	_, err = s.Imports.StagedImport(t.Context(), "i1", "root", file.ExpiresAt)
	wantError(t, "an old file", err, idp.ErrNotFound)
	second := file
	second.ID = "i2"
	must(t, s.Imports.StageImport(t.Context(), second))
	_, err = s.Imports.StagedImport(t.Context(), "i1", "root", noon)
	wantError(t, "the file before", err, idp.ErrNotFound)
	must(t, s.Imports.DropImport(t.Context(), "i2"))
	_, err = s.Imports.StagedImport(t.Context(), "i2", "root", noon)
	wantError(t, "a dropped file", err, idp.ErrNotFound)
}
