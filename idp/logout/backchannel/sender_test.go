package backchannel_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	jose "github.com/go-jose/go-jose/v4"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/logout/backchannel"
	"github.com/ringtail-id/ringtail/idp/oidc/signing"
)

// read verifies a logout token with the published keys and gives header and claims.
func (w *world) read(token string) (jose.Header, map[string]any) {
	w.t.Helper()
	parsed, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{jose.ES256, jose.EdDSA})
	w.must(err)
	header := parsed.Signatures[0].Protected
	published, err := w.ring.Published(w.t.Context())
	w.must(err)
	i := slices.IndexFunc(published, func(k signing.Key) bool { return k.ID == header.KeyID && k.Alg == header.Algorithm })
	if i < 0 {
		w.t.Fatalf("signed with a key that isn't published: %+v", header)
	}
	payload, err := parsed.Verify(published[i].Public())
	w.must(err)
	var claims map[string]any
	w.must(json.Unmarshal(payload, &claims))
	return header, claims
}

// Back-Channel Logout 1.0, sections 2.4 and 2.5.
func TestALogoutTokenIsAsTheStandardHasIt(t *testing.T) {
	for _, alg := range []string{signing.ES256, signing.EdDSA} {
		t.Run(alg, func(t *testing.T) {
			w := newWorld(t)
			shop := w.register("shop", func(c *idp.Client) { c.SigningAlg = alg })
			session := w.ended("shop")
			if n := w.work(); n != 1 || len(shop.calls()) != 1 {
				t.Fatalf("worked %d times, called %d times", n, len(shop.calls()))
			}
			call := shop.calls()[0]
			if call.method != http.MethodPost || call.header.Get("Content-Type") != "application/x-www-form-urlencoded" ||
				!strings.HasPrefix(call.header.Get("User-Agent"), "Ringtail") || len(call.form) != 1 || len(call.form["logout_token"]) != 1 {
				t.Errorf("request %+v", call)
			}
			header, claims := w.read(call.form["logout_token"][0])
			if header.ExtraHeaders[jose.HeaderType] != "logout+jwt" || header.Algorithm != alg {
				t.Errorf("header %+v", header)
			}
			now := float64(w.clock().Unix())
			events, _ := claims["events"].(map[string]any)
			event, _ := events["http://schemas.openid.net/event/backchannel-logout"].(map[string]any)
			if claims["iss"] != issuer || claims["aud"] != "shop" || claims["sub"] != "u1" || claims["sid"] != session ||
				claims["iat"] != now || claims["exp"] != now+120 || claims["jti"] == "" || event == nil || len(event) > 0 || len(events) != 1 {
				t.Errorf("claims %v", claims)
			}
			if _, has := claims["nonce"]; has || len(claims) != 8 {
				t.Errorf("there is more in it: %v", claims)
			}
		})
	}
}

func TestEveryRelyingPartyOfTheSessionIsToldOnce(t *testing.T) {
	w := newWorld(t)
	shop, bank, elsewhere := w.register("shop", nil), w.register("bank", nil), w.register("elsewhere", nil)
	silent := w.register("silent", func(c *idp.Client) { c.BackchannelLogoutURI = "" })
	w.ended("shop", "bank", "silent", "gone")
	w.work()
	w.advance(48 * time.Hour)
	if n := w.work(); n != 0 || len(shop.calls()) != 1 || len(bank.calls()) != 1 || len(elsewhere.calls())+len(silent.calls()) != 0 {
		t.Errorf("shop %d, bank %d, others %d %d; then %d more", len(shop.calls()), len(bank.calls()), len(elsewhere.calls()), len(silent.calls()), n)
	}
}

// Section 2.8: 200, and 204 as frameworks make it, are success; 400 is final.
func TestWhatTheAnswerMeans(t *testing.T) {
	for status, final := range map[int]bool{200: true, 204: true, 400: true, 201: false, 302: false, 401: false, 404: false, 429: false, 500: false, 501: false, 503: false} {
		w := newWorld(t)
		shop := w.register("shop", nil)
		shop.answers(status)
		w.ended("shop")
		w.work()
		shop.answers(http.StatusOK)
		w.advance(10 * time.Second)
		w.work()
		if again := len(shop.calls()) == 2; again == final {
			t.Errorf("after %d it was called %d times", status, len(shop.calls()))
		}
	}
}

