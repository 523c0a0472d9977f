package java

import (
	"slices"
	"strings"
)

// kind says what sort of type a typ is.
type kind int

const (
	kBad    kind = iota // of something that was refused already: it fits everywhere, so that one fault makes one problem
	kHole               // not known yet: the type of an empty list before it is assigned
	kVoid               //
	kNull               // of null
	kBool               //
	kByte               // the numeric kinds stand in the order in which they widen
	kShort              //
	kChar               //
	kInt                //
	kLong               //
	kFloat              //
	kDouble             //
	kVar                // a type variable
	kArray              //
	kClass              //
)

// typ is a type of Java. It is never changed.
type typ struct {
	kind kind
	name string // of a primitive, or of a type variable
	elem *typ   // of an array
	cls  *class
	args []*typ
	size int // how many types it holds
}

// maxTypeSize bounds a type, since one that holds another twice, and so on, would grow without end.
const maxTypeSize = 100

var (
	tBad    = &typ{kind: kBad, name: "?"}
	tHole   = &typ{kind: kHole, name: "?"}
	tVoid   = &typ{kind: kVoid, name: "void"}
	tNull   = &typ{kind: kNull, name: "null"}
	tBool   = &typ{kind: kBool, name: "boolean"}
	tByte   = &typ{kind: kByte, name: "byte"}
	tShort  = &typ{kind: kShort, name: "short"}
	tChar   = &typ{kind: kChar, name: "char"}
	tInt    = &typ{kind: kInt, name: "int"}
	tLong   = &typ{kind: kLong, name: "long"}
	tFloat  = &typ{kind: kFloat, name: "float"}
	tDouble = &typ{kind: kDouble, name: "double"}
)

// primitive gives the primitive type, or void, of that name, or nil.
func primitive(name string) *typ {
	for _, t := range []*typ{tVoid, tBool, tByte, tShort, tChar, tInt, tLong, tFloat, tDouble} {
		if t.name == name {
			return t
		}
	}
	return nil
}

// boxes are the classes of the primitives.
func boxes() map[kind]string {
	return map[kind]string{kBool: "Boolean", kByte: "Byte", kShort: "Short", kChar: "Character", kInt: "Integer", kLong: "Long", kFloat: "Float", kDouble: "Double"}
}

func (t *typ) isPrimitive() bool { return t.kind >= kBool && t.kind <= kDouble }
func (t *typ) isNumeric() bool   { return t.kind >= kByte && t.kind <= kDouble }
func (t *typ) isIntegral() bool  { return t.kind >= kByte && t.kind <= kLong }
func (t *typ) isReference() bool { return t.kind >= kVar || t.kind == kNull || t.kind <= kHole }

// small reports whether values of t are numbers that fit an int.
func (t *typ) small() bool { return t.kind >= kByte && t.kind <= kInt }

func (t *typ) is(class string) bool { return t.kind == kClass && t.cls.name == class && !t.cls.user }
func (t *typ) isString() bool       { return t.is("String") }

// bad reports whether t belongs to something that was refused already.
func (t *typ) bad() bool { return t.kind == kBad }

// unboxed gives the primitive of a box, t itself for a primitive, else nil.
func (t *typ) unboxed() *typ {
	if t.isPrimitive() {
		return t
	}
	if t.kind != kClass || t.cls.user {
		return nil
	}
	for k, name := range boxes() {
		if name == t.cls.name {
			for _, p := range []*typ{tBool, tByte, tShort, tChar, tInt, tLong, tFloat, tDouble} {
				if p.kind == k {
					return p
				}
			}
		}
	}
	return nil
}

// String writes the type as Java does.
func (t *typ) String() string {
	switch t.kind {
	case kArray:
		return t.elem.String() + "[]"
	case kClass:
		if len(t.args) == 0 {
			return t.cls.name
		}
		var args []string
		for _, a := range t.args {
			args = append(args, a.String())
		}
		return t.cls.name + "<" + strings.Join(args, ",") + ">"
	}
	return t.name
}

func arrayOf(elem *typ) *typ {
	if elem.size > maxTypeSize {
		elem = tHole
	}
	return &typ{kind: kArray, elem: elem, size: elem.size + 1}
}

// of gives the type of a class with these arguments. Of one that is too large the arguments aren't kept.
func (c *class) of(args ...*typ) *typ {
	size := 1
	for _, a := range args {
		size += a.size
	}
	if size <= maxTypeSize {
		return &typ{kind: kClass, cls: c, args: args, size: size}
	}
	unknown := make([]*typ, len(args))
	for i := range unknown {
		unknown[i] = tHole
	}
	return &typ{kind: kClass, cls: c, args: unknown, size: 1}
}

