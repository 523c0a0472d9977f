package calls

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/nyaruka/phonenumbers"

	"github.com/ringtail-id/ringtail/conf"
	"github.com/ringtail-id/ringtail/conf/hocon"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/settings"
	"github.com/ringtail-id/ringtail/loops"
)

// Problems of switches.
const (
	problemStop      = "calls_stop_invalid"   // there is no such country, driver or channel; field; 400
	problemComment   = "calls_stop_comment"   // the comment is too long; field comment, args max; 400
	problemOverruled = "calls_stop_overruled" // saved, but --set decides otherwise; 409
	problemUnsaved   = "calls_stop_unsaved"   // the settings can't be served with it, or nothing can be saved here; 409
)

// Kinds of switches.
const (
	KindCountry = "country"
	KindDriver  = "driver"
	KindChannel = "channel"
)

// stoppedPath is where the switches stand among the settings, and below it the list
// of each kind.
const stoppedPath = "login.methods.flashCall.stopped"

func listOf(kind string) string {
	return map[string]string{KindCountry: "countries", KindDriver: "drivers", KindChannel: "channels"}[kind]
}

// Stop is one thing that is switched off, or could be.
type Stop struct {
	Kind, Value string
	// By and At are who saved the list that holds it, and when; empty where the settings
	// file does.
	By string
	At time.Time
}

// stopsOf are the stops of the lists.
func stopsOf(countries, drivers, channels []string) (all []Stop) {
	for _, list := range []struct {
		kind   string
		values []string
	}{{KindCountry, countries}, {KindDriver, drivers}, {KindChannel, channels}} {
		for _, v := range list.values {
			all = append(all, Stop{Kind: list.kind, Value: v})
		}
	}
	return all
}

func channelNames(channels []loops.Channel) (names []string) {
	for _, c := range channels {
		names = append(names, string(c))
	}
	return names
}

func listsOf(s conf.Stopped) map[string][]string {
	return map[string][]string{KindCountry: s.Countries, KindDriver: s.Drivers, KindChannel: s.Channels}
}

// Stops are what this node serves as switched off.
func (s *Service) Stops(ctx context.Context) ([]Stop, error) {
	if s.o.Settings == nil {
		return nil, nil
	}
	served, number := s.o.Settings.Served()
	if served == nil {
		return nil, nil
	}
	stopped := served.Login.Methods.FlashCall.Stopped
	all := stopsOf(stopped.Countries, stopped.Drivers, stopped.Channels)
	if number == 0 || len(all) == 0 {
		return all, nil
	}
	now, err := s.o.Settings.Current(ctx)
	if err != nil {
		return nil, err
	}
	for i, one := range all {
		if v, ok := now.Layer.Value(stoppedPath + "." + listOf(one.Kind)); ok {
			all[i].By, all[i].At = v.By, v.At
		}
	}
	return all, nil
}

// mostComment bounds the comment of a switch, in characters.
const mostComment = 500

// tries is how often a switch is saved anew because somebody saved another one at the
// same moment.
const tries = 5

// Switch switches something off, or on again. It returns when this node serves it;
// other nodes follow within two seconds. That it is so already is no error.
func (s *Service) Switch(ctx context.Context, a *admin.Actor, one Stop, off bool, comment string) error {
	if err := s.check(one, comment, off); err != nil {
		return err
	}
	for range tries {
		err := s.trySwitch(ctx, a, one, off, comment)
		var conflict *settings.Conflict
		if !errors.As(err, &conflict) {
			return s.told(err, one, off)
		}
	}
	return &idp.Problem{ID: admin.ProblemConflict, Status: http.StatusConflict}
}

// told is the error as people hear it.
func (s *Service) told(err error, one Stop, off bool) error {
	var invalid *settings.Invalid
	var unserved *settings.NotServed
	switch {
	case errors.As(err, &invalid):
		return &idp.Problem{ID: problemUnsaved, Status: http.StatusConflict, Cause: err}
	case errors.As(err, &unserved):
		return &idp.Problem{ID: problemUnsaved, Status: http.StatusConflict, Cause: err}
	case err != nil && !errors.Is(err, settings.ErrNothing):
		return err
	}
	if served, _ := s.o.Settings.Served(); slices.Contains(listsOf(served.Login.Methods.FlashCall.Stopped)[one.Kind], one.Value) != off {
		return &idp.Problem{ID: problemOverruled, Status: http.StatusConflict}
	}
	return nil
}

func (s *Service) check(one Stop, comment string, off bool) error {
	if s.o.Settings == nil {
		return &idp.Problem{ID: problemUnsaved, Status: http.StatusConflict}
	}
	if utf8.RuneCountInString(comment) > mostComment {
		return &idp.Problem{ID: problemComment, Field: "comment", Args: map[string]any{"max": mostComment}}
	}
	known := false
	switch one.Kind {
	case KindCountry:
		known = phonenumbers.GetSupportedRegions()[one.Value]
	case KindDriver:
		known = !off || slices.Contains(s.o.Drivers, one.Value)
	case KindChannel:
		known = slices.Contains(channels(), one.Value)
	default:
		return &idp.Problem{ID: problemStop, Field: "kind"}
	}
	if !known {
		return &idp.Problem{ID: problemStop, Field: "value"}
	}
	return nil
}

func channels() []string {
	return []string{string(loops.ChannelFlashCall), string(loops.ChannelSMS), string(loops.ChannelVoice)}
}

func (s *Service) trySwitch(ctx context.Context, a *admin.Actor, one Stop, off bool, comment string) error {
	now, err := s.o.Settings.Current(ctx)
	if err != nil {
		return err
	}
	list, err := s.saved(now, one.Kind)
	if err != nil {
		return err
	}
	has := slices.Contains(list, one.Value)
	switch {
	case has == off:
		return settings.ErrNothing
	case off:
		list = append(slices.Clone(list), one.Value)
	default:
		list = slices.DeleteFunc(slices.Clone(list), func(v string) bool { return v == one.Value })
	}
	slices.Sort(list)
	text, err := json.Marshal(append([]string{}, list...))
	if err != nil {
		return fmt.Errorf("writing the list of switches: %w", err)
	}
	value := string(text)
	_, err = s.o.Settings.Save(ctx, a, now.Number, []settings.Change{{Path: stoppedPath + "." + listOf(one.Kind), New: &value}}, strings.TrimSpace(comment))
	return err
}

// saved is the list of a kind as the revision has it, which this node may not serve
// yet, or else as the file has it.
func (s *Service) saved(now settings.Revision, kind string) ([]string, error) {
	path := stoppedPath + "." + listOf(kind)
	if v, ok := now.Layer.Value(path); ok {
		parsed, err := hocon.Parse(conf.SavedName+".conf", []byte("a."+v.Path+" = "+v.HOCON), hocon.Options{})
		if err != nil {
			return nil, fmt.Errorf("reading what is switched off: %w", err)
		}
		if list, ok := parsed.Lookup("a." + path); ok {
			return list.Strings()
		}
	}
	file, err := s.o.Settings.File()
	if err != nil {
		return nil, err
	}
	return listsOf(file.Login.Methods.FlashCall.Stopped)[kind], nil
}

// notice says what is switched off; empty where nothing is.
func (s *Service) notice(ctx context.Context) (string, error) {
	stops, err := s.Stops(ctx)
	if err != nil || len(stops) == 0 {
		return "", err
	}
	var words []string
	for _, one := range stops {
		words = append(words, one.Kind+" "+one.Value)
	}
	return "Calls are switched off: " + strings.Join(words, ", ") + ".", nil
}
