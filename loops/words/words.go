// Package words tells an editor what a driver's script has: the objects, their functions, what each gives and means, in
// JavaScript and in Java. It reads them from the declarations that the engine's own tests hold, loops.d.ts and the Java
// signatures, so what is offered while typing is what a run finds.
//
// It doesn't check scripts (the engine does) and knows no editor.
package words

import (
	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/drivers"
	"github.com/ringtail-id/ringtail/loops/java"
)

// Words of both languages, as the editor's script reads them.
type Words struct {
	JavaScript Language `json:"js"`
	Java       Language `json:"java"`
}

// Language is what a script in one language has.
type Language struct {
	// Globals are the objects that a script finds by their names.
	Globals []Object `json:"globals"`
	// Types are what functions give and take; an object and a type may have one name.
	Types []Object `json:"types"`
	// Choices are the texts that a parameter of the named type takes.
	Choices map[string][]string `json:"choices"`
	// Entries are the functions that a driver may define, the first of them always.
	Entries []string `json:"entries"`
}

// Object has members.
type Object struct {
	Name    string   `json:"name"`
	Means   string   `json:"means,omitempty"`
	Extends string   `json:"extends,omitempty"` // a type whose members it has too
	Members []Member `json:"members"`
}

// Member is a function or a value.
type Member struct {
	Name  string `json:"name"`
	Form  string `json:"form"`  // with its parameters and types, as the language writes it
	Gives string `json:"gives"` // the type of what it gives, without null
	Means string `json:"means,omitempty"`
}

// All gives the words of both languages.
func All() Words {
	script := fromTypes(drivers.Types())
	for _, e := range loops.Entries() {
		script.Entries = append(script.Entries, e.Names()[0])
	}
	procedure := fromSignatures(java.Signatures(), script)
	procedure.Entries = []string{script.Entries[0]}
	return Words{JavaScript: script, Java: procedure}
}

// find gives the object of that name, with nothing in it where there is none.
func find(objects []Object, name string) Object {
	for _, o := range objects {
		if o.Name == name {
			return o
		}
	}
	return Object{}
}

// means is what the member of that name means.
func (o Object) means(name string) string {
	for _, m := range o.Members {
		if m.Name == name {
			return m.Means
		}
	}
	return ""
}
