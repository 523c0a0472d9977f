package drivers_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/admin/drivers"
	"github.com/ringtail-id/ringtail/idp/audit"
)

func TestPublishAndRollBack(t *testing.T) {
	w := newWorld(t)
	first, err := w.publish(anna, w.saved("own", script(calling)), 0)
	w.must(err)
	if first.Version.Number != 1 || first.Revision != 1 || w.served("own") != 1 || w.events(audit.TypeDriverPublished) != 1 {
		t.Fatalf("published %+v, served %d", first, w.served("own"))
	}
	d, err := w.service.Start(t.Context(), anna, "own", drivers.Origin{Version: 1})
	w.must(err)
	changed := d.Script
	changed.Source = strings.Replace(changed.Source, "/call", "/order", 1)
	d, err = w.service.Save(t.Context(), anna, "own", changed, 1, d.Edition)
	w.must(err)
	_, err = w.publish(anna, d, 1)
	w.must(err)
	if w.served("own") != 2 {
		t.Fatalf("version %d serves", w.served("own"))
	}
	parts, err := w.service.Diff(t.Context(), "own", "1", "2")
	w.must(err)
	var ops []string
	for _, l := range parts[0].Lines {
		if l.Op != drivers.OpSame {
			ops = append(ops, l.Op)
		}
	}
	if len(parts) != 1 || parts[0].Title != "driver.js" || strings.Join(ops, " ") != "drop add" {
		t.Errorf("diff is %+v", parts)
	}
	_, err = w.service.RollBack(t.Context(), anna, "own", 1, 1, "")
	w.wantProblem("a roll back of what isn't served any more", err, admin.ProblemConflict)
	_, err = w.service.RollBack(t.Context(), anna, "own", 1, 2, "")
	w.must(err)
	if w.served("own") != 1 {
		t.Errorf("after the roll back version %d serves", w.served("own"))
	}
	_, err = w.service.RollBack(t.Context(), anna, "own", 0, 1, "")
	w.must(err)
	if w.served("own") != 0 {
		t.Errorf("version %d serves, not the ready driver", w.served("own"))
	}
	_, err = w.service.RollBack(t.Context(), anna, "own", 7, 0, "")
	w.wantProblem("a version that isn't there", err, drivers.ProblemUnknown)
}

// What can't be served is never published, and what served goes on serving.
func TestBrokenDriversAreNotPublished(t *testing.T) {
	w, number := newWorld(t), 0
	good := script(calling)
	with := func(change func(*drivers.Script)) drivers.Script { s := good; change(&s); return s }
	for name, c := range map[string]struct {
		script drivers.Script
		want   string
	}{
		"syntax":   {script("  retrun 1"), drivers.ProblemFaulty},
		"manifest": {with(func(s *drivers.Script) { s.Manifest += "hostz = [a]\n" }), drivers.ProblemFaulty},
		"no run":   {with(func(s *drivers.Script) { s.Source = "function other() {}" }), drivers.ProblemFaulty},
		"no check": {with(func(s *drivers.Script) { s.Manifest = strings.Replace(s.Manifest, "caller", "check", 1) }), drivers.ProblemFaulty},
		"Java":     {with(func(s *drivers.Script) { s.Language, s.Source = drivers.Java, "class X { int x = new Thread(); }" }), drivers.ProblemFaulty},
		"a case that fails": {with(func(s *drivers.Script) {
			s.Cases = []drivers.CaseFile{{Name: "call", Text: `{"title": "t", "input": {"phone_number": "7"}, "outcome": {"outcome": "ok"}}`}}
		}), drivers.ProblemFaulty},
	} {
		number++
		own := fmt.Sprintf("own-%d", number)
		_, err := w.publish(anna, w.saved(own, c.script), 0)
		w.wantProblem(name, err, c.want)
		if _, err := w.service.Draft(t.Context(), own); err != nil || w.served(own) != 0 || w.events(audit.TypeDriverPublished) != 0 {
			t.Errorf("%s: the draft: %v; version %d serves", name, err, w.served(own))
		}
	}
}

