package storetest

import (
	"context"
	"errors"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oidc"
	"github.com/ringtail-id/ringtail/idp/register"
)

// Registrations is what a store does for clients that register themselves.
type Registrations interface {
	register.Records
	CreateInitialToken(ctx context.Context, t *register.InitialToken) error
	ListInitialTokens(ctx context.Context, limit int) ([]*register.InitialToken, error)
	DeleteInitialToken(ctx context.Context, id string) error
	SweepRegistrations(ctx context.Context, unusedSince, now time.Time, limit int) (int, error)
}

func someInitialToken(id string) *register.InitialToken {
	return &register.InitialToken{
		ID: id, Hash: "hash of " + id, Software: "suite", Grants: []string{idp.GrantClientCredentials}, Scopes: []string{"phone"}, UsesLeft: 3,
		CreatedAt: noon, ExpiresAt: noon.Add(24 * time.Hour),
	}
}

func someRegistered(id string) *register.Registered {
	c := someClient(id)
	c.Grants = []string{idp.GrantCode}
	return &register.Registered{Client: c, Previous: "before", RotatedAt: noon, InitialToken: "token", Grants: []string{"g"}, Scopes: []string{"s"}, Held: true}
}

// entry takes nothing.
func entry() register.Entry { return register.Entry{Now: noon, Most: 1000} }

func keepsInitialToken(t *testing.T, s Stores) {
	want := someInitialToken("token")
	wantFull(t, *want)
	must(t, s.Registrations.CreateInitialToken(t.Context(), want))
	got, err := s.Registrations.InitialToken(t.Context(), want.Hash)
	must(t, err)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("token is %+v, want %+v", got, want)
	}
	again := someInitialToken("other")
	again.Hash = want.Hash
	wantError(t, "the same hash", s.Registrations.CreateInitialToken(t.Context(), again), idp.ErrTaken)
	newer := someInitialToken("newer")
	newer.CreatedAt = noon.Add(time.Hour)
	must(t, s.Registrations.CreateInitialToken(t.Context(), newer))
	list, err := s.Registrations.ListInitialTokens(t.Context(), 10)
	must(t, err)
	if len(list) != 2 || list[0].ID != "newer" {
		t.Errorf("listed %+v", list)
	}
	must(t, s.Registrations.DeleteInitialToken(t.Context(), "token"))
	wantError(t, "deleted twice", s.Registrations.DeleteInitialToken(t.Context(), "token"), idp.ErrNotFound)
	_, err = s.Registrations.InitialToken(t.Context(), want.Hash)
	wantError(t, "after the deletion", err, idp.ErrNotFound)
}

func keepsRegistration(t *testing.T, s Stores) {
	want := someRegistered("dyn")
	wantFull(t, *want)
	must(t, s.Registrations.RegisterClient(t.Context(), want, entry()))
	got, err := s.Registrations.RegisteredClient(t.Context(), "dyn")
	must(t, err)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("registered %+v, want %+v", got, want)
	}
	wantError(t, "the same id", s.Registrations.RegisterClient(t.Context(), want, entry()), idp.ErrTaken)
	must(t, s.Clients.CreateClient(t.Context(), someClient("shop")))
	_, err = s.Registrations.RegisteredClient(t.Context(), "shop")
	wantError(t, "a client that didn't register itself", err, idp.ErrNotFound)

	refusal := errors.New("refused")
	err = s.Registrations.UpdateRegistered(t.Context(), "dyn", func(r *register.Registered) error {
		r.Client.Name, r.Previous = "changed", "changed"
		return refusal
	})
	wantError(t, "a refused change", err, refusal)
	if got, err = s.Registrations.RegisteredClient(t.Context(), "dyn"); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("a refused change left %+v, %v", got, err)
	}
	must(t, s.Registrations.UpdateRegistered(t.Context(), "dyn", func(r *register.Registered) error {
		r.Client.Name, r.Client.ID, r.Previous, r.RotatedAt = "changed", "other", "", noon.Add(time.Hour)
		return nil
	}))
	want.Client.Name, want.Previous, want.RotatedAt = "changed", "", noon.Add(time.Hour)
	if got, err = s.Registrations.RegisteredClient(t.Context(), "dyn"); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("changed to %+v, %v, want %+v", got, err, want)
	}
	for _, id := range []string{"shop", "none"} {
		wantError(t, "update of "+id, s.Registrations.UpdateRegistered(t.Context(), id, func(*register.Registered) error { return nil }), idp.ErrNotFound)
		wantError(t, "deletion of "+id, s.Registrations.DeleteRegistered(t.Context(), id, func(*register.Registered) error { return nil }), idp.ErrNotFound)
	}
}

