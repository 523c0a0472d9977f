package hocon

import "strconv"

// datum is a resolved value. It is never changed once it is made, and may be shared by many parents.
type datum struct {
	kind   Kind
	pos    Pos
	text   string // of a string: itself; of a number, true, false, null: as written
	bare   bool   // unquoted text
	keys   []string
	fields map[string]member
	elems  []*datum
	weight int64 // see Limits.MaxSize; counts shared parts each time
	depth  int   // of objects and lists in it; 0 for a scalar
}

type member struct {
	pos Pos // of the key
	val *datum
}

// What things cost of Limits.MaxSize, near to the memory that they take.
const (
	valueWeight  = 16
	objectWeight = 128 // for the making of one, apart from its fields
)

func newScalar(t token) *datum {
	d := &datum{pos: t.pos, text: t.text, bare: t.kind == tokText, weight: valueWeight + int64(len(t.text))}
	switch t.kind {
	case tokNumber:
		d.kind = Number
	case tokBool:
		d.kind = Bool
	case tokNull:
		d.kind = Null
	default:
		d.kind = String
	}
	return d
}

func newString(pos Pos, text string) *datum {
	return &datum{kind: String, pos: pos, text: text, weight: valueWeight + int64(len(text))}
}

func newList(pos Pos, elems []*datum) *datum {
	d := &datum{kind: Array, pos: pos, elems: elems, weight: valueWeight}
	for _, e := range elems {
		d.weight += e.weight
		d.depth = max(d.depth, e.depth)
	}
	d.depth++
	return d
}

func (d *datum) scalar() bool { return d.kind != Object && d.kind != Array }

// node gives an object as slots, for looking up and merging.
func (d *datum) node() *objectNode {
	n := newObject(d.pos)
	n.foreign = true
	n.keys = d.keys
	for k, m := range d.fields {
		n.fields[k] = &slot{pos: m.pos, defs: []node{m.val}}
	}
	return n
}

// asList gives an object whose keys are numbers as a list, in the order of the numbers: {"0" = a, "2" = b} is [a, b]. Other
// keys don't count; an object without such keys isn't a list.
func (d *datum) asList() (*datum, bool) {
	if d.kind == Array {
		return d, true
	}
	if d.kind != Object {
		return nil, false
	}
	byIndex := map[int]*datum{}
	for k, m := range d.fields {
		if isIndex(k) {
			i, _ := strconv.Atoi(k)
			byIndex[i] = m.val
		}
	}
	if len(byIndex) == 0 {
		return nil, false
	}
	elems := make([]*datum, 0, len(byIndex))
	for _, i := range sortedKeys(byIndex) {
		elems = append(elems, byIndex[i])
	}
	return newList(d.pos, elems), true
}

func isIndex(key string) bool {
	i, err := strconv.ParseInt(key, 10, 32)
	return err == nil && i >= 0
}
