package conf

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/conf/hocon"
)

// kind is a sort of value: what may be written, in words, and how it is read.
// read tells each fault to bad and then returns anything.
type kind[T any] struct {
	phrase string // completes "write ...", and is the last line of a key's comment in blitz.conf
	null   bool   // null is allowed and gives the zero value
	ask    Ask    // without Null; no form means a text
	read   func(v hocon.Value, bad fault) T
}

// fault tells what is wrong at a value, and what to write where the kind's
// phrase would not say it; advice may be empty.
type fault func(at hocon.Value, what, advice string)

// orNull also allows null, for the zero value.
func orNull[T any](k kind[T]) kind[T] {
	k.phrase += ", or null"
	k.null = true
	return k
}

// asks is how a form asks for a value of the kind.
func (k kind[T]) asks() Ask {
	ask := k.ask
	if ask.Form == "" {
		ask.Form = FormText
	}
	ask.Null = k.null
	return ask
}

// whole is a whole number from least to most.
func whole(least, most int) kind[int] {
	return counted("", 1, least, most)
}

// seconds, milliseconds and minutes are bare numbers, as Blitz writes them.
func seconds(least, most int) kind[time.Duration] {
	return counted("seconds", time.Second, least, most)
}

func milliseconds(least, most int) kind[time.Duration] {
	return counted("milliseconds", time.Millisecond, least, most)
}

func minutes(least, most int) kind[time.Duration] {
	return counted("minutes", time.Minute, least, most)
}

func counted[T int | time.Duration](name string, unit T, least, most int) kind[T] {
	phrase := "a whole number"
	if name != "" {
		phrase += " of " + name
	}
	return kind[T]{
		phrase: fmt.Sprintf("%s, %d to %d", phrase, least, most),
		ask:    Ask{Form: FormNumber, Least: int64(least), Most: int64(most), Unit: name},
		read: func(v hocon.Value, bad fault) T {
			n, err := v.Int64()
			if err != nil || n < int64(least) || n > int64(most) {
				bad(v, have(v), "")
				return 0
			}
			return T(n) * unit
		},
	}
}

// duration is a time with its unit. HOCON would read a bare number as
// milliseconds, which is hardly ever meant, so it is refused.
func duration(least, most time.Duration) kind[time.Duration] {
	return kind[time.Duration]{
		phrase: fmt.Sprintf("a duration, %s to %s", shortTime(least), shortTime(most)),
		read: func(v hocon.Value, bad fault) time.Duration {
			if bareNumber(v) {
				bad(v, have(v)+", a number without unit", "")
				return 0
			}
			d, err := v.Duration()
			if err != nil || d < least || d > most {
				bad(v, have(v), "")
				return 0
			}
			return d
		},
	}
}

func bareNumber(v hocon.Value) bool {
	text, err := v.Str()
	if err != nil {
		return false
	}
	_, err = strconv.ParseFloat(strings.TrimSpace(text), 64)
	return err == nil
}

// size is a number of bytes.
func size[T int | int64](least, most T) kind[T] {
	return kind[T]{
		phrase: fmt.Sprintf("a size, %s to %s", shortSize(int64(least)), shortSize(int64(most))),
		read: func(v hocon.Value, bad fault) T {
			n, err := v.Bytes()
			if err != nil || n < int64(least) || n > int64(most) {
				bad(v, have(v), "")
				return 0
			}
			return T(n)
		},
	}
}

// boolean is true or false.
func boolean() kind[bool] {
	return kind[bool]{
		phrase: "true or false",
		ask:    Ask{Form: FormSwitch},
		read: func(v hocon.Value, bad fault) bool {
			b, err := v.Bool()
			if err != nil {
				bad(v, have(v), "")
			}
			return b
		},
	}
}

// oneOf is one of some words.
func oneOf(words ...string) kind[string] {
	k := text("one of "+strings.Join(words, ", "), func(s string) bool { return slices.Contains(words, s) })
	k.ask = Ask{Form: FormChoice, Choices: words}
	return k
}

// matching is a text of one form.
func matching(phrase string, form *regexp.Regexp) kind[string] {
	return text(phrase, form.MatchString)
}

// sentence is a text of up to most characters on one line.
func sentence(most int) kind[string] {
	return text(fmt.Sprintf("a text, 1 to %d characters", most), func(s string) bool {
		n := len([]rune(s))
		return n >= 1 && n <= most && !strings.ContainsAny(s, "\n\r\x00")
	})
}

func text(phrase string, valid func(string) bool) kind[string] {
	return parsed(phrase, func(s string) (string, string, bool) { return s, "", valid(s) })
}

// parsed is a text that parse turns into a T. Where it can't, why says what is
// wrong; an empty why lets the value speak for itself.
func parsed[T any](phrase string, parse func(string) (value T, why string, ok bool)) kind[T] {
	return kind[T]{
		phrase: phrase,
		read: func(v hocon.Value, bad fault) (none T) {
			s, err := v.Str()
			if err != nil {
				bad(v, have(v), "")
				return none
			}
			value, why, ok := parse(s)
			if !ok {
				if why != "" {
					why = ", " + why
				}
				bad(v, have(v)+why, "")
				return none
			}
			return value
		},
	}
}

// list is a list of values, none twice. The phrase stands for the whole list.
func list[T any](phrase string, element kind[T]) kind[[]T] {
	return kind[[]T]{
		phrase: "a list of " + phrase,
		ask:    Ask{Form: FormList, Choices: element.ask.Choices},
		read: func(v hocon.Value, bad fault) []T {
			elements, err := v.List()
			if err != nil {
				bad(v, have(v), "")
				return nil
			}
			out := make([]T, 0, len(elements))
			var seen []string
			for _, e := range elements {
				if e.Kind() == hocon.Null {
					bad(e, "holds null", "")
					continue
				}
				if s, err := e.Str(); err == nil && slices.Contains(seen, s) {
					bad(e, "holds "+quoted(s)+" twice", "write it once")
					continue
				} else if err == nil {
					seen = append(seen, s)
				}
				out = append(out, element.read(e, bad))
			}
			return out
		},
	}
}
