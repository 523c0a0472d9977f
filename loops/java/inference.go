package java

import "slices"

// inference finds what the type variables of a call stand for.
type inference struct {
	c    *checker
	b    bindings
	free []string

	fixed bool // there is nothing to find out
}

// wanted binds what the place of the call tells, where the method gives a generic class.
func (f *inference) wanted(ret, want *typ) {
	if want == nil || want.kind != kClass || ret.kind != kClass {
		return
	}
	super := ret.asSuper(want.cls)
	if super == nil {
		return
	}
	for i, a := range super.args {
		if i < len(want.args) && a.kind == kVar && slices.Contains(f.free, a.name) && want.args[i].kind > kHole && f.b[a.name] == nil {
			f.b[a.name] = want.args[i]
		} else if i < len(want.args) && a.kind == kClass {
			f.wanted(a, want.args[i])
		}
	}
}

// unify binds the variables of p so that it takes an a.
func (f *inference) unify(p, a *typ) {
	if a.kind <= kNull {
		return
	}
	switch p.kind {
	case kVar:
		if !slices.Contains(f.free, p.name) {
			return
		}
		a = f.c.box(a)
		bound := f.b[p.name]
		switch {
		case bound == nil || bound.kind == kHole:
			f.b[p.name] = a
		case widens(a, bound):
		case widens(bound, a):
			f.b[p.name] = a
		default:
			f.b[p.name] = f.c.object()
		}
	case kArray:
		if a.kind == kArray && !(p.elem.kind == kVar && a.elem.isPrimitive()) {
			f.unify(p.elem, a.elem)
		}
	case kClass:
		super := a.asSuper(p.cls)
		if super == nil {
			return
		}
		for i, arg := range p.args {
			if i < len(super.args) {
				f.unify(arg, super.args[i])
			}
		}
	}
}
