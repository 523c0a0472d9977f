package pool

import (
	"bytes"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the figures into the documentation")

// source makes the codes of one window: the i-th, for the phone.
type source func(r *rand.Rand, length int) func(i, phone int) string

type unfair struct {
	name   string
	codes  source
	reason string
	within int // codes at four digits, in 99 of 100 windows
}

func size(length int) int { return int(math.Pow10(length)) }

// among draws from n codes that were drawn once.
func among(n int) source {
	return func(r *rand.Rand, length int) func(int, int) string {
		few := make([]string, n)
		for i := range few {
			few[i] = digits(r.IntN(size(length)), length)
		}
		return func(int, int) string { return few[r.IntN(n)] }
	}
}

func unfairs() []unfair {
	return []unfair{
		{"one number that always calls", among(1), ReasonRepeats, 10},
		{"50 numbers", among(50), ReasonRepeats, 60},
		{"500 numbers", among(500), ReasonRepeats, 200},
		{"2,000 numbers", among(2000), ReasonRepeats, 1000},
		{"one code in 30 is the same, the others are fair", func(r *rand.Rand, length int) func(int, int) string {
			return func(int, int) string {
				if r.IntN(30) == 0 {
					return digits(1, length)
				}
				return digits(r.IntN(size(length)), length)
			}
		}, ReasonFavourite, 700},
		{"the first digit is always 1", func(r *rand.Rand, length int) func(int, int) string {
			return func(int, int) string { return digits(size(length)/10+r.IntN(size(length)/10), length) }
		}, ReasonDigit, 40},
		{"all digits are even", func(r *rand.Rand, length int) func(int, int) string {
			return func(int, int) string {
				out := make([]byte, length)
				for i := range out {
					out[i] = "02468"[r.IntN(5)]
				}
				return string(out)
			}
		}, ReasonDigit, 150},
		{"they count up", func(r *rand.Rand, length int) func(int, int) string {
			from := r.IntN(size(length))
			return func(i, _ int) string { return digits((from+i)%size(length), length) }
		}, ReasonDigit, 150},
		{"each code once, in any order", func(r *rand.Rand, length int) func(int, int) string {
			used := map[int]bool{}
			return func(int, int) string {
				for {
					if n := r.IntN(size(length)); !used[n] {
						used[n] = true
						return digits(n, length)
					}
				}
			}
		}, ReasonEven, 800},
		{"a number always gets its own code (100 people)", func(r *rand.Rand, length int) func(int, int) string {
			own := map[int]string{}
			return func(_, phone int) string {
				if own[phone] == "" {
					own[phone] = digits(r.IntN(size(length)), length)
				}
				return own[phone]
			}
		}, ReasonSameNumber, 60},
	}
}

// watched gives after how many codes each of the windows raised its alarm (Codes+1 where none came), sorted, and the reasons.
func watched(codes source, length, windows int) (after []int, reasons map[string]int) {
	reasons = map[string]int{}
	for seed := range windows {
		r := rand.New(rand.NewPCG(uint64(length), uint64(seed)))
		next, d, at := codes(r, length), newDrawn(), Codes+1
		for i := range Codes {
			phone := r.IntN(100)
			if alarm := d.draw(next(i, phone), phone); alarm != nil {
				at = i + 1
				reasons[alarm.Alarm]++
				break
			}
		}
		after = append(after, at)
	}
	slices.Sort(after)
	return after, reasons
}

const figured = 200

// Unfair pools are found, and the documentation says after how many codes.
func TestUnfairPoolsAreFound(t *testing.T) {
	var table strings.Builder
	table.WriteString("| what the codes are | four digits: after | six digits: after |\n|---|---|---|\n")
	for _, u := range unfairs() {
		after, reasons := watched(u.codes, 4, figured)
		if late := after[figured*99/100]; late > u.within || reasons[u.reason] < figured/2 {
			t.Errorf("%s: found after %d codes in 99 of 100 windows, want %d; reasons %v", u.name, late, u.within, reasons)
		}
		six, _ := watched(u.codes, 6, figured)
		fmt.Fprintf(&table, "| %s | %s | %s |\n", u.name, figure(after), figure(six))
	}
	figures(t, table.String())
}

// figure is the middle of the windows, and what 99 of 100 need.
func figure(after []int) string {
	name := func(n int) string {
		if n > Codes {
			return "no alarm"
		}
		return fmt.Sprint(n)
	}
	middle, late := name(after[figured/2]), name(after[figured*99/100])
	if middle == late {
		return middle
	}
	return middle + " (" + late + ")"
}

// figures holds the documentation's table to what was found.
func figures(t *testing.T, table string) {
	t.Helper()
	file := filepath.Join("..", "..", "..", "docs", "explanation", "code-pool.md")
	const begin, end = "<!-- figures: go test ./factors/otp/pool -run Unfair -update -->\n", "<!-- end of figures -->\n"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := bytes.Cut(text, []byte(begin))
	old, behind, ok2 := bytes.Cut(rest, []byte(end))
	if !ok || !ok2 {
		t.Fatalf("%s has no place for the figures", file)
	}
	if string(old) == table {
		return
	}
	if !*update {
		t.Fatalf("%s says\n%s\nfound was\n%s\nwrite it with -update", file, old, table)
	}
	if err := os.WriteFile(file, slices.Concat(before, []byte(begin), []byte(table), []byte(end), behind), 0o644); err != nil {
		t.Fatal(err)
	}
}