// raw gives the type of a class with each argument fill.
func (c *class) filled(fill *typ) *typ {
	args := make([]*typ, len(c.params))
	for i := range args {
		args[i] = fill
	}
	return c.of(args...)
}

// self gives the type of a class with its own variables as arguments.
func (c *class) self() *typ {
	args := make([]*typ, len(c.params))
	for i, p := range c.params {
		args[i] = &typ{kind: kVar, name: p}
	}
	return c.of(args...)
}

// bindings say what type variables stand for.
type bindings map[string]*typ

// subst replaces the bound variables of t; rest, where it isn't nil, replaces the others.
func (t *typ) subst(b bindings, rest *typ) *typ {
	switch t.kind {
	case kVar:
		if bound, ok := b[t.name]; ok && bound != nil {
			return bound
		}
		if rest != nil {
			return rest
		}
	case kArray:
		return arrayOf(t.elem.subst(b, rest))
	case kClass:
		if len(t.args) == 0 {
			return t
		}
		args := make([]*typ, len(t.args))
		for i, a := range t.args {
			args[i] = a.subst(b, rest)
		}
		return t.cls.of(args...)
	}
	return t
}

// filledHoles replaces what isn't known by Object.
func (t *typ) filledHoles(object *typ) *typ {
	switch t.kind {
	case kHole, kNull:
		return object
	case kArray:
		return arrayOf(t.elem.filledHoles(object))
	case kClass:
		args := make([]*typ, len(t.args))
		for i, a := range t.args {
			args[i] = a.filledHoles(object)
		}
		return t.cls.of(args...)
	}
	return t
}

func (c *class) bind(args []*typ) bindings {
	b := bindings{}
	for i, p := range c.params {
		if i < len(args) {
			b[p] = args[i]
		}
	}
	return b
}

// asSuper gives t seen as its supertype of class want, or nil where it has none.
func (t *typ) asSuper(want *class) *typ {
	if t.kind != kClass {
		return nil
	}
	if t.cls == want {
		if len(t.args) < len(want.params) {
			return want.filled(tHole)
		}
		return t
	}
	for _, super := range t.cls.supers {
		if found := super.subst(t.cls.bind(t.args), tHole).asSuper(want); found != nil {
			return found
		}
	}
	return nil
}

// same reports whether two types are the same, what isn't known being the same as everything.
func same(a, b *typ) bool {
	if a.kind <= kHole || b.kind <= kHole {
		return true
	}
	if a.kind != b.kind {
		return a.kind == kVar || b.kind == kVar
	}
	switch a.kind {
	case kArray:
		return same(a.elem, b.elem)
	case kClass:
		return a.cls == b.cls && slices.EqualFunc(a.args[:min(len(a.args), len(b.args))], b.args[:min(len(a.args), len(b.args))], near)
	}
	return a.name == b.name
}

// near is same for an argument of a type, where "? extends X" has been read as X.
func near(a, b *typ) bool {
	return same(a, b) || a.kind == kClass && b.kind == kClass && (a.asSuper(b.cls) != nil || b.asSuper(a.cls) != nil || a.cls.name == "Object" || b.cls.name == "Object")
}

// widens reports whether a value of a may stand where b is wanted, without boxing.
func widens(a, b *typ) bool {
	switch {
	case a.kind <= kHole || b.kind <= kHole:
		return a.kind != kVoid && b.kind != kVoid
	case a.kind == kVoid || b.kind == kVoid:
		return false
	case a.isPrimitive() || b.isPrimitive():
		return widensPrimitive(a, b)
	case a.kind == kNull, a.kind == kVar && b.kind == kVar && a.name == b.name:
		return true
	case b.kind == kVar:
		return false
	case b.kind == kClass && b.cls.name == "Object" && !b.cls.user:
		return true
	case a.kind == kArray:
		return b.kind == kArray && a.elem.isPrimitive() == b.elem.isPrimitive() && (a.elem.isReference() && widens(a.elem, b.elem) || same(a.elem, b.elem))
	case a.kind == kClass && b.kind == kClass:
		super := a.asSuper(b.cls)
		return super != nil && same(super, b)
	}
	return false
}

func widensPrimitive(a, b *typ) bool {
	if a.kind == b.kind {
		return true
	}
	if !a.isNumeric() || !b.isNumeric() || b.kind == kChar {
		return false
	}
	if a.kind == kChar {
		return b.kind >= kInt
	}
	return a.kind < b.kind
}

// fullName names a class as an exception does, with its package.
func fullName(t *typ) string {
	switch {
	case t.kind != kClass:
		return t.String()
	case t.cls.user:
		return t.cls.own.full
	}
	return t.cls.pkg + "." + t.cls.name
}
