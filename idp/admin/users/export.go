package users

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/api"
	"github.com/ringtail-id/ringtail/idp/audit"
)

// Columns of a file of users that are no attributes. The first two of an export are
// for reading: an import takes no notice of ID and times.
const (
	columnLogin      = "login"
	columnID         = "id"
	columnFactor     = "required_factor"
	columnBlocked    = "blocked"
	columnMustChange = "must_change_password"
	columnCreated    = "created_at"
	columnHash       = "password_hash"
)

func fixedColumns() []string {
	return []string{columnLogin, columnID, columnFactor, columnBlocked, columnMustChange, columnCreated}
}

// exportPage is how many users are in memory at a time, and maxColumns how many
// attributes an export has at most.
const (
	exportPage = 500
	maxColumns = 256
)

// Export writes all users as CSV (RFC 4180, UTF-8), page by page. Passwords are not
// in it, nor attributes that the actor doesn't see. It reads everybody twice: first
// for the names of the attributes.
func (s *Service) Export(ctx context.Context, a *admin.Actor, w io.Writer) error {
	if err := s.Trail.Append(ctx, a.Event(audit.TypeUsersExported, "", nil)); err != nil {
		return fmt.Errorf("recording an export of users: %w", err)
	}
	seen := map[string]bool{}
	err := s.each(ctx, func(u *idp.User) error {
		for name := range u.Attributes {
			if len(seen) < maxColumns && s.sees(a, name) {
				seen[name] = true
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	names := slices.Sorted(maps.Keys(seen))
	out := csv.NewWriter(w)
	if err := out.Write(guardAll(append(fixedColumns(), columnsOf(names)...))); err != nil {
		return err
	}
	err = s.each(ctx, func(u *idp.User) error { return out.Write(guardAll(rowOf(u, names))) })
	out.Flush()
	if err == nil {
		err = out.Error()
	}
	return err
}

// columnPrefix may stand before the name of an attribute, and does where a column of
// that name means something else.
const columnPrefix = "attributes."

func columnsOf(names []string) []string {
	columns := slices.Clone(names)
	for i, name := range names {
		if name == columnHash || slices.Contains(fixedColumns(), name) {
			columns[i] = columnPrefix + name
		}
	}
	return columns
}

// each hands over all users in the order of their logins.
func (s *Service) each(ctx context.Context, do func(*idp.User) error) error {
	for after := ""; ; {
		page, err := s.Store.ListUsers(ctx, after, exportPage)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, u := range page {
			if err := do(u); err != nil {
				return err
			}
		}
		after = page[len(page)-1].Login
	}
}

func rowOf(u *idp.User, names []string) []string {
	row := []string{
		u.Login, u.ID, strconv.Itoa(u.RequiredFactor), strconv.FormatBool(u.Blocked), strconv.FormatBool(u.MustChangePassword),
		api.Time(u.CreatedAt).Format("2006-01-02T15:04:05Z07:00"),
	}
	for _, name := range names {
		row = append(row, u.Attribute(name))
	}
	return row
}

// formula are beginnings for which a spreadsheet runs a cell (OWASP, CSV Injection).
const formula = "=+-@\t\r"

// guard keeps a spreadsheet from running a cell, by an apostrophe that unguard takes
// away again. A cell that begins with apostrophes before such a sign gets one more.
func guard(cell string) string {
	if rest := strings.TrimLeft(cell, "'"); rest != "" && strings.ContainsRune(formula, rune(rest[0])) {
		return "'" + cell
	}
	return cell
}

func unguard(cell string) string {
	if rest := strings.TrimLeft(cell, "'"); len(rest) < len(cell) && rest != "" && strings.ContainsRune(formula, rune(rest[0])) {
		return cell[1:]
	}
	return cell
}

func guardAll(row []string) []string {
	for i, cell := range row {
		row[i] = guard(cell)
	}
	return row
}
