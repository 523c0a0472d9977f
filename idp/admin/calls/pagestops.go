package calls

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/templates/console"
)

// stopsPage is what the page calls/stops shows.
type stopsPage struct {
	Off     [][]console.Cell
	On      []table
	Unsaved bool // nothing can be switched here
}

func (s *Section) showStops(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	stops, err := s.service.Stops(r.Context())
	if err != nil {
		return err
	}
	data, mayStop := stopsPage{Unsaved: s.service.o.Settings == nil}, a.May(admin.CallsStop) && s.service.o.Settings != nil
	for _, one := range stops {
		by := console.Cell{Text: one.By}
		if one.By == "" {
			by = console.Cell{Text: "the settings file", Mark: "soft"}
		}
		row := []console.Cell{{Text: one.Value}, {Text: one.Kind}, by, console.TimeCell(one.At)}
		if mayStop {
			row = append(row, console.Cell{Text: "Switch on " + one.Value, URL: s.confirmAddress(one, false)})
		}
		data.Off = append(data.Off, row)
	}
	for _, list := range []struct {
		caption, kind string
		values        []string
	}{{"Channels", KindChannel, channels()}, {"Providers", KindDriver, s.service.o.Drivers}, {"Countries", KindCountry, s.service.o.Countries}} {
		t := table{Caption: list.caption, Head: []string{list.caption, "Switch"}}
		for _, value := range list.values {
			off := slices.ContainsFunc(stops, func(one Stop) bool { return one.Kind == list.kind && one.Value == value })
			if !off && mayStop {
				t.Rows = append(t.Rows, []console.Cell{{Text: value}, s.switchCell(list.kind, value)})
			}
		}
		if len(t.Rows) > 0 {
			data.On = append(data.On, t)
		}
	}
	return s.view.Show(w, r, a, admin.Page{Name: "calls/stops", Title: "Switched off", Data: data})
}

// confirmPage is what the page calls/confirm shows.
type confirmPage struct {
	Stop
	Do, Button, What string
	Action, Back     string
	Comment          string
}

// What a form asks for.
const (
	doStop  = "stop"
	doAllow = "allow"
)

func (s *Section) confirmAddress(one Stop, off bool) string {
	q := url.Values{"kind": {one.Kind}, "value": {one.Value}, "do": {doAllow}}
	if off {
		q.Set("do", doStop)
	}
	return s.view.URL(pathStops+"/confirm") + "?" + q.Encode()
}

func (s *Section) showConfirm(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	q := r.URL.Query()
	one := Stop{Kind: q.Get("kind"), Value: q.Get("value")}
	if err := s.service.check(one, "", q.Get("do") == doStop); err != nil {
		return err
	}
	return s.view.Show(w, r, a, admin.Page{Name: "calls/confirm", Title: "Are you sure?", Data: s.confirm(one, q.Get("do") == doStop)})
}

func (s *Section) confirm(one Stop, off bool) confirmPage {
	data := confirmPage{Stop: one, Do: doAllow, Button: "Switch on", Action: s.view.URL(pathStops), Back: s.view.URL(pathStops)}
	what := map[string]string{
		KindCountry: "to numbers of " + one.Value, KindDriver: "by driver " + one.Value, KindChannel: "by the channel " + one.Value,
	}[one.Kind]
	data.What = "Calls and messages " + what + " are ordered again, in the order of the chain."
	if off {
		data.Do, data.Button = doStop, "Switch off"
		data.What = "From the next one on, no call and no message " + what + " is ordered, for anybody. Those that were placed go on: their codes are taken. " +
			"Who is left without a way is told that this one isn't available, and may use another method."
	}
	return data
}

func (s *Section) postSwitch(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	one := Stop{Kind: r.PostForm.Get("kind"), Value: r.PostForm.Get("value")}
	off := r.PostForm.Get("do") == doStop
	if err := s.service.Switch(r.Context(), a, one, off, r.PostForm.Get("comment")); err != nil {
		return err
	}
	notice := "Calls are switched on again: " + one.Kind + " " + one.Value + "."
	if off {
		notice = "Calls are switched off: " + one.Kind + " " + one.Value + "."
	}
	s.view.Redirect(w, r, pathStops, notice)
	return nil
}
