package storetest

import (
	"errors"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin/drivers"
)

func someDraft(driver string) *drivers.Draft {
	return &drivers.Draft{
		Driver: driver, Base: 3, Edition: 1, AuthorID: "u1", Author: "root", CreatedAt: noon, UpdatedAt: noon.Add(time.Minute),
		Script: drivers.Script{
			Language: drivers.JavaScript, Source: "function run() { return \"\\\" : ? \u00e9\" }", Manifest: "title = X, code.origin = provider",
			Cases: []drivers.CaseFile{{Name: "call", Text: "{}"}},
		},
	}
}

// saved stores a new draft and gives it as it is then.
func saved(t *testing.T, s Stores, d *drivers.Draft) *drivers.Draft {
	t.Helper()
	must(t, s.Scripts.SaveDraft(t.Context(), d, 0))
	got, err := s.Scripts.DraftOf(t.Context(), d.Driver)
	must(t, err)
	return got
}

func keepsDraft(t *testing.T, s Stores) {
	want := someDraft("own")
	wantFull(t, *want)
	wantFull(t, want.Script)
	got := saved(t, s, want)
	if first := got.Edition; first == 0 {
		t.Error("a draft without an edition")
	}
	want.Edition = got.Edition
	if !reflect.DeepEqual(got, want) {
		t.Errorf("draft is %+v, want %+v", got, want)
	}
	change := *got
	change.Source, change.Cases, change.Author, change.UpdatedAt = "changed", nil, "other", noon.Add(time.Hour)
	must(t, s.Scripts.SaveDraft(t.Context(), &change, got.Edition))
	changed, err := s.Scripts.DraftOf(t.Context(), "own")
	must(t, err)
	if changed.Edition != got.Edition+1 || changed.Source != "changed" || changed.Cases == nil || !changed.CreatedAt.Equal(noon) || changed.Author != "other" {
		t.Errorf("changed to %+v", changed)
	}
	saved(t, s, someDraft("a"))
	if all, err := s.Scripts.Drafts(t.Context()); err != nil || len(all) != 2 || all[0].Driver != "a" {
		t.Errorf("listed %+v, %v", all, err)
	}
	wantError(t, "dropping another edition", s.Scripts.DropDraft(t.Context(), "own", got.Edition), drivers.ErrEdited)
	must(t, s.Scripts.DropDraft(t.Context(), "own", changed.Edition))
	_, err = s.Scripts.DraftOf(t.Context(), "own")
	wantError(t, "after it was dropped", err, idp.ErrNotFound)
	again := someDraft("own")
	again.CreatedAt = noon.Add(time.Second)
	if saved(t, s, again).Edition == got.Edition {
		t.Error("a new draft has the edition of an older one")
	}
}

func savesDraftOnce(t *testing.T, s Stores) {
	wantError(t, "a draft that isn't there", s.Scripts.SaveDraft(t.Context(), someDraft("own"), 7), drivers.ErrEdited)
	d := saved(t, s, someDraft("own"))
	wantError(t, "a second first draft", s.Scripts.SaveDraft(t.Context(), someDraft("own"), 0), drivers.ErrEdited)
	results := make([]error, 16)
	var group sync.WaitGroup
	for i := range results {
		group.Go(func() { results[i] = s.Scripts.SaveDraft(t.Context(), someDraft("own"), d.Edition) })
	}
	group.Wait()
	won := 0
	for _, err := range results {
		if err == nil {
			won++
		} else if !errors.Is(err, drivers.ErrEdited) {
			t.Error(err)
		}
	}
	if won != 1 {
		t.Errorf("%d saved over what one of them had changed", won)
	}
}

func sealsDraft(t *testing.T, s Stores) {
	d := saved(t, s, someDraft("own"))
	want := &drivers.Version{Driver: "own", Number: 1, Script: d.Script, Base: d.Base, AuthorID: "u2", Author: "publisher", Comment: "first", At: noon}
	wantFull(t, *want)
	for name, c := range map[string]struct {
		edition int
		digest  string
	}{"another edition": {d.Edition + 1, d.Digest()}, "another script": {d.Edition, "0"}} {
		_, err := s.Scripts.SealDraft(t.Context(), want, c.edition, c.digest)
		wantError(t, name, err, drivers.ErrEdited)
	}
	made, err := s.Scripts.SealDraft(t.Context(), want, d.Edition, d.Digest())
	must(t, err)
	got, err := s.Scripts.DriverVersion(t.Context(), "own", 1)
	must(t, err)
	if !reflect.DeepEqual(got, want) || !reflect.DeepEqual(made, want) {
		t.Errorf("version is %+v, made was %+v, want %+v", got, made, want)
	}
	_, err = s.Scripts.DraftOf(t.Context(), "own")
	wantError(t, "the draft of a version", err, idp.ErrNotFound)
	_, err = s.Scripts.SealDraft(t.Context(), want, d.Edition, d.Digest())
	wantError(t, "sealed twice", err, drivers.ErrEdited)
	_, err = s.Scripts.DriverVersion(t.Context(), "own", 2)
	wantError(t, "a version that isn't there", err, idp.ErrNotFound)
}

