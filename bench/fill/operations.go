package fill

import (
	"context"
	"fmt"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin/calls/ledger"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/oidc"
)

// expired is how many grants, logins and sessions are swept, and swept is how many
// rows a sweep takes of each table.
const (
	expired = 2000
	swept   = 500
)

// Groups of operations that read alone.
const (
	groupReading = "sign-in, reading"
	groupConsole = "console"
)

func (b *bench) reading() []operation {
	const group = groupReading
	one := func(name string, do func(ctx context.Context, i int) error) operation {
		return operation{group, name, 1000, do}
	}
	return []operation{
		one("a user by login", func(ctx context.Context, i int) error {
			_, err := b.s.UserByLogin(ctx, fmt.Sprint("person", b.some(i)))
			return err
		}),
		one("a user by number", func(ctx context.Context, i int) error {
			_, err := b.s.UserByNumber(ctx, idp.AttributePhone, fmt.Sprint("+", 79_000_000_000+b.some(i)))
			return err
		}),
		one("a session", func(ctx context.Context, i int) error {
			_, err := b.s.SessionByID(ctx, idOf(b.signedIn(i)))
			return err
		}),
		one("a token with its grant", func(ctx context.Context, i int) error {
			_, _, err := b.s.TokenByHash(ctx, hashOf(b.signedIn(i)))
			return err
		}),
	}
}

func (b *bench) writing() []operation {
	const group = "sign-in, writing"
	one := func(name string, do func(ctx context.Context, i int) error) operation {
		return operation{group, name, 300, do}
	}
	return []operation{
		one("a login begins", func(ctx context.Context, i int) error {
			return b.s.CreateLogin(ctx, &idp.Login{ID: b.fresh("login", i), Browser: "b", State: idp.LoginOpen, ExpiresAt: later()})
		}),
		one("a session with a grant and two tokens", b.signIn),
		one("a refresh token is rotated", func(ctx context.Context, i int) error {
			_, err := b.s.RotateToken(ctx, b.fresh("refresh", i), time.Now(), 0, []oidc.Token{b.token(oidc.RefreshToken, "next", i), b.token(oidc.AccessToken, "nextaccess", i)})
			return err
		}),
		one("three audit records", func(ctx context.Context, i int) error {
			return b.s.ExtendAudit(ctx, func(t audit.Tail) ([]audit.Row, audit.Mark) { return b.records(t, i, 3) })
		}),
		one("a new user", func(ctx context.Context, i int) error {
			return b.s.CreateUser(ctx, &idp.User{ID: b.fresh("user", i), Login: b.fresh("user", i), PasswordHash: passwordHash, Attributes: map[string]string{
				"family_name": fmt.Sprint("Family", i), "given_name": fmt.Sprint("Given", i%GivenNames), "phone_number": fmt.Sprintf("+7800%d%06d", b.round%10, i),
			}})
		}),
	}
}

func later() time.Time { return time.Now().Add(time.Hour) }

// signIn is what a login leaves behind.
func (b *bench) signIn(ctx context.Context, i int) error {
	user, session := idOf(b.some(i)), b.fresh("session", i)
	err := b.s.CreateSession(ctx, &idp.Session{
		ID: session, UserID: user, Browser: session, AuthTime: time.Now(), CreatedAt: time.Now(), SeenAt: time.Now(), ExpiresAt: later(), UserAgent: userAgent,
	})
	if err != nil {
		return err
	}
	return b.s.CreateGrant(ctx, &oidc.Grant{
		ID: b.fresh("grant", i), ClientID: "shop", UserID: user, Session: session, Scopes: []string{"openid"}, Kind: oidc.KindCode,
		Code: oidc.Code{Hash: b.fresh("code", i), ExpiresAt: later()}, CreatedAt: time.Now(), ExpiresAt: later(),
	}, b.token(oidc.RefreshToken, "refresh", i), b.token(oidc.AccessToken, "access", i))
}

// token is one of the grant that signIn makes.
func (b *bench) token(kind oidc.TokenKind, name string, i int) oidc.Token {
	return oidc.Token{Hash: b.fresh(name, i), Kind: kind, GrantID: b.fresh("grant", i), Scopes: []string{"openid"}, CreatedAt: time.Now(), ExpiresAt: later()}
}

func (b *bench) records(t audit.Tail, i, n int) ([]audit.Row, audit.Mark) {
	rows := make([]audit.Row, n)
	for k := range rows {
		rows[k] = audit.Row{Seq: t.Head.Seq + int64(k) + 1, Body: auditBody, Hash: hashOf(i), Index: audit.Index{
			At: time.Now(), Type: "login", Subject: idOf(b.some(i)), ClientID: "shop", SessionID: b.fresh("session", i), Procedure: b.fresh("login", i), IP: "10.1.2.3",
		}}
	}
	return rows, audit.Mark{Seq: t.Head.Seq + int64(n), Hash: hashOf(i)}
}

