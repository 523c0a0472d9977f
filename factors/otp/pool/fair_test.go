package pool

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// drawn is a window with what it has seen in arrays: Memory without its hashes, for millions of codes.
type drawn struct {
	Window
	codes map[string]int
	last  map[int]string
}

func newDrawn() *drawn { return &drawn{codes: map[string]int{}, last: map[int]string{}} }

func (d *drawn) draw(code string, phone int) *Alarm {
	alarm := d.count(time.Time{}, code, Seen{Count: d.codes[code], Last: d.last[phone]}, d.last[phone] == code)
	d.codes[code]++
	d.last[phone] = code
	return alarm
}

func digits(n, length int) string {
	out := make([]byte, length)
	for i := length - 1; i >= 0; i-- {
		out[i] = byte('0' + n%10)
		n /= 10
	}
	return string(out)
}

// Ten million fair codes, judged after each: of 10,000 windows at most one may raise an alarm, and with a false-alarm chance
// under a millionth none does in 99 of 100 such tests.
func TestAFairPoolRaisesNoAlarm(t *testing.T) {
	const windows = 10_000
	all := make([]string, 10_000)
	for i := range all {
		all[i] = digits(i, 4)
	}
	alarms, pairs := 0, 0
	codes, last := make([]int, len(all)), make([]string, 300)
	for seed := range uint64(windows) {
		source := rand.New(rand.NewPCG(20261125, seed))
		var w Window
		clear(codes)
		clear(last)
		for range Codes {
			n, phone := source.IntN(len(all)), source.IntN(len(last))
			if alarm := w.count(time.Time{}, all[n], Seen{Count: codes[n], Last: last[phone]}, last[phone] == all[n]); alarm != nil {
				alarms++
				t.Log(alarm)
			}
			codes[n]++
			last[phone] = all[n]
		}
		pairs += w.Pairs
	}
	if alarms > 1 {
		t.Errorf("%d windows raised an alarm", alarms)
	}
	// 49.95 pairs are expected in each; their mean strays by 0.07 at one sigma.
	if mean := float64(pairs) / windows; math.Abs(mean-49.95) > 0.5 {
		t.Errorf("%.2f pairs a window", mean)
	}
}

// Fair pools of every length, of codes that never begin with 0, and of few people who are called again and again.
func TestFairPoolsOfEveryKind(t *testing.T) {
	for length := 3; length <= 8; length++ {
		for _, zero := range []bool{true, false} {
			for _, phones := range []int{1, 20, 100_000} {
				source := rand.New(rand.NewPCG(7, uint64(length)))
				for range 20 {
					d := newDrawn()
					for range Codes {
						size, from := int(math.Pow10(length)), 0
						if !zero {
							from = size / 10
						}
						if alarm := d.draw(digits(from+source.IntN(size-from), length), source.IntN(phones)); alarm != nil {
							t.Fatalf("length %d, zero %v, %d phones: %v", length, zero, phones, alarm)
						}
					}
				}
			}
		}
	}
}

// What is said of a chance is never less than the chance, where the exact one can be had.
func TestBoundsHold(t *testing.T) {
	t.Run("poisson", func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) {
			mean := rapid.Float64Range(0.001, 60).Draw(t, "mean")
			k := rapid.IntRange(0, 120).Draw(t, "k")
			var terms []float64
			for i := range 400 {
				terms = append(terms, poisson(i, mean))
			}
			below, above := lnOfSum(terms[:k+1]), lnOfSum(terms[k:])
			if got := atLeast(k, mean); got < above-1e-6 || float64(k) > 2*mean+2 && got > above+math.Log(3) {
				t.Errorf("ln P(X >= %d), mean %v: %g, exactly %g", k, mean, got, above)
			}
			if got := atMost(k, mean); got < below-1e-6 {
				t.Errorf("ln P(X <= %d), mean %v: %g, exactly %g", k, mean, got, below)
			}
		})
	})
	t.Run("digits", func(t *testing.T) {
		for _, n := range []int{1, 2, 3, 5, 8} {
			for level := -1.0; level > -20; level-- {
				if got := math.Log(exactSkew(n, 4, level)); got > level+1e-9 {
					t.Errorf("%d draws: ln P = %v at level %v", n, got, level)
				}
			}
		}
	})
}

// lnOfSum is the logarithm of the sum of what the terms are logarithms of: chances here
// go below 1e-500, which no float64 holds.
func lnOfSum(terms []float64) float64 {
	most, sum := slices.Max(terms), 0.0
	for _, term := range terms {
		sum += math.Exp(term - most)
	}
	return most + math.Log(sum)
}

// exactSkew is the chance that n draws of so many digits count as skewed: all ways to draw them are tried.
func exactSkew(n, kinds int, level float64) float64 {
	total, bad := 0, 0
	counts := make([]int, kinds)
	var fill func(left int)
	fill = func(left int) {
		if left == 0 {
			total++
			if skewed(counts, level) {
				bad++
			}
			return
		}
		for d := range counts {
			counts[d]++
			fill(left - 1)
			counts[d]--
		}
	}
	fill(n)
	return float64(bad) / float64(total)
}

// The counts of a window are those of its codes, whatever came in whatever order.
func TestCounts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := newDrawn()
		type one struct {
			code  string
			phone int
		}
		var all []one
		for range rapid.IntRange(1, 60).Draw(t, "n") {
			o := one{digits(rapid.IntRange(0, 12).Draw(t, "code"), 3), rapid.IntRange(0, 4).Draw(t, "phone")}
			all = append(all, o)
			d.draw(o.code, o.phone)
		}
		pairs, returns, same, places := 0, 0, 0, make([][10]int, 3)
		times := map[string]int{}
		for i, o := range all {
			times[o.code]++
			for place, c := range o.code {
				places[place][c-'0']++
			}
			last := ""
			for _, before := range all[:i] {
				if before.code == o.code {
					pairs++
				}
				if before.phone == o.phone {
					last = before.code
				}
			}
			if last != "" {
				returns++
			}
			if last == o.code {
				same++
			}
		}
		most := 0
		for _, n := range times {
			most = max(most, n)
		}
		if d.Codes != len(all) || d.Pairs != pairs || d.Repeats != len(all)-len(times) || d.Most != most || d.Returns != returns || d.SameCode != same {
			t.Errorf("%+v of %v", d.Window, all)
		}
		for place := range places {
			if d.Digits[place] != places[place] {
				t.Errorf("place %d: %v, want %v", place, d.Digits[place], places[place])
			}
		}
	})
}
