package users

import (
	"context"
	"errors"
	"net/http"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
)

// Search finds users by what somebody typed: a login, a name, an e-mail address, an
// ID, or a number in whatever form. Who doesn't get to see numbers finds nobody by a
// part of one.
func (s *Service) Search(ctx context.Context, a *admin.Actor, q idp.UserQuery) (idp.UserPage, error) {
	q.Numbers, q.WholeNumbers = s.forms(q.Text), !a.May(admin.UsersEdit)
	page, err := s.Store.SearchUsers(ctx, q)
	if errors.Is(err, idp.ErrCursor) {
		return idp.UserPage{}, problem(problemCursor, http.StatusBadRequest)
	}
	return page, err
}