func TestRetriesPauseLongerAndEndAfterADay(t *testing.T) {
	w := newWorld(t)
	shop := w.register("shop", nil)
	shop.answers(http.StatusServiceUnavailable)
	w.ended("shop")
	start, tries := w.clock(), []time.Duration{}
	for w.clock().Sub(start) < 50*time.Hour {
		if w.work() > 0 {
			tries = append(tries, w.clock().Sub(start))
		}
		w.advance(10 * time.Second)
	}
	want := []time.Duration{0, 10 * time.Second, 40 * time.Second, 130 * time.Second}
	if len(tries) < 10 || !slices.Equal(tries[:4], want) || tries[len(tries)-1] > 24*time.Hour || tries[len(tries)-1] < 21*time.Hour {
		t.Errorf("tried after %v", tries)
	}
	if !w.logged("given up") || len(shop.calls()) != len(tries) {
		t.Errorf("called %d times; log:\n%s", len(shop.calls()), w.log.String())
	}
	seen := map[any]bool{}
	for _, call := range shop.calls() {
		_, claims := w.read(call.form["logout_token"][0])
		if seen[claims["jti"]] {
			t.Fatal("a jti came twice: a relying party would take the second for a replay")
		}
		seen[claims["jti"]] = true
	}
}

// A node dies after it sent and before it wrote that down.
func TestAKillBetweenSendAndMarkTellsTwice(t *testing.T) {
	w := newWorld(t)
	shop := w.register("shop", nil)
	w.ended("shop")
	dying := w.node(func(o *backchannel.Options) { o.Queue = dead{o.Queue} })
	if did, err := dying.Work(t.Context()); !did || err != nil {
		t.Fatal(did, err)
	}
	if n := w.work(); n != 0 {
		t.Error("another node sent while the lease held")
	}
	w.advance(time.Minute)
	if n := w.work(); n != 1 || len(shop.calls()) != 2 {
		t.Errorf("after the lease: worked %d times, called %d times", n, len(shop.calls()))
	}
	w.advance(time.Hour)
	if n := w.work(); n != 0 {
		t.Error("and once more")
	}
}

// dead can't write any more.
type dead struct{ backchannel.Queue }

func (dead) DropNotice(context.Context, *backchannel.Notice) error { return errors.New("killed") }
func (dead) PostponeNotice(context.Context, *backchannel.Notice, time.Time, time.Time) error {
	return errors.New("killed")
}

func TestTwoNodesTellOnce(t *testing.T) {
	w := newWorld(t)
	shop := w.register("shop", nil)
	for range 20 {
		w.ended("shop")
	}
	var nodes sync.WaitGroup
	for range 2 {
		node := w.node(func(o *backchannel.Options) { o.Timing.PerClient = 50 })
		nodes.Go(func() {
			for {
				did, err := node.Work(context.Background())
				if err != nil {
					t.Error(err)
				}
				if !did {
					return
				}
			}
		})
	}
	nodes.Wait()
	if got := len(shop.calls()); got != 20 {
		t.Errorf("20 sessions ended, %d calls", got)
	}
}

// One person signs in and out a thousand times at a relying party that hangs.
// Another relying party hears of a logout at once all the same.
func TestAFloodForOneHoldsNobodyElseUp(t *testing.T) {
	w := newWorld(t)
	shop := w.register("shop", nil)
	w.register("down", func(c *idp.Client) { c.BackchannelLogoutURI = "https://nowhere.example/logout" })
	for range 1000 {
		w.ended("down")
	}
	w.ended("shop")
	if n := w.work(); n > 3 || len(shop.calls()) != 1 {
		t.Errorf("%d tries, the other one was called %d times", n, len(shop.calls()))
	}
	w.advance(10 * time.Second)
	if n := w.work(); n > 3 {
		t.Errorf("%d tries at the next look", n)
	}
}

func TestRunSendsUntilItIsStopped(t *testing.T) {
	told := make(chan struct{})
	w := newWorld(t)
	w.register("shop", nil)
	w.ended("shop")
	node := w.node(func(o *backchannel.Options) {
		o.Timing.Poll = time.Millisecond
		o.Post = func(context.Context, string, string) (int, error) {
			close(told)
			return http.StatusOK, nil
		}
	})
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- node.Run(ctx) }()
	<-told
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
	w.advance(time.Hour)
	if n := w.work(); n != 0 {
		t.Error("what was begun was not finished")
	}
}

// A fault of ours is not the relying party's: its other notices don't wait.
func TestAMissingKeyIsOurFault(t *testing.T) {
	w := newWorld(t)
	shop := w.register("shop", func(c *idp.Client) { c.SigningAlg = signing.RS256 }) // which has no key here
	first, second := w.ended("shop"), w.ended("shop")
	if n := w.work(); n != 2 || len(shop.calls()) != 0 || !w.logged(first) || !w.logged(second) {
		t.Errorf("worked %d times, called %d times", n, len(shop.calls()))
	}
}
