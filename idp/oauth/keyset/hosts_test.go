package keyset_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ringtail-id/ringtail/idp/oauth/keyset"
	"github.com/ringtail-id/ringtail/loops"
)

// answering answers each request for a key set, by its address.
type answering func(uri string) (string, error)

func (a answering) Exchange(_ context.Context, _ *loops.Driver, r loops.Request) (*loops.Answer, error) {
	text, err := a(r.URL)
	if err != nil {
		return nil, err
	}
	return &loops.Answer{Status: 200, Body: text}, nil
}

// asked makes sets over the answers, and what asks them by a client's address.
func asked(t *testing.T, a answering, now func() time.Time, token string) func(uri string) error {
	t.Helper()
	sets, err := keyset.New(keyset.Options{Requests: a, Now: now, Log: slog.New(slog.DiscardHandler)})
	must(t, err)
	return func(uri string) error {
		rules := keyset.Rules{Audience: issuer, Optional: []string{"exp"}}
		_, err := sets.Verify(t.Context(), keyset.Source{URI: uri}, token, rules)
		return err
	}
}

func TestAHostIsPacedWhateverThePathAndSpelling(t *testing.T) {
	ec, now := newEC(t), noon
	document, fetches := set(t, jwk(ec, "ec").Public()), 0
	ask := asked(t, func(string) (string, error) { fetches++; return document, nil },
		func() time.Time { return now }, sign(t, "ES256", ec, "ec", good("exp", nil)))
	for name, spellings := range map[string][]string{
		"a name":     {"https://www.example.com/", "https://WWW.example.com/", "https://www.example.com./", "https://www.example.com:443/", "https://www.example.com:0443/"},
		"an address": {"https://[2001:db8::1]/", "https://[2001:DB8:0::1]/", "https://[2001:db8::0001]:443/"},
		"IPv4":       {"https://192.0.2.1/", "https://[::ffff:192.0.2.1]/"},
	} {
		t.Run(name, func(t *testing.T) {
			fetches = 0
			next := 0
			address := func() string { next++; return fmt.Sprint(spellings[next%len(spellings)], next) }
			for range 60 {
				must(t, ask(address()))
			}
			for range 60 {
				wantFault(t, ask(address()), "too often")
			}
			now = now.Add(keyset.HostPace)
			must(t, ask(address()))
			wantFault(t, ask(address()), "too often")
			if fetches != 61 {
				t.Errorf("%d fetches, want 61", fetches)
			}
			must(t, ask(fmt.Sprint(spellings[0], len(spellings)))) // what is known isn't fetched
		})
	}
	must(t, ask("https://www.example.com:8443/keys")) // another server's pace
}

// Sixty clients of one host, whose sets are all looked at again when they are
// old, and after an hour without anybody.
func TestAHostWithManySetsWorks(t *testing.T) {
	ec, now := newEC(t), noon
	document, fetches := set(t, jwk(ec, "ec").Public()), 0
	ask := asked(t, func(string) (string, error) { fetches++; return document, nil },
		func() time.Time { return now }, sign(t, "ES256", ec, "ec", timeless()))
	for round := range 12 {
		for i := range 60 {
			must(t, ask(fmt.Sprintf("https://www.example.com/%d/keys", i)))
		}
		if want := 60 * (round + 1); fetches != want {
			t.Fatalf("%d fetches, want %d", fetches, want)
		}
		now = now.Add(keyset.Fresh)
		if round == 6 {
			now = now.Add(keyset.Stale)
		}
	}
}

// tarpits are hosts named slow*, which hold each request until the gate opens.
func tarpits(document string, gate <-chan struct{}) answering {
	return func(uri string) (string, error) {
		if strings.HasPrefix(uri, "https://slow") {
			<-gate
			return "", errors.New("nothing came")
		}
		return document, nil
	}
}

func TestAHostHoldsFewOfTheSlots(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ec, gate := newEC(t), make(chan struct{})
		open := sync.OnceFunc(func() { close(gate) })
		defer open()
		ask := asked(t, tarpits(set(t, jwk(ec, "ec").Public()), gate), time.Now, sign(t, "ES256", ec, "ec", timeless()))
		for i := range 40 {
			go func() { _ = ask(fmt.Sprintf("https://slow.example/%d", i)) }()
		}
		synctest.Wait()
		start := time.Now()
		must(t, ask(address))
		if waited := time.Since(start); waited != 0 {
			t.Errorf("another host waited %v", waited)
		}
	})
}

// That all slots are taken is no client's fault: it is asked as soon as one is free.
func TestNoFreeSlotIsNoFaultOfTheAddress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ec, gate := newEC(t), make(chan struct{})
		open := sync.OnceFunc(func() { close(gate) })
		defer open()
		ask := asked(t, tarpits(set(t, jwk(ec, "ec").Public()), gate), time.Now, sign(t, "ES256", ec, "ec", timeless()))
		for i := range 32 {
			go func() { _ = ask(fmt.Sprintf("https://slow%d.example/%d", i%8, i)) }()
		}
		synctest.Wait()
		for range 5 {
			wantFault(t, ask(address), "too many key sets")
		}
		open()
		synctest.Wait()
		must(t, ask(address))
	})
}

func timeless() map[string]any { return good("exp", nil, "iat", nil, "nbf", nil) }

func TestNewcomersPushOutOneAnother(t *testing.T) {
	ec, now := newEC(t), noon
	document, fetches := set(t, jwk(ec, "ec").Public()), 0
	ask := asked(t, func(uri string) (string, error) {
		fetches++
		if strings.Contains(uri, "bad") {
			return "", errors.New("nothing came")
		}
		return document, nil
	}, func() time.Time { now = now.Add(time.Microsecond); return now }, sign(t, "ES256", ec, "ec", good("exp", nil)))
	must(t, ask(address))
	for i := range 2500 {
		wantFault(t, ask(fmt.Sprintf("https://bad%d.example/", i)), "can't be fetched")
	}
	before := fetches
	must(t, ask(address))
	if fetches != before {
		t.Error("a set in use was pushed out by addresses that gave none")
	}
}
