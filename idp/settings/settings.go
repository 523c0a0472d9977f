package settings

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/conf"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
)

// Value is one setting of a layer. Its Path is below blitz.prod.local.idp.
type Value = conf.Saved

// Layer is all that administrators saved, as it lies over the settings file.
type Layer struct {
	// Values are sorted by Path, each path once. Where one lies within another, such
	// as a.b within a, it wins.
	Values []Value `json:"values,omitempty"`
	// Drivers are the published versions by the name of their driver, 1 and up.
	Drivers map[string]int `json:"drivers,omitempty"`
}

// Change is one path of a layer before and after, as HOCON; nil: not set in the
// layer. A published driver is the path "drivers.NAME", its version as text.
type Change struct {
	Path string  `json:"path"`
	Old  *string `json:"old,omitempty"`
	New  *string `json:"new,omitempty"`
}

// Revision is one state of the layer. The first that is saved has the number 1;
// before it there is the revision 0, whose layer is empty. Revisions never change.
type Revision struct {
	Number  int
	At      time.Time
	By      string // the administrator's name, see admin.Actor.Name
	Comment string
	Changes []Change // sorted by path, against the revision before
	Layer   Layer
}

// Conflict is the error of who saves what somebody else saved in the meantime.
type Conflict struct {
	Paths  []string  // that both changed, sorted; the paths of the one who is told
	By     string    // who saved them last
	At     time.Time // and when
	Number int       // of the revision that holds them
}

// Error says who was faster.
func (c *Conflict) Error() string {
	return fmt.Sprintf("%s saved %s in revision %d in the meantime", c.By, strings.Join(c.Paths, ", "), c.Number)
}

// Invalid is the error of who saves what couldn't be served. Nothing was saved.
type Invalid struct {
	// Findings are never empty. Those about a saved value have the place
	// conf.SavedName; Path starts at the root.
	Findings []conf.Finding
}

// Error is one line a finding.
func (i *Invalid) Error() string { return conf.Errors(i.Findings).Error() }

// Errors of Save and Restore. The first two are an *idp.Problem, so who has
// nothing to add can return them as they are.
var (
	// ErrReadOnly: console.readonly is set, so the file alone is in charge.
	ErrReadOnly error = &idp.Problem{ID: admin.ProblemReadOnly, Status: http.StatusForbidden}
	// ErrDenied: the administrator may not change one of the paths; see RightFor.
	ErrDenied error = &idp.Problem{ID: admin.ProblemForbidden, Status: http.StatusForbidden}
	// ErrNothing: the changes leave everything as it is.
	ErrNothing = errors.New("there is nothing to save")
)

// NotServed is the error of a revision that was saved and that this node doesn't
// serve, because something it needs changed at the same moment; the node goes on
// trying.
type NotServed struct {
	Number int
	Cause  error
}

// Error says why.
func (n *NotServed) Error() string {
	return fmt.Sprintf("revision %d is saved but not served: %v", n.Number, n.Cause)
}

// Unwrap gives the cause.
func (n *NotServed) Unwrap() error { return n.Cause }

// driverPrefix begins the paths of published drivers.
const driverPrefix = "drivers."

// DriverPath is the path of a change that publishes a version of a driver.
func DriverPath(name string) string { return driverPrefix + name }

// DriverOf is the driver's name in such a path.
func DriverOf(path string) (name string, ok bool) { return strings.CutPrefix(path, driverPrefix) }

// Of gives the layer's text at exactly that path: a value's HOCON, or the
// version of a driver.
func (l Layer) Of(path string) (string, bool) {
	text, ok := l.texts()[path]
	return text, ok
}

// Value gives the layer's value that decides the path: that of the path itself, or
// of the nearest section around it.
func (l Layer) Value(path string) (nearest Value, ok bool) {
	for _, v := range l.Values {
		if within(path, v.Path) {
			nearest, ok = v, true // the longer path comes later
		}
	}
	return nearest, ok
}

// Clone shares nothing with l.
func (l Layer) Clone() Layer {
	return Layer{Values: slices.Clone(l.Values), Drivers: maps.Clone(l.Drivers)}
}

// Diff tells what must be changed in before to get after, sorted by path.
func Diff(before, after Layer) []Change {
	olds, news := before.texts(), after.texts()
	var all []Change
	for path, old := range olds {
		if now, kept := news[path]; !kept {
			all = append(all, Change{Path: path, Old: &old})
		} else if now != old {
			all = append(all, Change{Path: path, Old: &old, New: &now})
		}
	}
	for path, now := range news {
		if _, had := olds[path]; !had {
			all = append(all, Change{Path: path, New: &now})
		}
	}
	slices.SortFunc(all, func(a, b Change) int { return strings.Compare(a.Path, b.Path) })
	return all
}

// texts are the layer's paths with what stands at them.
func (l Layer) texts() map[string]string {
	all := make(map[string]string, len(l.Values)+len(l.Drivers))
	for _, v := range l.Values {
		all[v.Path] = v.HOCON
	}
	for name, version := range l.Drivers {
		all[DriverPath(name)] = fmt.Sprint(version)
	}
	return all
}
