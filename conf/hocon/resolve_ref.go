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
	f, err := found{val: s.results[n]}, error(nil)
	if f.nothing() {
		f, err = r.fold(s, n, r.seenNode)
	}
	if err == nil && f.isObject() {
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
		f, err := r.follow(n, r.see)
		if f.obj != nil {
			shared := *f.obj
			shared.foreign = true
			f.obj = &shared
		}
		return f, err
	}
	return r.resolved(def)
}

// ref gives the value of a substitution, or nil where it is optional and there is none.
func (r *resolver) ref(n *refNode) (*datum, error) {
	f, err := r.follow(n, func(s *slot) (found, error) {
		v, err := r.slot(s)
		return found{val: v}, err
	})
	return f.val, err
}

// follow looks the substitution's path up and evaluates the key that it finds, or takes the environment's value. It finds nothing
// without an error only where the substitution is optional.
func (r *resolver) follow(n *refNode, eval func(*slot) (found, error)) (f found, err error) {
	if n.active {
		r.load.circles++
		return found{}, errCycle
	}
	if err := r.load.spend(n.pos, refWeight); err != nil {
		return found{}, err
	}
	if r.chain++; r.chain > r.load.limits.MaxChain {
		return found{}, limitAt(n.pos, "more than %d substitutions wait for one another here", r.load.limits.MaxChain)
	}
	n.active = true
	defer func() { n.active = false; r.chain-- }()

	s, err := r.find(n)
	if err == nil && s != nil {
		f, err = eval(s)
	} else if err == nil {
		f.val = r.env(n)
	}
	switch {
	case errors.Is(err, errCycle) && n.optional:
		return found{}, nil
	case errors.Is(err, errCycle):
		return found{}, errorAt(n.pos, "%s leads back to itself", n)
	case err == nil && f.nothing() && !n.optional:
		return found{}, errorAt(n.pos, "%s has no value: no such setting%s; write ${?..} if it may be missing", n, n.envHint())
	}
	return f, err
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

func (n *refNode) envHint() string {
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
		if err != nil || f.obj == nil {
			return nil, err
		}
		o = f.obj
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