func listsVersions(t *testing.T, s Stores) {
	for _, driver := range []string{"b", "a", "b", "b"} {
		d := saved(t, s, someDraft(driver))
		_, err := s.Scripts.SealDraft(t.Context(), &drivers.Version{Driver: driver, At: noon}, d.Edition, d.Digest())
		must(t, err)
	}
	numbers := func(driver string, limit int) (out []any) {
		list, err := s.Scripts.DriverVersions(t.Context(), driver, limit)
		must(t, err)
		for _, v := range list {
			out = append(out, v.Driver, v.Number)
		}
		return out
	}
	if all, two := numbers("", 10), numbers("b", 2); !reflect.DeepEqual(all, []any{"a", 1, "b", 3}) || !reflect.DeepEqual(two, []any{"b", 3, "b", 2}) {
		t.Errorf("the newest are %v, two of b %v", all, two)
	}
	want := drivers.Release{Driver: "b", Number: 2, By: "root", ConfirmedBy: "other", At: noon}
	wantFull(t, want)
	must(t, s.Scripts.AddRelease(t.Context(), want))
	again := want
	again.By = "somebody"
	must(t, s.Scripts.AddRelease(t.Context(), again))
	must(t, s.Scripts.AddRelease(t.Context(), drivers.Release{Driver: "b", Number: 3, At: noon}))
	if got, err := s.Scripts.Releases(t.Context(), "b"); err != nil || len(got) != 2 || got[0].Number != 3 || got[1] != want {
		t.Errorf("releases are %+v, %v", got, err)
	}
	_, err := s.Scripts.PublishedDriver(t.Context(), "b", 1)
	wantError(t, "a version that was never released", err, idp.ErrNotFound)
	if d, err := s.Scripts.PublishedDriver(t.Context(), "b", 2); err != nil || d.Name != "b" || d.File != "b@2/driver.js" || d.Manifest.Title != "X" {
		t.Errorf("published is %+v, %v", d, err)
	}
}

func takesRequestOnce(t *testing.T, s Stores) {
	want := drivers.Request{Driver: "own", Number: 2, Digest: "d", Published: 1, ByID: "u1", By: "root", Comment: "please", At: noon}
	wantFull(t, want)
	must(t, s.Scripts.PutRequest(t.Context(), drivers.Request{Driver: "own", Number: 1, At: noon}))
	must(t, s.Scripts.PutRequest(t.Context(), want))
	got, err := s.Scripts.RequestOf(t.Context(), "own")
	must(t, err)
	if *got != want {
		t.Errorf("request is %+v, want %+v", got, want)
	}
	if all, err := s.Scripts.Requests(t.Context()); err != nil || len(all) != 1 || *all[0] != want {
		t.Errorf("requests are %+v, %v", all, err)
	}
	other := want
	other.Digest = "other"
	wantError(t, "another one", s.Scripts.TakeRequest(t.Context(), other), drivers.ErrEdited)
	must(t, s.Scripts.TakeRequest(t.Context(), want))
	wantError(t, "taken twice", s.Scripts.TakeRequest(t.Context(), want), drivers.ErrEdited)
	_, err = s.Scripts.RequestOf(t.Context(), "own")
	wantError(t, "after it was taken", err, idp.ErrNotFound)
}

func keepsTrials(t *testing.T, s Stores) {
	want := drivers.Trial{
		ID: "1", Driver: "own", Kind: "call", By: "root", At: noon, Digest: "d", Entry: "start", Outcome: "error", Detail: "no_funds",
		Provider: "new-tel", Fault: "busy", Phone: "+7 999 ***-**-01", Millis: 5,
	}
	wantFull(t, want)
	must(t, s.Scripts.AddTrial(t.Context(), want, 2))
	must(t, s.Scripts.AddTrial(t.Context(), drivers.Trial{ID: "of another", Driver: "other", At: noon}, 2))
	for i, id := range []string{"2", "3"} {
		must(t, s.Scripts.AddTrial(t.Context(), drivers.Trial{ID: id, Driver: "own", At: noon.Add(time.Duration(i-2) * time.Hour)}, 2))
	}
	got, err := s.Scripts.TrialsOf(t.Context(), "own")
	must(t, err)
	if len(got) != 2 || got[0] != want || got[1].ID != "3" {
		t.Errorf("trials are %+v", got)
	}
}

func chargesTrials(t *testing.T, s Stores) {
	charges := func(number string) []otp.Charge {
		return []otp.Charge{
			{Budget: "number", Key: "trial/" + number, Amount: 1, Limit: 2, Until: noon.Add(time.Hour)},
			{Budget: "administrator", Key: "trial-of/u", Amount: 1, Limit: 3, Until: noon.Add(24 * time.Hour)},
		}
	}
	var over *otp.OverError
	for i, c := range []struct{ number, over string }{{"a", ""}, {"a", ""}, {"a", "number"}, {"b", ""}, {"c", "administrator"}} {
		err := s.Scripts.ChargeTrial(t.Context(), charges(c.number), noon)
		if (c.over == "") != (err == nil) || c.over != "" && (!errors.As(err, &over) || over.Charge.Budget != c.over) {
			t.Errorf("%d: %v, want %q", i, err, c.over)
		}
	}
	must(t, s.Scripts.ChargeTrial(t.Context(), charges("a"), noon.Add(24*time.Hour)))
}