// Exactly what was seen is published: not what somebody saved between the view and the button.
func TestPublishIsOfWhatWasSeen(t *testing.T) {
	w := newWorld(t)
	seen := w.saved("own", script(calling))
	_, err := w.service.Save(t.Context(), boris, "own", script(calling+"// changed"), 0, seen.Edition)
	w.must(err)
	_, err = w.publish(anna, seen, 0)
	w.wantProblem("an older edition", err, admin.ProblemConflict)
	now, err := w.service.Draft(t.Context(), "own")
	w.must(err)
	other := *now
	other.Source += " "
	_, err = w.publish(anna, &other, 0)
	w.wantProblem("another script of this edition", err, admin.ProblemConflict)
	_, err = w.publish(anna, now, 3)
	w.wantProblem("where another version serves", err, admin.ProblemConflict)
	_, err = w.service.Publish(t.Context(), anna, "own", drivers.PublishOrder{Edition: now.Edition, Digest: now.Digest(), Comment: "  "})
	w.wantProblem("without a comment", err, drivers.ProblemComment)

	w.must(w.service.Drop(t.Context(), boris, "own", now.Edition))
	w.wait(1)
	again := w.saved("own", script(calling+"// another"))
	_, err = w.service.Publish(t.Context(), anna, "own", drivers.PublishOrder{Edition: now.Edition, Digest: now.Digest(), Comment: "c"})
	w.wantProblem("a draft that was dropped and begun anew", err, admin.ProblemConflict)
	if again.Edition == now.Edition {
		t.Error("a new draft has an older one's edition")
	}
}

// Of many who save or publish what they saw, one does.
func TestEditorsAtOnce(t *testing.T) {
	w := newWorld(t)
	seen := w.saved("own", script(calling))
	var group sync.WaitGroup
	results := make([]error, 8)
	for i := range results {
		group.Go(func() {
			if i%2 == 0 {
				_, results[i] = w.publish(anna, seen, 0)
				return
			}
			_, results[i] = w.service.Save(t.Context(), boris, "own", script(calling+"// x"), 0, seen.Edition)
		})
	}
	group.Wait()
	won := 0
	for _, err := range results {
		if err == nil {
			won++
			continue
		}
		var p *idp.Problem // who comes late finds another draft, or none
		if !errors.As(err, &p) || p.ID != admin.ProblemConflict && p.ID != drivers.ProblemUnknown {
			t.Error(err)
		}
	}
	if won != 1 {
		t.Errorf("%d of them were told that it went well", won)
	}
}

func TestSecondAdministrator(t *testing.T) {
	w := newWorld(t)
	w.facts.SecondAdministrator = true
	client := &admin.Actor{ClientID: "ci", Scopes: []string{admin.DriversPublish.Scope()}}
	draft := w.saved("own", script(calling))
	_, err := w.publish(client, draft, 0)
	w.wantProblem("a client asks", err, drivers.ProblemPerson)
	asked, err := w.publish(anna, draft, 0)
	w.must(err)
	if !asked.Waiting || w.served("own") != 0 {
		t.Fatalf("%+v, version %d serves", asked, w.served("own"))
	}
	_, err = w.service.RollBack(t.Context(), anna, "own", 1, 0, "")
	w.wantProblem("a way around the second administrator", err, drivers.ProblemUnreleased)
	if _, err := w.store.PublishedDriver(t.Context(), "own", 1); !errors.Is(err, idp.ErrNotFound) {
		t.Errorf("a version that nobody confirmed would serve: %v", err)
	}
	digest := asked.Version.Digest()
	_, err = w.service.Confirm(t.Context(), anna, "own", digest)
	w.wantProblem("their own", err, drivers.ProblemOwn)
	_, err = w.service.Confirm(t.Context(), client, "own", digest)
	w.wantProblem("a client confirms", err, drivers.ProblemPerson)
	_, err = w.service.Confirm(t.Context(), boris, "own", "0"+digest[1:])
	w.wantProblem("another version", err, admin.ProblemConflict)
	done, err := w.service.Confirm(t.Context(), boris, "own", digest)
	w.must(err)
	if done.Version.Number != 1 || w.served("own") != 1 {
		t.Errorf("%+v, version %d serves", done, w.served("own"))
	}
	if d, err := w.service.Driver(t.Context(), "own"); err != nil || d.Releases[1].By != "anna" || d.Releases[1].ConfirmedBy != "boris" || d.Request != nil {
		t.Errorf("%+v, %v", d, err)
	}
	_, err = w.service.Confirm(t.Context(), boris, "own", digest)
	w.wantProblem("confirmed twice", err, drivers.ProblemUnknown)
	if _, err := w.store.PublishedDriver(t.Context(), "own", 1); err != nil {
		t.Error(err)
	}
}