// entersOnce: of many that come with one token, as many are let in as it says.
func entersOnce(t *testing.T, s Stores) {
	token := someInitialToken("token")
	must(t, s.Registrations.CreateInitialToken(t.Context(), token))
	e := entry()
	e.TokenHash = token.Hash
	var group sync.WaitGroup
	results := make([]error, 64)
	for i := range results {
		group.Go(func() {
			results[i] = s.Registrations.RegisterClient(t.Context(), someRegistered("dyn-"+string(rune('a'+i%26))+string(rune('a'+i/26))), e)
		})
	}
	group.Wait()
	in := 0
	for _, err := range results {
		if err == nil {
			in++
			continue
		}
		wantError(t, "one too many", err, register.ErrOver)
	}
	if in != token.UsesLeft {
		t.Errorf("%d were let in, want %d", in, token.UsesLeft)
	}
	late := someInitialToken("late")
	must(t, s.Registrations.CreateInitialToken(t.Context(), late))
	e.TokenHash, e.Now = late.Hash, late.ExpiresAt
	wantError(t, "an expired token", s.Registrations.RegisterClient(t.Context(), someRegistered("late"), e), register.ErrOver)
	e.TokenHash, e.Now = "unknown", noon
	wantError(t, "an unknown token", s.Registrations.RegisterClient(t.Context(), someRegistered("unknown"), e), register.ErrOver)
}

func boundsRegistrations(t *testing.T, s Stores) {
	token := someInitialToken("token")
	must(t, s.Registrations.CreateInitialToken(t.Context(), token))
	e := register.Entry{Now: noon, Most: 2, Network: "network", PerNetwork: 1, Until: noon.Add(time.Hour)}
	must(t, s.Registrations.RegisterClient(t.Context(), someRegistered("one"), e))
	var busy *register.BusyError
	if err := s.Registrations.RegisterClient(t.Context(), someRegistered("two"), e); !errors.As(err, &busy) || !busy.Until.Equal(e.Until) {
		t.Errorf("a second one of the network: %v", err)
	}
	e.Now, e.Until = e.Until, e.Until.Add(time.Hour)
	must(t, s.Registrations.RegisterClient(t.Context(), someRegistered("two"), e))
	e.Network, e.TokenHash = "", token.Hash
	wantError(t, "one too many", s.Registrations.RegisterClient(t.Context(), someRegistered("three"), e), register.ErrFull)
	if left, err := s.Registrations.InitialToken(t.Context(), token.Hash); err != nil || left.UsesLeft != token.UsesLeft {
		t.Errorf("what failed took a use: %+v, %v", left, err)
	}
}

