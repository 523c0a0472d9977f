package conf

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/conf/hocon"
)

// have says what a value is, for "is ...; write ...".
func have(v hocon.Value) string {
	switch v.Kind() {
	case hocon.Object:
		return "is an object"
	case hocon.Array:
		return "is a list"
	case hocon.Null:
		return "is null"
	case hocon.String:
		s, _ := v.Str()
		return "is " + quoted(s)
	default:
		s, _ := v.Str()
		return "is " + s
	}
}

// quoted shows a text of the file, shortened so that an error stays one readable line.
func quoted(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "..."
	}
	return strconv.Quote(s)
}

// shortTime writes a duration as the file does: 90d, 24h, 10m, 500ms.
func shortTime(d time.Duration) string {
	units := []struct {
		name string
		unit time.Duration
	}{{"d", 24 * time.Hour}, {"h", time.Hour}, {"m", time.Minute}, {"s", time.Second}, {"ms", time.Millisecond}}
	for _, u := range units {
		if d%u.unit == 0 && d/u.unit > 1 || d == u.unit && u.name != "d" {
			return fmt.Sprintf("%d%s", d/u.unit, u.name)
		}
	}
	return "0s"
}

// shortSize writes a number of bytes as the file does: 64 KiB, 128 MiB.
func shortSize(n int64) string {
	for _, u := range []struct {
		name  string
		shift int
	}{{"GiB", 30}, {"MiB", 20}, {"KiB", 10}} {
		if n >= 1<<u.shift && n%(1<<u.shift) == 0 {
			return fmt.Sprintf("%d %s", n>>u.shift, u.name)
		}
	}
	return fmt.Sprintf("%d bytes", n)
}

// show writes a default as the file does; empty where there is none to write.
func show(v any) string {
	switch v := v.(type) {
	case []string:
		return "[" + strings.Join(v, ", ") + "]"
	case string, bool, int, int64:
		return fmt.Sprint(v)
	default:
		return ""
	}
}

// quote writes a text as a JSON string, which HOCON reads back as it was.
func quote(s string) string {
	out, err := json.Marshal(s)
	if err != nil {
		return `""` // cannot be: every string is JSON
	}
	return string(out)
}
