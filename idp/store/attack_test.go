package store_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/idp/store/pgtest"
)

var update = flag.Bool("update", false, "write the figures into the documentation")

// numbered are as many attackers, each of an account of its own, with the number
// and the address that of gives. None is held back by its total attempts.
func numbered(n int, of func(i int) (phone, address string)) []*attacker {
	all := make([]*attacker, n)
	for i := range all {
		phone, address := of(i)
		all[i] = &attacker{target: otp.Target{PersonID: fmt.Sprint("account-", i), Phone: phone, RemoteIP: address, Country: countryOf(phone)}}
	}
	return all
}

func numberOf(i int) string { return fmt.Sprintf("+7999%07d", i*10_000) } // each with a prefix of its own

func ownNumbers(i int) (string, string) { return numberOf(i), fmt.Sprintf("10.%d.%d.1", i/256, i%256) }

func typing(codes []int, all []*attacker) []*attacker {
	for _, x := range all {
		x.codes = codes
	}
	return all
}

func by(channel string, all []*attacker) []*attacker {
	for _, x := range all {
		x.target.Channel = channel
	}
	return all
}

func nobodys(all []*attacker) []*attacker {
	for _, x := range all {
		x.target.Blind, x.target.Decoy = true, true
	}
	return all
}

// begun is how many lengths begin in that time, the first at its beginning.
func begun(in, length time.Duration) int { return int((in + length - 1) / length) }

// scenario is an attack in which one limit binds, so that a formula says how far
// it gets.
type scenario struct {
	name      string
	binds     func(*otp.Settings)
	attackers []*attacker
	of        func(otp.Delivery) string
	each      int    // calls for each of what of tells apart
	groups    int    // how many of those there are
	guesses   int    // codes compared in all
	formula   string // for people
	refuses   string // the budget that refuses
	prepare   func(*attack)
}

func scenarios(last time.Duration) []scenario {
	hours := begun(last, time.Hour)
	// 3 calls and 7 guesses are 10 attempts; the first two calls are each followed
	// by a wait, the third by the block.
	blocks := begun(last, 2*45*time.Second+30*time.Minute)
	none := func(*otp.Settings) {}
	return []scenario{
		{"attempts per login", none, typing([]int{5}, numbered(300, ownNumbers)), byNumber, 1, 300, 300 * 3, "3 guesses for each of 300 logins", "", nil},
		{"attempts over a second call", none, typing([]int{2, 5}, numbered(150, ownNumbers)), byNumber, 2, 150, 150 * 3, "2 calls and 3 guesses for each of 150 logins", "", nil},
		{"total attempts", func(s *otp.Settings) { s.TotalAttempts = 10 }, numbered(2, ownNumbers), byNumber, 3 * blocks, 2, 2 * 7 * blocks,
			fmt.Sprint(blocks, " blocks of 3 calls and 7 guesses, for 2 accounts"), "", nil},
		{"number an hour", func(s *otp.Settings) { s.Limits.NumberHour = 2 },
			numbered(70, func(i int) (string, string) { return numberOf(i / 7), fmt.Sprintf("10.0.%d.1", i) }), byNumber, 2 * hours, 10, 3 * 10 * 2 * hours,
			fmt.Sprint(hours, " hours of 2 calls, for 10 numbers"), otp.BudgetNumber, nil},
		{"number a day", func(s *otp.Settings) { s.Limits.NumberDay = 15 },
			numbered(30, func(i int) (string, string) { return numberOf(i / 3), fmt.Sprintf("10.0.%d.1", i) }), byNumber, 15, 10, 3 * 10 * 15,
			"15 calls, for 10 numbers", otp.BudgetNumber, nil},
		{"address", func(s *otp.Settings) { s.Limits.AddressHour = 4 },
			numbered(60, func(i int) (string, string) { return numberOf(i), fmt.Sprint("10.0.0.", i%2) }), byAddress, 4 * hours, 2, 3 * 2 * 4 * hours,
			fmt.Sprint(hours, " hours of 4 calls, for 2 addresses"), otp.BudgetAddress, nil},
		{"network", func(s *otp.Settings) { s.Limits.NetworkHour = 4 },
			numbered(60, func(i int) (string, string) {
				return numberOf(i), []string{fmt.Sprint("10.0.0.", i), fmt.Sprintf("2001:db8:0:%x::1", i)}[i%2]
			}), byNetwork, 4 * hours, 2, 3 * 2 * 4 * hours, fmt.Sprint(hours, " hours of 4 calls, for 2 networks"), otp.BudgetNetwork, nil},
		{"prefix", func(s *otp.Settings) { s.Limits.PrefixHour = 4 },
			numbered(50, func(i int) (string, string) { return fmt.Sprintf("+7999%03d%04d", i%2, i), fmt.Sprintf("10.0.%d.1", i) }), byPrefix, 4 * hours, 2, 3 * 2 * 4 * hours,
			fmt.Sprint(hours, " hours of 4 calls, for 2 prefixes"), otp.BudgetPrefix, nil},
		{"country", func(s *otp.Settings) { s.Limits.CountryHour = 4 },
			numbered(54, func(i int) (string, string) {
				return []string{"+7999", "+3749", "+9370"}[i%3] + fmt.Sprintf("%07d", i*10_000), fmt.Sprintf("10.0.%d.1", i)
			}), byCountry, 4 * hours, 3, 3 * 3 * 4 * hours, fmt.Sprint(hours, " hours of 4 calls, for 3 countries"), otp.BudgetCountry, nil},
		{"money for calls", func(s *otp.Settings) { s.Limits.SpendDay = 40_000_000 }, numbered(40, ownNumbers), byAll, 40_000_000 / callPrice, 1, 3 * 100,
			"40.00 at 0.40 a call", otp.BudgetSpend, nil},
		{"money for messages", func(s *otp.Settings) { s.Limits.SpendDay = 40_000_000 }, by("sms", numbered(40, ownNumbers)), byAll, 40_000_000 / messagePrice, 1, 3 * 13,
			"40.00 at 3.00 a message", otp.BudgetSpend, nil},
		{"money, calls cost more than their price", func(s *otp.Settings) { s.Limits.SpendDay = 40_000_000 }, numbered(1, ownNumbers), byAll,
			(40_000_000-callPrice)/500_000 + 1, 1, 3 * 80, "40.00 at 0.50 a call, 0.40 being expected", otp.BudgetSpend,
			func(a *attack) { a.told = func() int64 { return 500_000 } }},
		{"a number whose owner stopped calls", none, numbered(20, func(i int) (string, string) { return numberOf(0), fmt.Sprintf("10.0.%d.1", i) }), byAll, 0, 0, 0,
			"no call", otp.BudgetStop, func(a *attack) {
				if err := a.engines[0].Stop(context.Background(), numberOf(0)); err != nil {
					a.t.Fatal(err)
				}
			}},
		{"numbers that nobody has", none, nobodys(typing([]int{5}, numbered(60, ownNumbers))), byAll, 0, 0, 60 * 3, "no call, 3 guesses for each of 60 logins", "", nil},
	}
}

