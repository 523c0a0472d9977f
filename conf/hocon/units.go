package hocon

import (
	"math"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// durationUnit gives the length of a unit of time. Long names may be in the singular.
func durationUnit(unit string) (time.Duration, bool) {
	if len(unit) > 2 && !strings.HasSuffix(unit, "s") {
		unit += "s"
	}
	switch unit {
	case "ns", "nanos", "nanoseconds":
		return time.Nanosecond, true
	case "us", "micros", "microseconds":
		return time.Microsecond, true
	case "", "ms", "millis", "milliseconds":
		return time.Millisecond, true
	case "s", "seconds":
		return time.Second, true
	case "m", "minutes":
		return time.Minute, true
	case "h", "hours":
		return time.Hour, true
	case "d", "days":
		return 24 * time.Hour, true
	}
	return 0, false
}

var wholeNumber = regexp.MustCompile(`^[+-]?[0-9]+$`)

// Duration gives a length of time: a number and one of the units ns, us, ms, s, m, h, d or its long names (nanosecond, millis,
// minutes ..); a number without a unit is milliseconds. A day has 24 hours. It may be negative.
func (v Value) Duration() (time.Duration, error) {
	const want = `a duration such as 500ms, 10s, "5 minutes" or 1d`
	number, unit, ok := v.quantity()
	if !ok {
		return 0, v.wrong(want)
	}
	scale, known := durationUnit(unit)
	if !known {
		return 0, v.errorf("should be %s; there is no such unit of time", want)
	}
	if wholeNumber.MatchString(number) {
		n, err := strconv.ParseInt(number, 10, 64)
		if err != nil || n > math.MaxInt64/int64(scale) || n < math.MinInt64/int64(scale) {
			return 0, v.errorf("this duration is too long; 106751 days are the most")
		}
		return time.Duration(n) * scale, nil
	}
	f, ok := parseDecimal(number)
	if !ok {
		return 0, v.wrong(want)
	}
	if f *= float64(scale); math.Abs(f) >= math.MaxInt64 {
		return 0, v.errorf("this duration is too long; 106751 days are the most")
	}
	return time.Duration(f), nil
}

// Period is a length of time by the calendar; see Value.Period.
type Period struct{ Years, Months, Days int }

// Period gives a length of time by the calendar: a whole number and one of the units d, w, m (or mo), y or their long names (days,
// weeks, months, years, or one of them); a number without a unit is days. A week has 7 days. It may be negative.
func (v Value) Period() (Period, error) {
	const want = `a period such as 10d, "2 weeks", 3 months or 1y`
	number, unit, ok := v.quantity()
	if !ok {
		return Period{}, v.wrong(want)
	}
	n, err := strconv.ParseInt(number, 10, 32)
	if err != nil {
		return Period{}, v.wrong(want)
	}
	switch unit {
	case "", "d", "day", "days":
		return Period{Days: int(n)}, nil
	case "w", "week", "weeks":
		return Period{Days: int(n) * 7}, nil
	case "m", "mo", "month", "months":
		return Period{Months: int(n)}, nil
	case "y", "year", "years":
		return Period{Years: int(n)}, nil
	}
	return Period{}, v.errorf("should be %s; there is no such unit of time", want)
}

// Bytes gives a size in bytes: a number and a unit: powers of 1000 (kB, MB .., kilobytes ..) or of 1024 (k or K, Ki, KiB, M, m ..,
// kibibytes ..), up to Y; a number without a unit is bytes.
func (v Value) Bytes() (int64, error) {
	const want = `a size such as 512, 64k, 10MiB or "5 megabytes"`
	number, unit, ok := v.quantity()
	if !ok {
		return 0, v.wrong(want)
	}
	scale, known := byteUnit(unit)
	if !known {
		return 0, v.errorf("should be %s; there is no such unit of size", want)
	}
	if len(number) > 40 {
		return 0, v.errorf("this size has too many digits")
	}
	if f, ok := parseDecimal(number); !ok || math.Abs(f) > 1e30 {
		return 0, v.wrong(want)
	}
	n, ok := new(big.Rat).SetString(number)
	if !ok {
		return 0, v.wrong(want)
	}
	n.Mul(n, new(big.Rat).SetInt(scale))
	whole := new(big.Int).Quo(n.Num(), n.Denom())
	if !whole.IsInt64() {
		return 0, v.errorf("this size is too large; it must be less than 2^63 bytes")
	}
	return whole.Int64(), nil
}

// byteUnit gives how many bytes a unit has. The long names are lower case and may end in s; of the short ones, the letter
// before B or i is upper case, but for kB.
func byteUnit(unit string) (*big.Int, bool) {
	switch unit {
	case "", "B", "b", "byte", "bytes":
		return big.NewInt(1), true
	}
	const letters = "KMGTPEZY"
	decimal := []string{"kilo", "mega", "giga", "tera", "peta", "exa", "zetta", "yotta"}
	binary := []string{"kibi", "mebi", "gibi", "tebi", "pebi", "exbi", "zebi", "yobi"}
	for i := range letters {
		up := letters[i : i+1]
		kilo := up + "B"
		if i == 0 {
			kilo = "kB"
		}
		power := big.NewInt(int64(i + 1))
		switch unit {
		case kilo, decimal[i] + "byte", decimal[i] + "bytes":
			return power.Exp(big.NewInt(1000), power, nil), true
		case up, strings.ToLower(up), up + "i", up + "iB", binary[i] + "byte", binary[i] + "bytes":
			return power.Exp(big.NewInt(1024), power, nil), true
		}
	}
	return nil, false
}

// quantity cuts a number or a string into a number and the letters after it.
func (v Value) quantity() (number, unit string, ok bool) {
	d := v.datum()
	if d.kind != Number && d.kind != String {
		return "", "", false
	}
	text := strings.TrimFunc(d.text, isSpace)
	number = strings.TrimRightFunc(text, unicode.IsLetter)
	unit = text[len(number):]
	number = strings.TrimFunc(number, isSpace)
	return number, unit, number != ""
}
