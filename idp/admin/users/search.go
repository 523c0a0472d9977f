package users

import (
	"context"
	"errors"
	"net/http"

	"github.com/ringtail-id/ringtail/idp"
)

// Search finds users by what somebody typed: a login, a name, an e-mail address, an
// ID, or a number in whatever form.
func (s *Service) Search(ctx context.Context, q idp.UserQuery) (idp.UserPage, error) {
	q.Numbers = s.forms(q.Text)
	page, err := s.Store.SearchUsers(ctx, q)
	if errors.Is(err, idp.ErrCursor) {
		return idp.UserPage{}, problem(problemCursor, http.StatusBadRequest)
	}
	return page, err
}