// stage is where attacks are played, and for how long.
type stage struct {
	url   func(testing.TB) string // of a database with the schema, for one attack alone
	lasts time.Duration
}

func aFile(t testing.TB) string { return "sqlite:" + filepath.Join(t.TempDir(), "ringtail.db") }

// TestAttacks plays a day of each attack, and one of all of them together, against
// the real store. Calls and guesses must be exactly what the limits say.
func TestAttacks(t *testing.T) {
	table, logins := playAll(t, stage{aFile, oneDay})
	if logins < 10_000 {
		t.Errorf("only %d logins were played, want 10,000", logins)
	}
	if !t.Failed() {
		documented(t, "../../docs/explanation/attack-simulation.md", table)
	}
}

// TestAttacksOnPostgres plays some hours of the same: there writes run beside each
// other, and each takes longer.
func TestAttacksOnPostgres(t *testing.T) {
	if _, logins := playAll(t, stage{pgtest.URL, 6 * time.Hour}); logins < 3_000 {
		t.Errorf("only %d logins were played, want 3,000", logins)
	}
}

// playAll plays every attack, each on a database of its own, and returns the table of
// the documentation.
func playAll(t *testing.T, on stage) (table string, logins int) {
	t.Helper()
	all := scenarios(on.lasts)
	rows := make([]result, len(all)+1)
	t.Run("each", func(t *testing.T) {
		for i, s := range all {
			t.Run(s.name, func(t *testing.T) { t.Parallel(); rows[i] = s.play(t, on) })
		}
		t.Run("all limits together", func(t *testing.T) { t.Parallel(); rows[len(all)] = playMixed(t, on) })
	})
	table = "| attack | logins | calls | guesses | the limits say |\n|---|---|---|---|---|\n"
	for _, r := range rows {
		logins += r.logins
		table += fmt.Sprintf("| %s | %d | %d | %d | %s |\n", r.name, r.logins, r.calls, r.guesses, r.says)
	}
	table += fmt.Sprintf("| together | %d | | | |\n", logins)
	t.Log("\n" + table)
	return table, logins
}

// documented holds the table of a page to what was found.
func documented(t *testing.T, file, table string) {
	const begin, end = "<!-- figures: go test ./idp/store -run TestAttacks -update -->\n", "<!-- end of figures -->\n"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), begin)
	old, behind, ok2 := strings.Cut(rest, end)
	switch {
	case !ok || !ok2:
		t.Fatalf("%s has no place for the figures", file)
	case old == table:
	case !*update:
		t.Errorf("%s says\n%s\nwrite what was found with -update", file, old)
	default:
		if err := os.WriteFile(file, []byte(before+begin+table+end+behind), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// result is one row of the table.
type result struct {
	name                   string
	logins, calls, guesses int
	says                   string
}

func (a *attack) result(name, says string) result {
	return result{name, a.logins, len(a.placed), int(a.compared.Load()), says}
}

func (s scenario) play(t *testing.T, on stage) result {
	set := usual()
	set.TotalAttempts = 1_000_000
	s.binds(&set)
	a := newAttack(t, on, set)
	if s.prepare != nil {
		s.prepare(a)
	}
	a.last(on.lasts, s.attackers)
	counts := a.per(s.of)
	if len(counts) != s.groups && s.each > 0 {
		t.Errorf("calls were placed for %d, want %d: %v", len(counts), s.groups, counts)
	}
	for key, n := range counts {
		if n != s.each {
			t.Errorf("%s: %d calls were placed, the limit says %d", key, n, s.each)
		}
	}
	if n := int(a.compared.Load()); n != s.guesses {
		t.Errorf("%d guesses were compared, the limits say %d", n, s.guesses)
	}
	for budget, n := range a.refused {
		if budget != s.refuses {
			t.Errorf("the budget %s refused %d requests, want only %q to do so", budget, n, s.refuses)
		}
	}
	if s.refuses != "" && a.refused[s.refuses] == 0 {
		t.Errorf("the budget %s was never used up", s.refuses)
	}
	return a.result(s.name, s.formula)
}
