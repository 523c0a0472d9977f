package otp_test

import (
	"context"
	"fmt"
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/factors/otp"
)

const day = 24 * time.Hour

// oddSettings are calls and codes, block and wait in minutes.
func oddSettings(attempts, total, block, resend int) otp.Settings {
	return otp.Settings{CodeLength: 4, Validity: time.Minute, AttemptsPerLogin: attempts, TotalAttempts: total,
		Block: time.Duration(block) * time.Minute, ResendAfter: time.Duration(resend) * time.Minute}
}

// limited are the settings with limits of calls to one number.
func limited(s otp.Settings, hour, day int) otp.Settings {
	s.Limits.NumberHour, s.Limits.NumberDay = hour, day
	return s
}

func TestOdds(t *testing.T) {
	defaults := oddSettings(3, 10, 30, 0)
	defaults.ResendAfter, defaults.Validity = 45*time.Second, 2*time.Minute
	six, without0 := defaults, defaults
	six.CodeLength = 6
	for name, c := range map[string]struct {
		settings         otp.Settings
		leadingZero      bool
		code, block, day otp.Guessing
	}{
		"defaults": {defaults, true, otp.Guessing{Calls: 1, Guesses: 3, Chance: 3e-4},
			otp.Guessing{Calls: 3, Guesses: 7, Chance: 1 - 0.9997*0.9997*0.9999},
			otp.Guessing{Calls: 138, Guesses: 322, Chance: 1 - math.Pow(0.9997*0.9997*0.9999, 46)}},
		"six digits": {six, true, otp.Guessing{Calls: 1, Guesses: 3, Chance: 3e-6},
			otp.Guessing{Calls: 3, Guesses: 7, Chance: 7e-6},
			otp.Guessing{Calls: 138, Guesses: 322, Chance: 322e-6}},
		"limits of one number": {limited(defaults, 5, 15), true, otp.Guessing{Calls: 1, Guesses: 3, Chance: 3e-4},
			otp.Guessing{Calls: 3, Guesses: 7, Chance: 1 - 0.9997*0.9997*0.9999},
			otp.Guessing{Calls: 15, Guesses: 35, Chance: 1 - math.Pow(0.9997*0.9997*0.9999, 5)}},
		"no code begins with 0": {without0, false, otp.Guessing{Calls: 1, Guesses: 3, Chance: 3. / 9000},
			otp.Guessing{Calls: 3, Guesses: 7, Chance: 7. / 9000},
			otp.Guessing{Calls: 138, Guesses: 322, Chance: 1 - math.Pow(1-7./9000, 46)}},
		"the least": {oddSettings(1, 2, 24*60, 0), true, otp.Guessing{Calls: 1, Guesses: 1, Chance: 1e-4},
			otp.Guessing{Calls: 1, Guesses: 1, Chance: 1e-4}, otp.Guessing{Calls: 1, Guesses: 1, Chance: 1e-4}},
		"a call that is refused begins the block": {oddSettings(3, 5, 24*60, 0), true, otp.Guessing{Calls: 1, Guesses: 3, Chance: 3e-4},
			otp.Guessing{Calls: 1, Guesses: 3, Chance: 3e-4}, otp.Guessing{Calls: 1, Guesses: 3, Chance: 3e-4}},
	} {
		t.Run(name, func(t *testing.T) {
			got := otp.Odds(c.settings, otp.Codes(c.settings.CodeLength, c.leadingZero))
			for _, g := range []struct {
				of        string
				got, want otp.Guessing
			}{{"code", got.Code, c.code}, {"block", got.Block, c.block}, {"day", got.Day, c.day}} {
				off := math.Abs(g.got.Chance-g.want.Chance) / g.want.Chance
				if g.got.Calls != g.want.Calls || g.got.Guesses != g.want.Guesses || off > 1e-3 {
					t.Errorf("%s: %+v, want %+v", g.of, g.got, g.want)
				}
			}
		})
	}
}

// guesser plays the guesser against the engine.
type guesser struct {
	*world
	start          time.Time
	calls, guesses int
}

func newGuesser(t tester, s otp.Settings) *guesser {
	w := newWorld(t, s)
	return &guesser{world: w, start: w.now}
}

// steady guesses as fast as the engine lets it, with a login for each call or in
// one login alone, which goes on counting attempts over a block.
func (g *guesser) steady(t tester, span time.Duration, oneLogin bool) {
	for n := 0; g.now.Sub(g.start) < span; n++ {
		login := "login"
		if !oneLogin {
			login = fmt.Sprint("login ", n)
		}
		if p := factors.AsProblem(g.resend(login)); p != nil {
			g.now = opens(t, p)
			continue
		}
		g.calls++
		g.work(t)
		for more := true; more; {
			p := factors.AsProblem(g.enter(login, "9999"))
			g.guesses++
			more = p != nil && p.ID == otp.ProblemCodeWrong
		}
	}
}

// opens is when the problem is over.
func opens(t tester, p *factors.Problem) time.Time {
	for _, arg := range []string{"until", "resend_at"} {
		if at, ok := p.Args[arg].(time.Time); ok {
			return at
		}
	}
	t.Fatal("a problem without its end:", p)
	return time.Time{}
}