func TestRefusedRequest(t *testing.T) {
	w := newWorld(t)
	w.facts.SecondAdministrator = true
	asked, err := w.publish(anna, w.saved("own", script(calling)), 0)
	w.must(err)
	w.wantProblem("another one", w.service.Refuse(t.Context(), boris, "own", "0", ""), admin.ProblemConflict)
	w.must(w.service.Refuse(t.Context(), boris, "own", asked.Version.Digest(), "no"))
	_, err = w.service.Confirm(t.Context(), boris, "own", asked.Version.Digest())
	w.wantProblem("after it was refused", err, drivers.ProblemUnknown)
	if w.events(audit.TypeDriverRefused) != 1 || w.served("own") != 0 {
		t.Errorf("%d records, version %d serves", w.events(audit.TypeDriverRefused), w.served("own"))
	}
}

// A publication that can't be put on record doesn't happen.
func TestNothingServesThatIsNotOnRecord(t *testing.T) {
	w := newWorld(t)
	draft := w.saved("own", script(calling))
	w.trail.Break(errors.New("the disk is full"))
	if _, err := w.publish(anna, draft, 0); err == nil || w.served("own") != 0 {
		t.Errorf("%v, version %d serves", err, w.served("own"))
	}
	if _, err := w.store.PublishedDriver(t.Context(), "own", 1); !errors.Is(err, idp.ErrNotFound) {
		t.Errorf("the version was released: %v", err)
	}
}

// The review says what a new script may do that the one that serves may not.
func TestReview(t *testing.T) {
	w := newWorld(t)
	_, err := w.publish(anna, w.saved("own", script(calling)), 0)
	w.must(err)
	next := script(calling)
	next.Manifest = strings.Replace(next.Manifest, "[api.provider.example]", "[evil.example, api.provider.example]", 1)
	next.Manifest = strings.Replace(next.Manifest, "[KEY]", "[KEY, OTHER]", 1)
	next.Manifest = strings.Replace(next.Manifest, "origin = caller", "origin = we", 1)
	w.must(w.secrets.Put(t.Context(), "own", "KEY", "k"))
	r, err := w.service.Review(t.Context(), "own", next)
	w.must(err)
	if strings.Join(r.Hosts, " ") != "evil.example" || len(r.HostsGone) != 0 || strings.Join(r.Missing, " ") != "OTHER" || r.Published != 1 || r.Code != "caller, and now we" || !r.Passes() || len(r.Diff) != 1 {
		t.Errorf("%+v", r)
	}
}

// A driver of the chain whose secret nobody gave stays a draft, and can be given it.
func TestMissingSecretsArePublishedNowhere(t *testing.T) {
	w := newWorld(t)
	draft := w.saved("own", script(calling))
	w.facts.Routes = []string{"own"}
	_, err := w.publish(anna, draft, 0)
	w.wantProblem("without its secret", err, drivers.ProblemFaulty)
	w.must(w.service.PutSecret(t.Context(), anna, "own", "KEY", "k"))
	_, err = w.publish(anna, draft, 0)
	w.must(err)
	if w.served("own") != 1 {
		t.Errorf("version %d serves", w.served("own"))
	}
}

func TestManagedByAFile(t *testing.T) {
	w := newWorld(t)
	draft := w.saved("own", script(calling))
	w.facts.Folder = slices.Clone(w.facts.Shipped[:1])
	name := w.facts.Folder[0].Name
	_, err := w.service.Start(t.Context(), anna, name, drivers.Origin{})
	w.wantProblem("a draft over a file", err, drivers.ProblemManaged)
	own := *w.facts.Folder[0]
	own.Name = "own"
	w.facts.Folder = append(w.facts.Folder, &own)
	_, err = w.publish(anna, draft, 0)
	w.wantProblem("a publication over a file", err, drivers.ProblemManaged)
	if d, err := w.service.Driver(t.Context(), "own"); err != nil || !d.Managed || d.Source != drivers.SourceFile {
		t.Errorf("%+v, %v", d, err)
	}
}
