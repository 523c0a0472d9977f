package settings

import (
	"context"
	"fmt"
	"slices"

	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/drivers"
)

// lack is something that a method still needs, and where it is done.
type lack struct {
	Text string `json:"text"`
	// Link is a path below the console; empty where nothing there helps.
	Link string `json:"link,omitempty"`
	// Minor: the method can serve without it.
	Minor bool `json:"minor,omitempty"`
}

// lacks is what the method needs before it can be enabled as that factor, 0 for the
// first.
func (s *Section) lacks(ctx context.Context, st *state, method string, factor int) ([]lack, error) {
	if !s.methods[method][factor] {
		return []lack{{Text: "This version of Ringtail doesn't have the method."}}, nil
	}
	if method != flashcall.ID {
		return nil, nil
	}
	known, err := s.Drivers.Known(ctx)
	if err != nil {
		return nil, err
	}
	c := s.chain(st, known)
	calls := s.formOf(flashCall).Path
	var all []lack
	if len(c.Rows) == 0 {
		all = append(all, lack{Text: "No driver is chosen that reaches a telephone provider.", Link: calls + "#field-" + inputOf(pathChannels)})
	}
	for _, r := range c.Rows {
		more, err := s.lacksOfRoute(ctx, st, r, known, factor)
		if err != nil {
			return nil, err
		}
		for _, l := range more {
			if !slices.Contains(all, l) {
				all = append(all, l)
			}
		}
	}
	people, err := s.lacksOfPeople(ctx, st, calls)
	return append(all, people...), err
}

// lacksOfRoute is what stands in the way of one route.
func (s *Section) lacksOfRoute(ctx context.Context, st *state, r row, known []*loops.Driver, factor int) ([]lack, error) {
	d := drivers.Find(known, r.Driver)
	if d == nil {
		return []lack{{Text: fmt.Sprintf("There is no driver %s.", r.Driver), Link: pathDrivers}}, nil
	}
	var all []lack
	if v, ok := st.value(flashCall + ".codeLength"); ok {
		length, err := v.Int()
		if err == nil {
			err = flashcall.CheckDriver(d, loops.Channel(r.Channel), length)
		}
		if err != nil {
			all = append(all, lack{Text: "The chain doesn't go together: " + err.Error() + ".", Link: s.formOf(flashCall).Path})
		}
	}
	if factor == 0 && d.Manifest.CodeOrigin == loops.CodeFromCheck {
		all = append(all, lack{
			Text: fmt.Sprintf("As first factor the driver %s can't serve: its provider checks the code, and how long that takes would tell whether somebody has the number.", d.Name),
			Link: s.formOf(flashCall).Path,
		})
	}
	missing, err := s.Drivers.Missing(ctx, d)
	for _, name := range missing {
		all = append(all, lack{Text: fmt.Sprintf("The driver %s has no secret %s yet.", d.Name, name), Link: pathDrivers + "/" + d.Name + "/secrets"})
	}
	return all, err
}

// lacksOfPeople is what nobody could be called without.
func (s *Section) lacksOfPeople(ctx context.Context, st *state, calls string) ([]lack, error) {
	const countries = flashCall + ".numbers.countries"
	var all []lack
	if v, ok := st.value(countries); ok && len(v.Elems()) == 0 {
		all = append(all, lack{Text: "No country's numbers may be called.", Link: calls + "#field-" + inputOf(countries)})
	}
	names, err := s.Attributes.NumberAttributes(ctx)
	if err != nil {
		return nil, err
	}
	v, _ := st.value(phoneAttribute)
	if attribute := inputText(v); !slices.Contains(names, attribute) {
		all = append(all, lack{
			Text: fmt.Sprintf("No user has a phone number in the attribute %s.", attribute), Link: calls + "#field-" + inputOf(phoneAttribute), Minor: true,
		})
	}
	return all, nil
}

// stops says whether something must be done before the method can be enabled.
func stops(lacks []lack) bool {
	return slices.ContainsFunc(lacks, func(l lack) bool { return !l.Minor })
}

// formOf is the form with that root.
func (s *Section) formOf(root string) *form {
	i := slices.IndexFunc(s.forms, func(f *form) bool { return f.root == root })
	if i < 0 {
		return &form{Path: pathSettings}
	}
	return s.forms[i]
}
