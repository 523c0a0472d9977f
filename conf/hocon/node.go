package hocon

// Nodes are a document after includes and before substitutions: every key has the list of what was assigned to it.

// node is one of *objectNode, *arrayNode, *refNode, *concatNode, *slot (the value of another key) and *datum (a finished value).
type node interface{}

type objectNode struct {
	pos    Pos
	keys   []string // in order of appearance
	fields map[string]*slot
	// foreign says that the object belongs to another key, from where a substitution fetched it, so that its slots stay as
	// they are when it is merged.
	foreign bool
}

type arrayNode struct {
	pos   Pos
	elems []node
}

// refNode is a substitution. strip is how many keys at the front of path come from the place of an include: a path that isn't
// found there is tried again without them.
type refNode struct {
	pos      Pos
	path     []string
	strip    int
	optional bool
	list     bool
	active   bool // being resolved right now: meeting it again is a cycle
}

type concatNode struct {
	pos    Pos
	pieces []node
}

// slot is what was assigned to a key, the oldest first. What can't matter any more (a scalar under a scalar) is dropped.
type slot struct {
	pos  Pos // of the key, where it was assigned last
	defs []node

	// The resolver's notes. limit, where it is set, hides the definitions from limit on: a definition that refers to its own key
	// sees only the older ones.
	limited bool
	limit   int
	nodes   map[int]*objectNode
	results map[int]*datum
}

func newObject(pos Pos) *objectNode {
	return &objectNode{pos: pos, fields: map[string]*slot{}}
}

// add assigns n to key, later than everything that is there.
func (o *objectNode) add(key string, pos Pos, n node) {
	s := o.fields[key]
	if s == nil {
		s = &slot{}
		o.fields[key] = s
		o.keys = append(o.keys, key)
	}
	s.pos = pos
	s.add(n)
}

func (s *slot) add(n node) {
	last := len(s.defs) - 1
	if last < 0 {
		s.defs = append(s.defs, n)
		return
	}
	switch n := n.(type) {
	case *objectNode:
		switch under := s.defs[last].(type) {
		case *objectNode:
			if !under.foreign && !n.foreign {
				under.merge(n)
				return
			}
		case *datum, *arrayNode:
			if !isObject(under) { // neither it nor what it hides can show any more
				s.defs = append(s.defs[:0], n)
				return
			}
		}
	case *arrayNode:
		s.defs = append(s.defs[:0], n)
		return
	case *datum:
		if n.kind != Object {
			s.defs = append(s.defs[:0], n)
			return
		}
	}
	s.defs = append(s.defs, n)
}

func isObject(n node) bool {
	switch n := n.(type) {
	case *objectNode:
		return true
	case *datum:
		return n.kind == Object
	}
	return false
}

// merge assigns all fields of over, later than what is there. over must not be used afterwards.
func (o *objectNode) merge(over *objectNode) {
	o.pos = over.pos
	for _, key := range over.keys {
		s := over.fields[key]
		for _, n := range s.defs {
			o.add(key, s.pos, n)
		}
	}
}
