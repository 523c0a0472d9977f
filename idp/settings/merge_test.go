package settings_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/conf"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/settings"
	"github.com/ringtail-id/ringtail/idp/settings/settingstest"
)

func root(name string) *admin.Actor {
	return &admin.Actor{UserID: "id-" + name, Login: name, Roles: []admin.Role{admin.RoleRoot}}
}

func newService(t *testing.T, set ...string) (*settings.Service, *audit.Memory) {
	t.Helper()
	return settingstest.NewService(t, conf.Options{Set: append([]string{"login.methods.flashCall.driver=newtel"}, set...)})
}

// set makes changes of "path=HOCON"; without "=" the path is given back to the file.
func set(pairs ...string) (all []settings.Change) {
	for _, p := range pairs {
		path, value, has := strings.Cut(p, "=")
		c := settings.Change{Path: path}
		if has {
			c.New = &value
		}
		all = append(all, c)
	}
	return all
}

func save(t *testing.T, s *settings.Service, who string, base int, pairs ...string) settings.Revision {
	t.Helper()
	r, err := s.Save(t.Context(), root(who), base, set(pairs...), "because")
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// layer is a layer in short: "path=HOCON by".
func layer(l settings.Layer) (all []string) {
	for _, v := range l.Values {
		all = append(all, v.Path+"="+v.HOCON+" "+v.By)
	}
	for name, n := range l.Drivers {
		all = append(all, fmt.Sprintf("%s@%d", name, n))
	}
	return all
}

func wantLayer(t *testing.T, l settings.Layer, want ...string) {
	t.Helper()
	if got := layer(l); !slices.Equal(got, want) {
		t.Errorf("the layer is %q, want %q", got, want)
	}
}

func TestSaveServesAndRecords(t *testing.T) {
	s, trail := newService(t)
	r := save(t, s, "anna", 0, "tokens.access= 7m ", "blitz.prod.local.idp.login.level=1")
	if r.Number != 1 || r.By != "anna" || r.Comment != "because" || len(r.Changes) != 2 || r.Changes[0].Old != nil || *r.Changes[0].New != "1" {
		t.Errorf("%+v", r)
	}
	wantLayer(t, r.Layer, "login.level=1 anna", "tokens.access=7m anna")
	served, number := s.Served()
	if number != 1 || served.Tokens.Access != 7*time.Minute || served.Login.Level != 1 {
		t.Errorf("revision %d is served: %+v", number, served.Tokens)
	}
	file, err := s.File()
	if err != nil || file.Tokens.Access == 7*time.Minute {
		t.Errorf("the file says %+v, %v", file.Tokens, err)
	}
	r = save(t, s, "boris", 1, "tokens.access=8m", "login.level")
	wantLayer(t, r.Layer, "tokens.access=8m boris")
	if *r.Changes[0].Old != "1" || r.Changes[0].New != nil || *r.Changes[1].Old != "7m" {
		t.Errorf("%+v", r.Changes)
	}
	events := trail.Events()
	if len(events) != 2 || events[1].Type != audit.TypeSettingsChanged || events[1].Subject != "id-boris" || events[1].Object != "2" {
		t.Fatalf("on record: %+v", events)
	}
	want := []any{map[string]any{"path": "login.level", "old": "1"}, map[string]any{"path": "tokens.access", "old": "7m", "new": "8m"}}
	if got := events[1].Params["changes"]; !reflect.DeepEqual(got, want) {
		t.Errorf("on record: %v", got)
	}
}

func TestSaveMergesAndTellsConflicts(t *testing.T) {
	tests := []struct {
		name   string
		theirs []string // saved by boris over revision 1
		ours   []string // saved by anna, who saw revision 1
		want   string   // the layer after it, or the paths of the conflict
		told   bool
	}{
		{"other paths", []string{"tokens.id=9m"}, []string{"tokens.access=8m"}, "login.level=1 anna,tokens.access=8m anna,tokens.id=9m boris", false},
		{"the same path", []string{"tokens.access=9m"}, []string{"tokens.access=8m", "tokens.id=8m"}, "tokens.access", true},
		{"the same change", []string{"tokens.id=9m"}, []string{"tokens.id=9m", "tokens.access=8m"}, "login.level=1 anna,tokens.access=8m anna,tokens.id=9m boris", false},
		{"taken back", []string{"login.level"}, []string{"login.level=2"}, "login.level", true},
		{"the section around it", []string{"login.session.idle=2h"}, []string{"login.session={idle = 1h}"}, "login.session", true},
		{"a part of it", []string{"login.session={idle = 1h}"}, []string{"login.session.idle=2h"}, "login.session.idle", true},
		{"a name that begins alike", []string{"tokens.refreshGrace=20s"}, []string{"tokens.refresh=40d"}, "login.level=1 anna,tokens.access=7m anna,tokens.refresh=40d anna,tokens.refreshGrace=20s boris", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, _ := newService(t)
			save(t, s, "anna", 0, "tokens.access=7m", "login.level=1")
			save(t, s, "boris", 1, tt.theirs...)
			save(t, s, "clara", 2, "login.methods.flashCall.validity=70")
			r, err := s.Save(t.Context(), root("anna"), 1, set(tt.ours...), "")
			var conflict *settings.Conflict
			if errors.As(err, &conflict) != tt.told {
				t.Fatalf("%v", err)
			}
			if tt.told {
				if strings.Join(conflict.Paths, ",") != tt.want || conflict.By != "boris" || conflict.Number != 2 || conflict.At.IsZero() {
					t.Errorf("%+v", conflict)
				}
				return
			}
			got := strings.Join(slices.DeleteFunc(layer(r.Layer), func(v string) bool { return strings.HasSuffix(v, "clara") }), ",")
			if err != nil || got != tt.want {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
}

func TestASectionTakesThePlaceOfItsParts(t *testing.T) {
	s, _ := newService(t)
	save(t, s, "anna", 0, "login.session.idle=2h", "login.session.absolute=9h", "login.level=1")
	r := save(t, s, "boris", 1, "login.session={absolute = 8h}")
	wantLayer(t, r.Layer, "login.level=1 anna", "login.session={absolute = 8h} boris")
	if len(r.Changes) != 3 || r.Changes[2].Path != "login.session.idle" || r.Changes[2].New != nil {
		t.Errorf("%+v", r.Changes)
	}
	r = save(t, s, "clara", 2, "login.session.idle=3h")
	for path, by := range map[string]string{"login.session.idle": "clara", "login.session.absolute": "boris"} {
		if v, ok := r.Layer.Value(path); !ok || v.By != by {
			t.Errorf("%s is decided by %+v", path, v)
		}
	}
	if _, ok := r.Layer.Value("login.sessions"); ok {
		t.Error("a name that begins alike")
	}
	if served, _ := s.Served(); served.Login.Session.Idle != 3*time.Hour || served.Login.Session.Absolute != 8*time.Hour {
		t.Errorf("%+v", served.Login.Session)
	}
}

func TestWhatCantBeSaved(t *testing.T) {
	one, wrong := "1", "0"
	support := &admin.Actor{UserID: "u", Login: "sue", Roles: []admin.Role{admin.RoleSupport}}
	uiAdmin := &admin.Actor{UserID: "u", Login: "uma", Roles: []admin.Role{admin.RoleUIAdmin}}
	publisher := &admin.Actor{UserID: "u", Login: "pia", Roles: []admin.Role{admin.RolePublisher}}
	tests := []struct {
		name    string
		by      *admin.Actor
		base    int
		changes []settings.Change
		want    string
	}{
		{"for the file alone", root("anna"), 0, set("issuer=x"), "console:1:1: issuer: can't be saved"},
		{"of another kind", root("anna"), 0, set("login.level=high"), "login.level"},
		{"not together with the file", root("anna"), 0, set("login.session.absolute=1s"), "login.session"},
		{"twice", root("anna"), 0, set("login.session.idle=1h", "login.session={}"), "console:2:1: login.session: is changed twice"},
		{"nothing", root("anna"), 0, nil, settings.ErrNothing.Error()},
		{"what isn't there", root("anna"), 0, set("login.level"), settings.ErrNothing.Error()},
		{"of no revision", root("anna"), 7, set("login.level=1"), idp.ErrNotFound.Error()},
		{"no version", root("anna"), 0, []settings.Change{{Path: "drivers.newtel", New: &wrong}}, "is no version"},
		{"no driver", root("anna"), 0, []settings.Change{{Path: "drivers.", New: &one}}, "names no driver"},
		{"without the right", support, 0, set("login.level=1"), admin.ProblemForbidden},
		{"with another right", publisher, 0, set("login.level=1"), admin.ProblemForbidden},
		{"pages alone", uiAdmin, 0, set("lang.languages=[en]", "login.level=1"), admin.ProblemForbidden},
		{"too many", root("anna"), 0, make([]settings.Change, 1001), "more than 1000"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, trail := newService(t)
			_, err := s.Save(t.Context(), tt.by, tt.base, tt.changes, "")
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want %q", err, tt.want)
			}
			if now, err := s.Current(t.Context()); now.Number != 0 || err != nil || len(trail.Events()) != 0 {
				t.Errorf("it was saved as %+v, %v", now, err)
			}
		})
	}
}

func TestRightsOfOthers(t *testing.T) {
	version := "1"
	for name, c := range map[string]struct {
		role    admin.Role
		changes []settings.Change
	}{
		"languages":    {admin.RoleUIAdmin, set("lang.languages=[en]")},
		"publications": {admin.RolePublisher, []settings.Change{{Path: settings.DriverPath("newtel"), New: &version}}},
		"settings":     {admin.RoleSysadmin, set("login.level=1", "lang.languages=[en]")},
	} {
		s, _ := newService(t)
		if _, err := s.Save(t.Context(), &admin.Actor{UserID: "u", Login: "u", Roles: []admin.Role{c.role}}, 0, c.changes, ""); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestReadOnly(t *testing.T) {
	s, _ := newService(t, "console.readonly=true")
	var problem *idp.Problem
	_, err := s.Save(t.Context(), root("anna"), 0, set("login.level=1"), "")
	if !errors.Is(err, settings.ErrReadOnly) || !errors.As(err, &problem) || problem.HTTPStatus() != http.StatusForbidden {
		t.Error(err)
	}
	if _, err := s.Restore(t.Context(), root("anna"), 0, 0, ""); !errors.Is(err, settings.ErrReadOnly) {
		t.Error(err)
	}
}

func TestRestore(t *testing.T) {
	s, _ := newService(t)
	version := "3"
	save(t, s, "anna", 0, "tokens.access=7m", "login.level=1")
	save(t, s, "boris", 1, "tokens.access=8m", "login.level")
	if _, err := s.Save(t.Context(), root("pia"), 2, []settings.Change{{Path: settings.DriverPath("newtel"), New: &version}}, ""); err != nil {
		t.Fatal(err)
	}
	var conflict *settings.Conflict
	if _, err := s.Restore(t.Context(), root("clara"), 2, 1, ""); !errors.As(err, &conflict) || conflict.By != "pia" {
		t.Errorf("who didn't see revision 3 was told %v", err)
	}
	r, err := s.Restore(t.Context(), root("clara"), 3, 1, "as before")
	if err != nil || r.Number != 4 || r.By != "clara" || len(r.Changes) != 3 {
		t.Fatalf("%+v, %v", r, err)
	}
	wantLayer(t, r.Layer, "login.level=1 anna", "tokens.access=7m anna")
	if r, err = s.Restore(t.Context(), root("clara"), 4, 0, ""); err != nil || len(r.Layer.Values) != 0 {
		t.Errorf("back to the file alone: %+v, %v", r, err)
	}
	if _, err = s.Restore(t.Context(), root("clara"), 5, 0, ""); !errors.Is(err, settings.ErrNothing) {
		t.Error(err)
	}
	if _, err = s.Restore(t.Context(), root("clara"), 5, 9, ""); !errors.Is(err, idp.ErrNotFound) {
		t.Error(err)
	}
	line, err := s.History(t.Context(), 0, 2)
	if err != nil || len(line) != 2 || line[0].Number != 5 {
		t.Errorf("%+v, %v", line, err)
	}
	if line, err = s.History(t.Context(), 3, 10); err != nil || len(line) != 2 || line[0].Number != 2 || line[0].Layer.Values[0].By != "boris" {
		t.Errorf("%+v, %v", line, err)
	}
}

func TestNothingChangesWithoutARecord(t *testing.T) {
	s, trail := newService(t)
	trail.Break(errors.New("disk full"))
	if _, err := s.Save(t.Context(), root("anna"), 0, set("login.level=1"), ""); err == nil || !strings.Contains(err.Error(), "disk full") {
		t.Error(err)
	}
	if now, err := s.Current(t.Context()); now.Number != 0 || err != nil {
		t.Errorf("%+v, %v", now, err)
	}
}

// Two services are two nodes on one store.
func TestManyAtOnceOnTwoNodes(t *testing.T) {
	store, trail := &settings.Memory{}, &audit.Memory{}
	var nodes []*settings.Service
	for range 2 {
		node, err := settingstest.NewNode(conf.Options{Set: []string{"login.methods.flashCall.driver=newtel"}}, store)
		if err != nil {
			t.Fatal(err)
		}
		s, err := settings.New(settings.Options{Store: store, Node: node, Trail: trail})
		if err != nil {
			t.Fatal(err)
		}
		nodes = append(nodes, s)
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	saved, told := 0, 0
	for i := range 64 {
		wg.Go(func() {
			_, err := nodes[i%2].Save(context.Background(), root(fmt.Sprint(i)), 0, set(fmt.Sprintf("login.methods.flashCall.validity=%d", 60+i)), "")
			mu.Lock()
			defer mu.Unlock()
			var conflict *settings.Conflict
			switch {
			case err == nil:
				saved++
			case errors.As(err, &conflict):
				told++
			default:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if latest, _ := store.LatestRevision(t.Context()); saved != 1 || told != 63 || latest != 1 {
		t.Errorf("%d saved, %d were told, revision %d", saved, told, latest)
	}
}

// stuck is a node that can't serve what it found good.
type stuck struct{ settings.Node }

func (stuck) Follow(context.Context, int) error { return errors.New("the folder of drivers is gone") }

func TestSavedButNotServed(t *testing.T) {
	store := &settings.Memory{}
	node, err := settingstest.NewNode(conf.Options{Set: []string{"login.methods.flashCall.driver=newtel"}}, store)
	if err != nil {
		t.Fatal(err)
	}
	s, err := settings.New(settings.Options{Store: store, Node: stuck{node}, Trail: &audit.Memory{}})
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.Save(t.Context(), root("anna"), 0, set("login.level=1"), "")
	var not *settings.NotServed
	if !errors.As(err, &not) || not.Number != 1 || r.Number != 1 {
		t.Errorf("%+v, %v", r, err)
	}
}
