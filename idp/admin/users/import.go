package users

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/factors/password"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/audit"
)

// Fault is why a line can't be imported.
type Fault struct {
	Line    int
	Login   string
	Problem *idp.Problem
}

// Report is what an import would do, or did.
type Report struct {
	Lines                  int
	Created, Changed, Same int
	Faults                 []Fault
}

// step is what one line does.
type step struct {
	before *idp.User // nil: the user is made
	after  *idp.User
}

// same says whether the step changes nothing.
func (p step) same() bool {
	b, a := p.before, p.after
	return b != nil && Version(b) == Version(a) && b.Blocked == a.Blocked && b.MustChangePassword == a.MustChangePassword && b.PasswordHash == a.PasswordHash
}

// Look says what an import of the file would do, and changes nothing.
func (s *Service) Look(ctx context.Context, a *admin.Actor, content []byte) (Report, error) {
	_, report, err := s.plan(ctx, a, content)
	return report, err
}

// Import makes and changes users by the file, whose every line must be in order. It
// goes by login: the same file twice does nothing the second time, and one that was
// interrupted can be sent again.
func (s *Service) Import(ctx context.Context, a *admin.Actor, content []byte) (Report, error) {
	steps, report, err := s.plan(ctx, a, content)
	if err != nil {
		return report, err
	}
	if n := len(report.Faults); n > 0 {
		return report, invalid(problemFaults, "file", map[string]any{"n": n})
	}
	sum := sha256.Sum256(content)
	event := a.Event(audit.TypeUsersImported, "", map[string]any{
		"created": report.Created, "changed": report.Changed, "same": report.Same, "sha256": hex.EncodeToString(sum[:]),
	})
	if err := s.Trail.Append(ctx, event); err != nil {
		return report, fmt.Errorf("recording an import of users: %w", err)
	}
	return report, s.run(ctx, a, steps)
}

// plan looks at every line.
func (s *Service) plan(ctx context.Context, a *admin.Actor, content []byte) (steps []step, report Report, err error) {
	lines, err := s.readFile(a, content)
	if err != nil {
		return nil, report, err
	}
	seen := map[string]bool{}
	report.Lines = len(lines)
	for _, l := range lines {
		one, err := s.planLine(ctx, a, l, seen)
		switch p := factors.AsProblem(err); {
		case p != nil:
			report.Faults = append(report.Faults, Fault{Line: l.number, Login: shortened(l.cells[columnLogin]), Problem: p})
			continue
		case err != nil:
			return nil, report, err
		case one.before == nil:
			report.Created++
		case one.same():
			report.Same++
			continue
		default:
			report.Changed++
		}
		steps = append(steps, one)
	}
	return steps, report, nil
}

func (s *Service) planLine(ctx context.Context, a *admin.Actor, l line, seen map[string]bool) (step, error) {
	login := l.cells[columnLogin]
	if !idp.ValidLogin(login) {
		return step{}, invalid(problemLogin, columnLogin, nil)
	}
	login = idp.NormalizeLogin(login)
	if seen[login] {
		return step{}, invalid(problemTwice, columnLogin, nil)
	}
	seen[login] = true
	found, err := s.Store.UserByLogin(ctx, login)
	switch {
	case errors.Is(err, idp.ErrNotFound):
		one := step{}
		one.after, err = s.newUser(a, Draft{Login: login})
		if err == nil {
			err = s.fill(a, one.after, l)
		}
		return one, err
	case err != nil:
		return step{}, err
	}
	after := *found
	one := step{before: found, after: &after}
	if err := s.fill(a, one.after, l); err != nil || one.same() {
		return one, err
	}
	if _, err := s.changeable(ctx, a, found.ID); err != nil {
		return one, err
	}
	if after.Blocked && found.ID == a.UserID {
		return one, problem(problemOwn, http.StatusConflict)
	}
	return one, nil
}

