package trial

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/drivers"
	"github.com/ringtail-id/ringtail/loops/engine"
	"github.com/ringtail-id/ringtail/loops/sandbox"
)

// Checker finds what is wrong with a script without running it; *sandbox.Pool is one. It works in a worker too, since
// a script can be made to exhaust a parser.
type Checker interface {
	Check(ctx context.Context, file, source string) ([]engine.Problem, error)
}

// Check gives the problems of a driver, which drivers.ReadScript gave together with faults, each as
// "FILE:LINE:COL: what is wrong".
func Check(ctx context.Context, workers Checker, driver *loops.Driver, faults error) ([]string, error) {
	switch {
	case errors.Is(faults, drivers.ErrNoFile):
		file, _ := strings.CutSuffix(faults.Error(), ": "+drivers.ErrNoFile.Error())
		return []string{file + ":1:1: " + drivers.ErrNoFile.Error()}, nil
	case driver == nil:
		return nil, faults
	}
	var out []string
	if faults != nil {
		out = strings.Split(faults.Error(), "\n")
	}
	if !driver.Bare {
		out = append(out, folderProblems(driver.File)...)
	}
	problems, err := workers.Check(ctx, driver.File, driver.Source)
	var refused *loops.Refusal
	if errors.As(err, &refused) {
		return append(out, refused.Detail), nil
	}
	if err != nil {
		return nil, err
	}
	for _, p := range problems {
		out = append(out, p.String())
	}
	return out, nil
}

// folderProblems says why no installation would take the folder of a driver.
func folderProblems(file string) []string {
	dir, err := filepath.Abs(filepath.Dir(file))
	if err != nil {
		return nil
	}
	var out []string
	if name := filepath.Base(dir); !loops.ValidName(name) {
		out = append(out, fmt.Sprintf("%s:1:1: the folder %q can't be a driver's; use lower-case letters, digits and single hyphens", file, name))
	}
	if _, err := drivers.ScriptIn(dir); err != nil {
		out = append(out, fmt.Sprintf("%s:1:1: %v", file, err))
	}
	return out
}

// Listed is a driver as `loop list --json` shows it.
type Listed struct {
	Name    string        `json:"name"`
	Title   string        `json:"title"`
	Channel loops.Channel `json:"channel"`
	Page    string        `json:"page,omitempty"`
	Written string        `json:"written,omitempty"` // the day, like 2026-11-25
	Caution string        `json:"caution,omitempty"`
	Hosts   []string      `json:"hosts"`
	Secrets []string      `json:"secrets"`
	Code    struct {
		Origin      loops.CodeOrigin `json:"origin"`
		Lengths     []int            `json:"lengths"`
		LeadingZero bool             `json:"leading_zero"`
	} `json:"code"`
	TimeoutMillis int64 `json:"timeout_millis,omitempty"`
}

// List gives drivers for `loop list`. Lists in it are never null.
func List(list []*loops.Driver) []Listed {
	out := make([]Listed, 0, len(list))
	for _, d := range list {
		m := d.Manifest
		l := Listed{Name: d.Name, Title: m.Title, Channel: m.Channel, Page: m.Page, Caution: m.Caution, TimeoutMillis: m.Timeout.Milliseconds(),
			Hosts: append([]string{}, m.Hosts...), Secrets: append([]string{}, m.Secrets...)}
		if !m.Written.IsZero() {
			l.Written = m.Written.Format(time.DateOnly)
		}
		l.Code.Origin, l.Code.LeadingZero = m.CodeOrigin, m.LeadingZero
		l.Code.Lengths = append([]int{}, m.CodeLengths...)
		out = append(out, l)
	}
	return out
}

// LimitsReport is what `loop limits` shows.
type LimitsReport struct {
	Limits      map[string]any      `json:"limits"` // by the settings' words; sizes in bytes, times as text like 1.5s
	Confinement sandbox.Confinement `json:"confinement"`
}

// Limits gives the limits that scripts are held to and what confines the workers on this machine.
func Limits(pool *sandbox.Pool) LimitsReport {
	out := LimitsReport{Confinement: pool.Holds(), Limits: map[string]any{}}
	for _, l := range pool.Limits().List() {
		out.Limits[l.Name] = l.Value
		if d, ok := l.Value.(time.Duration); ok {
			out.Limits[l.Name] = d.String()
		}
	}
	return out
}