// A client goes with all that it was given, whoever deletes it.
func deletesRegistration(t *testing.T, s Stores) {
	for name, remove := range map[string]func(id string) error{
		"by itself": func(id string) error {
			return s.Registrations.DeleteRegistered(t.Context(), id, func(*register.Registered) error { return nil })
		},
		"by somebody": func(id string) error { return s.Clients.DeleteClient(t.Context(), id) },
	} {
		must(t, s.Registrations.RegisterClient(t.Context(), someRegistered("dyn"), entry()))
		must(t, s.Users.CreateUser(t.Context(), &idp.User{ID: "user " + name, Login: "login " + name}))
		grant := &oidc.Grant{ID: "grant", ClientID: "dyn", UserID: "user " + name, Code: oidc.Code{Hash: "code"}, CreatedAt: noon, ExpiresAt: noon.Add(time.Hour)}
		must(t, s.Grants.CreateGrant(t.Context(), grant))
		must(t, s.ClientTokens.CreateClientToken(t.Context(), oidc.ClientToken{Hash: "own", ClientID: "dyn", CreatedAt: noon, ExpiresAt: noon.Add(time.Hour)}))
		refusal := errors.New("refused")
		wantError(t, "refused", s.Registrations.DeleteRegistered(t.Context(), "dyn", func(*register.Registered) error { return refusal }), refusal)
		must(t, remove("dyn"))
		_, err := s.Registrations.RegisteredClient(t.Context(), "dyn")
		wantError(t, name+": the registration", err, idp.ErrNotFound)
		_, err = s.Clients.ClientByID(t.Context(), "dyn")
		wantError(t, name+": the client", err, idp.ErrNotFound)
		_, err = s.Grants.GrantByCode(t.Context(), "code")
		wantError(t, name+": its grant", err, idp.ErrNotFound)
		_, err = s.ClientTokens.ClientTokenByHash(t.Context(), "own")
		wantError(t, name+": its token", err, idp.ErrNotFound)
	}
}

func sweepsRegistrations(t *testing.T, s Stores) {
	register1 := func(id string, change func(*register.Registered, *register.Entry)) {
		r, e := someRegistered(id), entry()
		change(r, &e)
		must(t, s.Registrations.RegisterClient(t.Context(), r, e))
	}
	register1("unused", func(*register.Registered, *register.Entry) {})
	register1("new", func(_ *register.Registered, e *register.Entry) { e.Now = noon.Add(time.Hour) })
	register1("server", func(r *register.Registered, _ *register.Entry) {
		r.Client.Grants = []string{idp.GrantClientCredentials}
	})
	register1("used", func(*register.Registered, *register.Entry) {})
	must(t, s.Clients.CreateClient(t.Context(), someClient("shop")))
	must(t, s.Users.CreateUser(t.Context(), &idp.User{ID: "user", Login: "user"}))
	must(t, s.Grants.CreateGrant(t.Context(), &oidc.Grant{ID: "grant", ClientID: "used", UserID: "user", Code: oidc.Code{Hash: "code"}, CreatedAt: noon, ExpiresAt: noon.Add(90 * time.Minute)}))

	sweep := func(since, now time.Time) (left []string) {
		for {
			n, err := s.Registrations.SweepRegistrations(t.Context(), since, now, 1)
			must(t, err)
			if n == 0 {
				break
			}
		}
		list, err := s.Clients.ListClients(t.Context(), "", 100)
		must(t, err)
		for _, c := range list {
			left = append(left, c.ID)
		}
		return left
	}
	if left := sweep(noon, noon.Add(time.Hour)); !reflect.DeepEqual(left, []string{"new", "server", "shop", "used"}) {
		t.Errorf("left are %v", left)
	}
	// Whoever was signed in at the time counts as used then.
	if left := sweep(noon.Add(time.Minute), noon.Add(2*time.Hour)); len(left) != 4 {
		t.Errorf("left are %v", left)
	}
	// A login counts too, when all that it gave is over.
	dynamic := idp.DynamicID("abcdefghijklmnopqrstuvwxyz")
	register1(dynamic, func(*register.Registered, *register.Entry) {})
	must(t, s.Grants.CreateGrant(t.Context(), &oidc.Grant{ID: "late", ClientID: dynamic, UserID: "user", Code: oidc.Code{Hash: "late"}, CreatedAt: noon.Add(2 * time.Hour), ExpiresAt: noon.Add(3 * time.Hour)}))
	if left := sweep(noon.Add(time.Hour), noon.Add(3*time.Hour)); !reflect.DeepEqual(left, []string{dynamic, "server", "shop"}) {
		t.Errorf("left are %v", left)
	}
	if left := sweep(noon.Add(2*time.Hour), noon.Add(4*time.Hour)); !reflect.DeepEqual(left, []string{"server", "shop"}) {
		t.Errorf("left are %v", left)
	}
}
