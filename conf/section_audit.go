package conf

import (
	"fmt"
	"regexp"
	"slices"
	"time"

	"github.com/ringtail-id/ringtail/conf/hocon"
)

// Audit is the record of what happened. It is for the settings file alone: who may
// change settings in the console can't silence the record of it.
type Audit struct {
	Keep     time.Duration // of a record; 0: for ever
	Emitters []Emitter     // those that are enabled
}

// Emitter says where records go, or, of type audit-store, which are kept.
type Emitter struct {
	Type    string // audit-store, log, webhook
	Name    string // of the webhook's position, or of the logger; see AuditStore
	Include []string
	Exclude []string
	URL     string // of a webhook
	Secret  Secret // which signs what a webhook gets
}

// Types of emitters.
const (
	AuditStore   = "audit-store"
	AuditLog     = "log"
	AuditWebhook = "webhook"
)

// mostEmitters bounds the list.
const mostEmitters = 20

var eventPattern = regexp.MustCompile(`^[a-z][a-z0-9_]{0,63}\*?$|^\*$`)

func auditing(c *cursor) Audit {
	return Audit{
		Keep:     get(c, "keep", orNull(duration(24*time.Hour, 3650*24*time.Hour))),
		Emitters: get(c, "emitters", emitters(c)),
	}
}

// emitters reads a list of objects, as Blitz writes it.
func emitters(c *cursor) kind[[]Emitter] {
	return kind[[]Emitter]{
		phrase: "a list of emitters {type, ...}",
		read: func(v hocon.Value, bad fault) (out []Emitter) {
			elements, err := v.List()
			if err != nil {
				bad(v, have(v), "")
				return nil
			}
			if len(elements) > mostEmitters {
				bad(elements[mostEmitters], fmt.Sprintf("holds more than %d emitters", mostEmitters), "take some out")
			}
			for _, e := range elements {
				if e.Kind() != hocon.Object {
					bad(e, have(e)+" where an emitter stands", "write {type = log}")
					continue
				}
				if one, on := emitter(c, e, out); on {
					out = append(out, one)
				}
			}
			return out
		},
	}
}

// emitter reads one element of emitters. The reference calls it N.
func emitter(c *cursor, v hocon.Value, before []Emitter) (_ Emitter, enabled bool) {
	entry := &cursor{d: c.d, path: child(c.path, "emitters"), doc: append(child(c.doc, "emitters"), "N"), obj: v, at: v.Pos(), here: true}
	if kind, ok := v.Get("type"); ok {
		if word, err := kind.Str(); err == nil && word == "kafka" {
			c.d.warn(v.Pos(), entry.path, "known to Blitz, not used by Ringtail: records sent to Kafka; a webhook can carry them")
			return Emitter{}, false
		}
	}
	name := hocon.JoinPath(entry.doc...)
	c.d.known[name] = Key{Path: name, Section: true, line: v.Pos().Line}
	types := list("types of events, with * at the end for any rest", matching("a type of events", eventPattern))
	none := []string{}
	e := Emitter{
		Type:    get(entry, "type", oneOf(AuditStore, AuditLog, AuditWebhook)),
		Include: getOr(entry, "include", types, none),
		Exclude: getOr(entry, "exclude", types, none),
		URL:     getOr(entry, "url", orNull(pageURL()), ""),
		Secret:  getOr(entry, "secret", orNull(c.d.files.secret(characters(16, 500))), Secret{}),
	}
	on := getOr(entry, "enabled", boolean(), true)
	logger := getOr(entry, "logger", orNull(sentence(64)), "")
	e.Name = getOr(entry, "name", orNull(sentence(64)), "")
	if e.Name == "" {
		e.Name = e.Type
	}
	if e.Type == AuditLog {
		e.Name = orElse(logger, "AUDIT")
	}
	entry.leave()
	for _, what := range e.faults(on, before) {
		c.d.fail(v.Pos(), entry.path, what)
	}
	return e, on
}

func orElse(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// faults are what is wrong with the emitter as a whole.
func (e Emitter) faults(on bool, before []Emitter) (all []string) {
	switch {
	case e.Type == AuditStore && !on:
		all = append(all, "switches the audit store off, which can't be; exclude types of events instead")
	case e.Type == AuditWebhook && on && (e.URL == "" || e.Secret.Empty()):
		all = append(all, "is a webhook without url or secret; write both")
	case e.Type != AuditWebhook && (e.URL != "" || !e.Secret.Empty()):
		all = append(all, "has url or secret, which are for webhooks; take them out")
	}
	same := func(o Emitter) bool { return o.Type == e.Type && (o.Name == e.Name || e.Type == AuditStore) }
	if on && e.Type != AuditLog && slices.ContainsFunc(before, same) {
		all = append(all, "is the second of its type and name; give it a name of its own")
	}
	return all
}
