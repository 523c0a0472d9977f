package factors

import "fmt"

// Registry holds the methods in service by ID. It is built once at start and
// read only afterwards.
type Registry struct {
	methods map[string]Method
}

// NewRegistry refuses two methods of one ID.
func NewRegistry(methods ...Method) (*Registry, error) {
	r := &Registry{methods: make(map[string]Method, len(methods))}
	for _, m := range methods {
		if _, twice := r.methods[m.ID()]; twice {
			return nil, fmt.Errorf("method %s is registered twice", m.ID())
		}
		r.methods[m.ID()] = m
	}
	return r, nil
}

// Method returns the method of that ID.
func (r *Registry) Method(id string) (Method, bool) {
	m, ok := r.methods[id]
	return m, ok
}
