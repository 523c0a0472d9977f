package server

import (
	"cmp"
	"context"

	"github.com/ringtail-id/ringtail/factors/password"
	"github.com/ringtail-id/ringtail/idp/login"
)

// newPasswords is what the login's step newPassword needs.
func (s *Server) newPasswords() *login.NewPasswords {
	return &login.NewPasswords{
		Store: s.options.Store, Make: s.setter.Make,
		MinLength: func() int { return cmp.Or(s.options.Password.Policy.MinLength, password.DefaultMinLength) },
	}
}

// indexBatch is how many users one transaction makes the words of.
const indexBatch = 200

// indexUsers makes the words by which administrators find users, where a version
// before this one left none. Until it is through, the search misses some.
func (s *Server) indexUsers(ctx context.Context) error {
	for ctx.Err() == nil {
		n, err := s.options.Store.IndexUsers(ctx, indexBatch)
		if err != nil && ctx.Err() == nil {
			s.options.Log.Error("making the users' words for the search", "error", err)
		}
		if err != nil || n == 0 {
			return nil
		}
	}
	return nil
}
