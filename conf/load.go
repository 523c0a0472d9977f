package conf

import (
	_ "embed"
	"os"
	"path/filepath"
	"slices"

	"github.com/ringtail-id/ringtail/conf/hocon"
)

// DefaultName is the file that places in the built-in defaults name.
const DefaultName = "built-in/blitz.conf"

// setName is the file that places in Options.Set name; the line is the override's number.
const setName = "--set"

// ownValues is the root key for values that a file keeps for its substitutions.
const ownValues = "vars"

//go:embed blitz.conf
var defaults []byte

// Default is the annotated blitz.conf with every setting, its meaning and its default.
func Default() []byte { return append([]byte(nil), defaults...) }

// rootPath is where the settings stand in a file, as in Blitz.
func rootPath() []string { return []string{"blitz", "prod", "local", "idp"} }

// Options say where settings come from.
type Options struct {
	// File is the settings file; empty means the defaults and Set alone.
	File string
	// Saved are what administrators saved, over the file and below Set; a later one
	// wins. console.readonly in the file or Set leaves them all out.
	Saved []Saved
	// Set are overrides, PATH=VALUE each, the last one winning. PATH starts at
	// the root or below blitz.prod.local.idp. VALUE is HOCON; where it is no
	// HOCON, or plain words, it is taken as the text that it is.
	Set []string
	// LookupEnv answers ${NAME}; nil means os.LookupEnv.
	LookupEnv func(name string) (string, bool)
	// ReadFile reads the settings file, its includes and file(..) secrets; nil
	// means the file system, with a limit of 1 MiB a file.
	ReadFile func(name string) ([]byte, error)
}

// Load reads, merges and checks all layers. The findings are warnings, sorted
// by place. The error is Errors; then there are no settings.
func Load(o Options) (*Settings, []Finding, error) {
	if o.ReadFile == nil {
		o.ReadFile = ReadFile
	}
	if o.LookupEnv == nil {
		o.LookupEnv = os.LookupEnv
	}
	o = o.inCharge()
	config, faults := merge(o)
	if len(faults) > 0 {
		return nil, nil, Errors(faults)
	}
	d := newDecoder(o, config)
	s := d.decode()
	s.saved = slices.Clone(o.Saved)
	sortFindings(d.warnings)
	if len(d.errors) > 0 {
		sortFindings(d.errors)
		return nil, d.warnings, Errors(d.errors)
	}
	return s, d.warnings, nil
}

func newDecoder(o Options, config *hocon.Config) *decoder {
	return &decoder{
		file:   o.File,
		files:  files{dir: filepath.Dir(o.File), read: o.ReadFile},
		root:   config.Root(),
		known:  map[string]Key{},
		failed: map[string]bool{},
	}
}

// decode walks the whole tree, then judges what is left over and what
// contradicts itself.
func (d *decoder) decode() *Settings {
	all := &cursor{d: d, obj: d.root, here: true, quiet: true, asked: []string{ownValues}}
	c := all
	parents := []*cursor{all}
	for i, key := range rootPath() {
		c = c.enter(key, key)
		c.quiet = i < len(rootPath())-1
		c.doc = nil
		parents = append(parents, c)
	}
	s := settings(c)
	for _, p := range parents {
		p.leave()
	}
	s.root = &d.root
	d.judge()
	d.contradictions(s)
	d.warnCalls(s)
	return s
}
