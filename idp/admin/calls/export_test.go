package calls

import "context"

// Rounds gives the rounds of the job of one node.
func (s *Service) Rounds() func(context.Context) {
	w := &watch{s: s}
	return w.round
}