// The arithmetic says what the engine does: a day of steady guessing against it
// takes exactly so many calls and guesses.
func TestOddsAreTheEngines(t *testing.T) {
	defaults := oddSettings(3, 10, 30, 0)
	defaults.ResendAfter = 45 * time.Second
	for name, s := range map[string]otp.Settings{
		"defaults":                  defaults,
		"no wait":                   oddSettings(3, 10, 30, 0),
		"wait longer than block":    oddSettings(3, 10, 3, 10),
		"one guess a call":          oddSettings(1, 20, 30, 1),
		"the least":                 oddSettings(1, 2, 5, 0),
		"more attempts than total":  oddSettings(10, 4, 15, 2),
		"nothing is left":           oddSettings(3, 8, 20, 1),
		"one is left for no call":   oddSettings(3, 9, 20, 7),
		"one is left, without wait": oddSettings(3, 9, 20, 0),
		"many":                      oddSettings(7, 100, 60, 1),
		"block of a week":           oddSettings(3, 10, 7*24*60, 1),
		"five an hour":              limited(defaults, 5, 0),
		"the limits by default":     limited(defaults, 5, 15),
		"fifteen a day":             limited(defaults, 0, 15),
		"one an hour":               limited(oddSettings(3, 10, 30, 1), 1, 0),
		"wider than the block":      limited(oddSettings(3, 10, 30, 1), 10, 400),
		"the hour in the wait":      limited(oddSettings(4, 11, 7, 13), 4, 50),
		"the block over the hour":   limited(oddSettings(4, 11, 61, 0), 2, 31),
	} {
		t.Run(name, func(t *testing.T) {
			g := newGuesser(t, s)
			g.steady(t, day, false)
			want := otp.Odds(s, otp.Codes(4, true)).Day
			if g.calls != want.Calls || g.guesses != want.Guesses {
				t.Errorf("the engine took %d calls and %d guesses, the arithmetic says %d and %d", g.calls, g.guesses, want.Calls, want.Guesses)
			}
			one := newGuesser(t, s)
			one.steady(t, day, true)
			if one.guesses > want.Guesses {
				t.Errorf("in one login the engine took %d guesses, more than the %d of many", one.guesses, want.Guesses)
			}
		})
	}
}

// Nobody gets further than the arithmetic says, whatever they do in whatever order.
func TestNobodyBeatsTheOdds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := oddSettings(rapid.IntRange(1, 4).Draw(t, "attempts"), rapid.IntRange(2, 12).Draw(t, "total"),
			rapid.IntRange(1, 20).Draw(t, "block"), rapid.IntRange(0, 8).Draw(t, "resend"))
		s.Limits.NumberHour, s.Limits.NumberDay = rapid.IntRange(0, 6).Draw(t, "an hour"), rapid.IntRange(0, 12).Draw(t, "a day")
		s.Validity = time.Duration(rapid.IntRange(10, 600).Draw(t, "validity")) * time.Second
		span := time.Duration(rapid.IntRange(5, 240).Draw(t, "span")) * time.Minute
		g := newGuesser(t, s)
		if s.Validity <= s.Block {
			g.steady(t, span, false)
			if want := otp.Guess(s, span, 1e4); g.guesses != want.Guesses {
				t.Fatalf("steady guessing: %d guesses, the arithmetic says %d", g.guesses, want.Guesses)
			}
		}
		g = newGuesser(t, s)
		g.anyhow(t, span)
		if want := otp.Guess(s, span, 1e4); g.compared > want.Guesses {
			t.Fatalf("%d guesses, the arithmetic says %d at most", g.compared, want.Guesses)
		}
	})
}

// anyhow draws what the guesser does; the world counts the codes that the engine
// compared.
func (g *guesser) anyhow(t *rapid.T, span time.Duration) {
	var last *factors.Problem
	for step := 0; step < 300; step++ {
		login := fmt.Sprint("login ", rapid.IntRange(0, 5).Draw(t, "login"))
		switch action := rapid.IntRange(0, 9).Draw(t, "action"); {
		case action < 6:
			g.entering = true
			p := factors.AsProblem(g.Enter(context.Background(), otp.Entered{LoginID: login, PersonID: "person", Code: "9999"}))
			g.entering = false
			if p != nil && p.ID == otp.ProblemMethodBlocked {
				last = p
			}
		case action < 9:
			last = factors.AsProblem(g.resend(login))
			g.work(t)
		case last != nil:
			g.now = opens(t, last)
			last = nil
		default:
			g.now = g.now.Add(time.Duration(rapid.IntRange(1, 120).Draw(t, "seconds")) * time.Second)
		}
		if g.now.Sub(g.start) >= span {
			return
		}
	}
}

func TestWarnings(t *testing.T) {
	for name, c := range map[string]struct {
		offer otp.Offer
		want  []string
	}{
		"nothing to say":  {otp.Offer{CodeLength: 6, Stronger: true}, nil},
		"four digits":     {otp.Offer{CodeLength: 4, Stronger: true}, []string{otp.WarningShortCode}},
		"their code":      {otp.Offer{CodeLength: 8, Stronger: true, Foreign: []string{"b", "a", "b"}}, []string{otp.WarningProviderCode}},
		"nothing else":    {otp.Offer{CodeLength: 6}, []string{otp.WarningNoStronger}},
		"all of them":     {otp.Offer{CodeLength: 5, Foreign: []string{"a"}}, []string{otp.WarningShortCode, otp.WarningProviderCode, otp.WarningNoStronger}},
		"three digits":    {otp.Offer{CodeLength: 3, Stronger: true}, []string{otp.WarningShortCode}},
		"five digits too": {otp.Offer{CodeLength: 5, Stronger: true}, []string{otp.WarningShortCode}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, w := range otp.Warnings(c.offer) {
				got = append(got, w.ID)
				if w.Text == "" || w.Hint == "" {
					t.Errorf("%s has no text or no hint", w.ID)
				}
			}
			if fmt.Sprint(got) != fmt.Sprint(c.want) {
				t.Errorf("warnings are %v, want %v", got, c.want)
			}
		})
	}
}
