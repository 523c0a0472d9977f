package settings

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/ringtail-id/ringtail/conf"
	"github.com/ringtail-id/ringtail/conf/hocon"
	saved "github.com/ringtail-id/ringtail/idp/settings"
)

// setName is the file that conf's places of --set name.
const setName = "--set"

// state is all that is known of the settings at one moment.
type state struct {
	rev    saved.Revision // the newest
	served *conf.Settings // what this node serves
	number int            // the revision that it serves
	file   *conf.Settings // what there would be if nothing were saved
}

func (s *Section) state(ctx context.Context) (*state, error) {
	rev, err := s.Store.Current(ctx)
	if err != nil {
		return nil, err
	}
	served, number := s.Store.Served()
	file, err := s.Store.File()
	if err != nil {
		return nil, err
	}
	return &state{rev: rev, served: served, number: number, file: file}, nil
}

// readOnly says whether the file alone is in charge.
func (st *state) readOnly() bool { return st.served.Console.ReadOnly }

// value is what the setting has: what was saved, or what the layers below have.
func (st *state) value(path string) (hocon.Value, bool) {
	if v, ok := st.rev.Layer.Value(path); ok && v.Path == path && !st.readOnly() && !st.locked(path) {
		if value, ok := parseValue(v.HOCON); ok {
			return value, true
		}
	}
	return st.served.Value(path)
}

// locked says whether --set decides the setting, so that nothing saved can.
func (st *state) locked(path string) bool {
	at, ok := st.served.Origin(path)
	return ok && at.File == setName
}

// saved says whether an administrator saved the setting.
func (st *state) saved(path string) (saved.Value, bool) {
	v, ok := st.rev.Layer.Value(path)
	return v, ok && v.Path == path
}

// Origin is where a value comes from.
type Origin struct {
	// Kind is default, file, command or console.
	Kind string `json:"kind"`
	// Place is FILE:LINE of the settings file, without its folder.
	Place string `json:"place,omitempty"`
	// By and At tell who saved it in the console, and when.
	By string    `json:"by,omitempty"`
	At time.Time `json:"at,omitzero"`
}

// Kinds of origins.
const (
	originDefault = "default"
	originFile    = "file"
	originCommand = "command"
	originConsole = "console"
)

func (st *state) origin(path string) Origin {
	if v, ok := st.saved(path); ok && !st.readOnly() && !st.locked(path) {
		return Origin{Kind: originConsole, By: v.By, At: v.At}
	}
	at, ok := st.served.Origin(path)
	switch {
	case !ok || at.File == conf.DefaultName:
		return Origin{Kind: originDefault}
	case at.File == setName:
		return Origin{Kind: originCommand}
	case at.File == conf.SavedName:
		v, _ := st.served.SavedAt(at)
		return Origin{Kind: originConsole, By: v.By, At: v.At}
	}
	return Origin{Kind: originFile, Place: fmt.Sprintf("%s:%d", filepath.Base(at.File), at.Line)}
}

// below is what the setting has where nothing is saved, as an input shows it.
func (st *state) below(k conf.Key) string {
	v, ok := st.file.Value(k.Path)
	if !ok {
		return k.Default
	}
	return inputText(v)
}
