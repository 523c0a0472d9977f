package conf

import (
	"slices"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/conf/hocon"
)

// Ids of the methods that this version has.
const (
	methodPassword  = "password"
	methodFlashCall = "flashCall"
	methodRecovery  = "recovery"
)

func login(c *cursor) Login {
	first, second := factorLists(c)
	return Login{
		Level:   get(c, "level", whole(1, 2)),
		First:   first,
		Second:  second,
		Life:    get(c, "lstateTtlInSec", seconds(60, 86400)),
		Session: section(c, "session", session),
		Methods: section(c, "methods", func(c *cursor) Methods {
			return Methods{
				Password:  section(c, methodPassword, password),
				FlashCall: section(c, methodFlashCall, flashCall),
			}
		}),
	}
}

func session(c *cursor) Session {
	const year = 365 * 24 * time.Hour
	return Session{
		Idle:     get(c, "idle", duration(time.Minute, year)),
		Absolute: get(c, "absolute", duration(time.Minute, year)),
	}
}

func password(c *cursor) Password {
	return Password{
		MinLength: get(c, "minLength", whole(8, 128)), // NIST SP 800-63B-4, section 3.1.1.2
		Throughput: section(c, "throughput", func(c *cursor) Throughput {
			return Throughput{
				Limit:  get(c, "limit", whole(1, 1000)),
				Window: get(c, "window", milliseconds(1, 60000)),
			}
		}),
		Block: section(c, "block", func(c *cursor) Block {
			return Block{
				Failures: get(c, "failures", whole(3, 100)),
				For:      get(c, "minutes", minutes(1, 10080)),
			}
		}),
		Delay: section(c, "delay", func(c *cursor) Delay {
			return Delay{
				After: get(c, "after", whole(1, 100)),
				Time:  get(c, "time", duration(0, 30*time.Second)),
			}
		}),
		Hash: section(c, "hash", hash),
	}
}

func hash(c *cursor) Hash {
	return Hash{
		MemoryKiB:   get(c, "memoryKiB", whole(7168, 1<<20)), // 7 MiB is the least that OWASP lists
		Iterations:  get(c, "iterations", whole(1, 20)),
		Parallelism: get(c, "parallelism", whole(1, 16)),
		Concurrent:  get(c, "concurrent", whole(0, 1024)),
	}
}

// block is one {method, enabled} of a list of factors.
type block struct {
	method  string
	enabled bool
}

// factorLists reads Blitz's list of lists: first factors, second factors.
func factorLists(c *cursor) (first, second []string) {
	lists := get(c, "factors", kind[[][]block]{
		phrase: "a list of two lists of {method, enabled}",
		ask:    Ask{Form: FormLists},
		read: func(v hocon.Value, bad fault) (out [][]block) {
			lists, err := v.List()
			if err != nil || len(lists) == 0 {
				bad(v, have(v), "")
				return nil
			}
			if len(lists) > 2 {
				bad(lists[2], "has a third list", "")
			}
			for i, l := range lists[:min(len(lists), 2)] {
				out = append(out, blocks(c, i+1, l, bad))
			}
			return out
		},
	})
	lists = append(lists, nil, nil)
	return enabled(lists[0]), enabled(lists[1])
}

func enabled(list []block) (methods []string) {
	for _, b := range list {
		if b.enabled {
			methods = append(methods, b.method)
		}
	}
	return methods
}

// blocks reads the list of one factor.
func blocks(c *cursor, factor int, v hocon.Value, bad fault) (out []block) {
	elements, err := v.List()
	if err != nil {
		bad(v, have(v)+" where the list of one factor stands", "")
		return nil
	}
	for _, e := range elements {
		if e.Kind() != hocon.Object {
			bad(e, have(e)+" in the list of one factor", "write {method = NAME, enabled = true}")
			continue
		}
		entry := &cursor{d: c.d, path: child(c.path, "factors"), obj: e, at: e.Pos(), here: true, quiet: true}
		b := block{
			method:  get(entry, "method", matching("the id of a method: password, flashCall or recovery", methodID)),
			enabled: get(entry, "enabled", boolean()),
		}
		entry.leave()
		if b.method != "" && usable(c.d, factor, b, e) {
			out = append(out, b)
		}
	}
	return out
}

// usable says whether the method can serve as that factor here. A method of
// Blitz's that this version lacks may stand in the list while it is off.
func usable(d *decoder, factor int, b block, v hocon.Value) bool {
	path := append(rootPath(), "login", "factors")
	at := v.Pos()
	if m, ok := v.Get("method"); ok {
		at = m.Pos()
	}
	switch {
	case b.method == methodFlashCall:
		return true
	case b.method == methodPassword && factor == 1, b.method == methodRecovery && factor == 2:
		return true
	case b.method == methodRecovery:
		d.fail(at, path, "recovery is a second factor; move it to the second list")
	case b.method == methodPassword:
		d.fail(at, path, "password is a first factor; move it to the first list")
	case !blitzMethod(b.method):
		d.fail(at, path, "there is no method "+quoted(b.method)+"; write "+nearest(b.method, []string{methodPassword, methodFlashCall, methodRecovery}, "password, flashCall or recovery"))
	case b.enabled:
		d.fail(at, path, "the method "+b.method+" is known to Blitz, but this version of Ringtail doesn't have it; write enabled = false, or take the block out")
	default:
		d.warn(at, path, "known to Blitz, not used by Ringtail: this version doesn't have the method "+b.method)
	}
	return false
}

// usual are the second factors that anybody may have: only some have recovery codes,
// and for an emergency.
func (l Login) usual() []string {
	return slices.DeleteFunc(slices.Clone(l.Second), func(m string) bool { return m == methodRecovery })
}

// blitzMethod says whether Blitz documents a method of that id.
func blitzMethod(id string) bool {
	return slices.Contains([]string{"x509", "externalIdps", "spnego", "sms", "email", "totp", "hotp", "knownDevice", "qrCode", "webAuthn", "tls", "cls"}, id) ||
		strings.HasPrefix(id, "sprop_") || strings.HasPrefix(id, "outside_")
}