func (b *bench) searching() []operation {
	const group = groupConsole
	one := func(name string, do func(ctx context.Context, i int) error) operation {
		return operation{group, name, 100, do}
	}
	search := func(text func(i int) string) func(ctx context.Context, i int) error {
		return func(ctx context.Context, i int) error {
			_, err := b.s.SearchUsers(ctx, idp.UserQuery{Text: text(i), Limit: 50})
			return err
		}
	}
	trail := func(q func(i int) audit.Query) func(ctx context.Context, i int) error {
		return func(ctx context.Context, i int) error {
			_, err := b.s.FindAudit(ctx, q(i), 0, 50)
			return err
		}
	}
	return []operation{
		one("users by family name", search(func(i int) string { return fmt.Sprint("family", b.some(i)%FamilyNames) })),
		one("users by a frequent given name", search(func(i int) string { return fmt.Sprint("given", i%GivenNames) })),
		one("users by both names", search(func(i int) string {
			n := b.some(i)
			return fmt.Sprint("given", n*31%GivenNames, " family", n*7919%FamilyNames)
		})),
		one("users by three letters that all names have", search(func(int) string { return "fam giv" })),
		one("users by the beginning of a number", search(func(int) string { return "+7900" })),
		one("a page of all users, anywhere", func(ctx context.Context, i int) error {
			_, err := b.s.ListUsers(ctx, fmt.Sprint("person", b.some(i)), 50)
			return err
		}),
		one("attributes that hold numbers", func(ctx context.Context, _ int) error {
			_, err := b.s.NumberAttributes(ctx)
			return err
		}),
		one("a user's sessions", func(ctx context.Context, i int) error {
			_, err := b.s.SessionsOf(ctx, idOf(b.signedIn(i)), time.Now())
			return err
		}),
		one("the newest audit records", trail(func(int) audit.Query { return audit.Query{} })),
		one("audit records of a user", trail(func(i int) audit.Query { return audit.Query{About: idOf(b.signedIn(i))} })),
		one("audit records of one type", trail(func(i int) audit.Query { return audit.Query{Type: fmt.Sprint("type", i%12)} })),
		one("audit records of one type and day", trail(func(int) audit.Query {
			return audit.Query{Type: "type3", From: time.UnixMicro(began), To: time.UnixMicro(began).Add(time.Second)}
		})),
		one("audit records of a client and a user", trail(func(i int) audit.Query {
			return audit.Query{ClientID: "shop", Subject: idOf(b.signedIn(i))}
		})),
		one("calls of a number", func(ctx context.Context, i int) error {
			_, err := b.s.FindCalls(ctx, ledger.Find{Filter: always(), Phone: fmt.Sprint("+", 79_000_000_000+b.some(i)/usersPerCall*usersPerCall), Limit: 50})
			return err
		}),
		one("calls that failed, of all time", func(ctx context.Context, _ int) error {
			_, err := b.s.FindCalls(ctx, ledger.Find{Filter: always(), Failure: "unreachable", Limit: 50})
			return err
		}),
		one("series of numbers of an hour", func(ctx context.Context, _ int) error {
			_, err := b.s.CallSeries(ctx, time.Now().Add(-time.Hour), 5, 20)
			return err
		}),
	}
}

func always() ledger.Filter {
	return ledger.Filter{From: time.UnixMicro(began), To: time.UnixMicro(endless)}
}

func (b *bench) sweeping() []operation {
	const group = "upkeep"
	return []operation{
		{group, "a sweep that finds nothing", 20, func(ctx context.Context, _ int) error {
			_, err := b.s.Sweep(ctx, time.UnixMicro(began-1), swept)
			return err
		}},
		{group, fmt.Sprintf("a sweep of %d expired logins, sessions, grants with tokens each", swept), 2, func(ctx context.Context, _ int) error {
			n, err := b.s.Sweep(ctx, time.UnixMicro(began+24*3_600_000_000), swept)
			if err == nil && n < 3*swept {
				err = fmt.Errorf("only %d rows were swept", n)
			}
			return err
		}},
		{group, "users whose words are old", 20, func(ctx context.Context, _ int) error {
			_, err := b.s.IndexUsers(ctx, 100)
			return err
		}},
		{group, "the size of the database", 20, func(ctx context.Context, _ int) error {
			_, err := b.s.Size(ctx)
			return err
		}},
	}
}
