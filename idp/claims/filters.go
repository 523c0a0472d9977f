package claims

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

var (
	filterForm = regexp.MustCompile(`^([A-Za-z0-9]+)(?:\(([0-9]{1,3}),([0-9]{1,3})\))?$`)
	jsonNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?$`)
)

// filterNames are the filters as they are written, for errors.
const filterNames = "maskInMiddle(3,3), lower, upper, digits, e164, number, boolean, list"

func parseFilter(source string) (filter, error) {
	form := filterForm.FindStringSubmatch(source)
	if form == nil {
		return filter{}, unknownFilter(source)
	}
	name, first, last := form[1], form[2], form[3]
	if name == "maskInMiddle" && first != "" {
		return maskInMiddle(first, last)
	}
	known, ok := plainFilters()[name]
	if !ok || first != "" {
		return filter{}, unknownFilter(source)
	}
	return known, nil
}

func unknownFilter(source string) error {
	return fmt.Errorf("&%s is no filter; write one of %s", source, filterNames)
}

// plainFilters are those without arguments.
func plainFilters() map[string]filter {
	text := func(f func(string) string) filter {
		return filter{apply: func(s string) (any, bool) { return f(s), true }}
	}
	return map[string]filter{
		"lower":  text(strings.ToLower),
		"upper":  text(strings.ToUpper),
		"digits": text(Digits),
		"e164": {apply: func(s string) (any, bool) {
			number := e164(s)
			return number, number != ""
		}},
		"number":  {apply: number, typed: true},
		"boolean": {apply: boolean, typed: true},
		"list":    {apply: list, typed: true},
	}
}

func maskInMiddle(first, last string) (filter, error) {
	from, err := strconv.Atoi(first)
	if err != nil {
		return filter{}, err
	}
	to, err := strconv.Atoi(last)
	if err != nil {
		return filter{}, err
	}
	return filter{apply: func(s string) (any, bool) { return mask(s, from, to), true }}, nil
}

// mask leaves the first and the last characters. Of a text that would have
// nothing to hide between them it hides all.
func mask(s string, first, last int) string {
	runes := []rune(s)
	if first+last >= len(runes) {
		first, last = 0, 0
	}
	for i := first; i < len(runes)-last; i++ {
		runes[i] = '*'
	}
	return string(runes)
}

// Digits are the digits of a text, which is how numbers are compared.
func Digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// e164 writes a stored number as relying parties want it (OpenID Connect Core,
// section 5.1): "+" and digits. Empty where it can't be one.
func e164(s string) string {
	number := Digits(s)
	if len(number) < 7 || len(number) > 15 {
		return ""
	}
	return "+" + number
}

// number reads a number as JSON writes it: int64, or float64 where it is no
// whole one.
func number(s string) (any, bool) {
	if !jsonNumber.MatchString(s) || len(s) > 40 {
		return nil, false
	}
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return n, true
	}
	f, err := strconv.ParseFloat(s, 64)
	return f, err == nil && !math.IsInf(f, 0)
}

func boolean(s string) (any, bool) {
	switch strings.ToLower(s) {
	case "true", "1":
		return true, true
	case "false", "0":
		return false, true
	}
	return nil, false
}

// list parts a text at commas; what is empty is left out.
func list(s string) (any, bool) {
	all := strings.Split(s, ",")
	for i := range all {
		all[i] = strings.TrimSpace(all[i])
	}
	all = slices.DeleteFunc(all, func(s string) bool { return s == "" })
	return all, len(all) > 0
}