// fill sets what the line says; empty cells leave what is there.
func (s *Service) fill(a *admin.Actor, u *idp.User, l line) (err error) {
	if cell := l.cells[columnFactor]; cell != "" {
		factor, err := strconv.Atoi(cell)
		if err != nil || factor < 0 || factor > 2 {
			return invalid(problemFactor, columnFactor, nil)
		}
		u.RequiredFactor = factor
	}
	if u.Blocked, err = l.flag(columnBlocked, u.Blocked); err != nil {
		return err
	}
	if hash := l.cells[columnHash]; hash != "" {
		if password.ValidHash(hash) != nil {
			return invalid(problemHash, columnHash, nil)
		}
		u.PasswordHash = hash
	}
	if u.MustChangePassword, err = l.flag(columnMustChange, u.MustChangePassword); err != nil {
		return err
	}
	u.MustChangePassword = u.MustChangePassword && u.PasswordHash != ""
	u.Attributes, err = s.patched(a, u.Attributes, l.attributes())
	return err
}

// importBatch is how many users are made in one transaction.
const importBatch = 200

func (s *Service) run(ctx context.Context, a *admin.Actor, steps []step) error {
	var made []*idp.User
	flush := func() error {
		if len(made) == 0 {
			return nil
		}
		err := s.Store.CreateUsers(ctx, made)
		if errors.Is(err, idp.ErrTaken) {
			return problem(admin.ProblemConflict, http.StatusConflict)
		}
		for _, u := range made {
			if err == nil {
				_, is := difference(nil, u.Attributes)
				s.Trail.Record(ctx, a.Event(audit.TypeUserCreated, u.ID, map[string]any{"login": u.Login, "after": is, "imported": true}))
			}
		}
		made = nil
		return err
	}
	for _, one := range steps {
		if one.before == nil {
			if made = append(made, one.after); len(made) < importBatch {
				continue
			}
			if err := flush(); err != nil {
				return err
			}
			continue
		}
		if err := s.runChange(ctx, a, one); err != nil {
			return err
		}
	}
	return flush()
}

// runChange changes one user. Whoever is blocked or gets another password is signed
// out everywhere.
func (s *Service) runChange(ctx context.Context, a *admin.Actor, p step) error {
	change := func(now *idp.User) error {
		if err := same(now, Version(p.before)); err != nil {
			return err
		}
		now.Attributes, now.RequiredFactor = p.after.Attributes, p.after.RequiredFactor
		now.Blocked, now.MustChangePassword, now.PasswordHash = p.after.Blocked, p.after.MustChangePassword, p.after.PasswordHash
		return nil
	}
	params := editParams(p.before, p.after)
	params["login"], params["imported"], params["password"] = p.before.Login, true, p.after.PasswordHash != p.before.PasswordHash
	params["blocked"] = p.after.Blocked
	s.Trail.Record(ctx, a.Event(audit.TypeUserChanged, p.before.ID, params))
	if p.after.PasswordHash != p.before.PasswordHash || p.after.Blocked && !p.before.Blocked {
		return s.Store.ResetUser(ctx, p.before.ID, change)
	}
	_, err := s.Store.UpdateUser(ctx, p.before.ID, change)
	return err
}

// stageLife is how long a file waits for whoever looked at it.
const stageLife = time.Hour

// Stage keeps the file for ImportStaged and returns its name.
func (s *Service) Stage(ctx context.Context, a *admin.Actor, content []byte) (string, error) {
	id, err := idp.NewID(s.Rand)
	if err != nil {
		return "", err
	}
	return id, s.Store.StageImport(ctx, idp.StagedImport{ID: id, MadeBy: a.UserID, Content: content, ExpiresAt: s.Now().Add(stageLife)})
}

// ImportStaged is Import of a file that the same administrator staged.
func (s *Service) ImportStaged(ctx context.Context, a *admin.Actor, id string) (Report, error) {
	f, err := s.Store.StagedImport(ctx, id, a.UserID, s.Now())
	if errors.Is(err, idp.ErrNotFound) {
		return Report{}, problem(problemStaged, http.StatusNotFound)
	}
	if err != nil {
		return Report{}, err
	}
	report, err := s.Import(ctx, a, f.Content)
	if err != nil {
		return report, err
	}
	return report, s.Store.DropImport(ctx, id)
}
