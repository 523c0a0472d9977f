package hocon

import (
	"errors"
	"strconv"
)

const refWeight = 4 * valueWeight // what following a substitution costs, for the time that it takes

// see gives a key's object without resolving more of its fields than it must, for looking up a path through it.
func (r *resolver) see(s *slot) (found, error) {
	n := s.count()
	if o, ok := s.nodes[n]; ok {
		return found{obj: o}, nil
	}
	if d, ok := s.results[n]; ok {
		return found{val: d}, nil
	}
	f, err := r.fold(s, n, r.seenNode)
	if err == nil && f.object() != nil {
		f = found{obj: f.object()}
		s.nodes = put(s.nodes, n, f.obj)
	}
	return f, err
}

func (r *resolver) seenNode(def node) (found, error) {
	switch n := def.(type) {
	case *slot:
		return r.see(n)
	case *arrayNode: // it has no keys; its elements don't matter here
		return found{val: newList(n.pos, nil)}, nil
	case *refNode:
		var f found
		err := r.follow(n, func(s *slot) (err error) {
			if f, err = r.see(s); f.obj != nil {
				shared := *f.obj
				shared.foreign = true
				f.obj = &shared
			}
			return err
		}, func(d *datum) { f.val = d }, func() bool { return f.nothing() })
		return f, err
	}
	return r.resolved(def)
}

// ref gives the value of a substitution, or nil where it is optional and there is none.
func (r *resolver) ref(n *refNode) (*datum, error) {
	var v *datum
	err := r.follow(n, func(s *slot) (err error) {
		v, err = r.slot(s)
		return err
	}, func(d *datum) { v = d }, func() bool { return v == nil })
	return v, err
}

// follow looks the substitution's path up and hands what it finds to inTree or inEnv. missing says, after that, whether there
// is still no value.
func (r *resolver) follow(n *refNode, inTree func(*slot) error, inEnv func(*datum), missing func() bool) error {
	if n.active {
		r.load.circles++
		return errCycle
	}
	if err := r.load.spend(n.pos, refWeight); err != nil {
		return err
	}
	if r.chain++; r.chain > r.load.limits.MaxChain {
		return limitAt(n.pos, "more than %d substitutions wait for one another here", r.load.limits.MaxChain)
	}
	n.active = true
	defer func() { n.active = false; r.chain-- }()

	s, err := r.find(n)
	switch {
	case err != nil:
	case s != nil:
		err = inTree(s)
	default:
		if d := r.env(n); d != nil {
			inEnv(d)
		}
	}
	if errors.Is(err, errCycle) {
		if n.optional {
			return nil
		}
		return errorAt(n.pos, "%s leads back to itself", n)
	}
	if err == nil && missing() && !n.optional {
		return errorAt(n.pos, "%s has no value: no such setting%s; write ${?..} if it may be missing", n, r.envHint(n))
	}
	return err
}

func (n *refNode) String() string {
	text := JoinPath(n.path[n.strip:]...)
	if n.optional {
		text = "?" + text
	}
	if n.list {
		text += "[]"
	}
	return "${" + text + "}"
}

func (r *resolver) envHint(n *refNode) string {
	if len(n.path)-n.strip == 1 {
		return " and no such environment variable"
	}
	return ""
}

// find gives the key that a substitution means: relative to where its file is included, or else from the root.
func (r *resolver) find(n *refNode) (*slot, error) {
	s, err := r.lookup(n.path)
	if s == nil && err == nil && n.strip > 0 {
		return r.lookup(n.path[n.strip:])
	}
	return s, err
}

func (r *resolver) lookup(path []string) (*slot, error) {
	o := r.root
	for i, key := range path {
		s := o.fields[key]
		if s == nil || s.count() == 0 {
			return nil, nil
		}
		if i == len(path)-1 {
			return s, nil
		}
		f, err := r.see(s)
		if err != nil || f.object() == nil {
			return nil, err
		}
		o = f.object()
	}
	return nil, nil
}

// env looks a name of one key up in the environment; ${NAME[]} is the list of NAME_0, NAME_1 and so on.
func (r *resolver) env(n *refNode) *datum {
	name, lookup := n.path[n.strip:], r.load.opts.LookupEnv
	if len(name) != 1 || lookup == nil {
		return nil
	}
	if !n.list {
		if text, ok := lookup(name[0]); ok {
			return newString(n.pos, text)
		}
		return nil
	}
	var elems []*datum
	for {
		text, ok := lookup(name[0] + "_" + strconv.Itoa(len(elems)))
		if !ok || r.load.spend(n.pos, int64(len(text))+valueWeight) != nil {
			break
		}
		elems = append(elems, newString(n.pos, text))
	}
	if elems == nil {
		return nil
	}
	return newList(n.pos, elems)
}
