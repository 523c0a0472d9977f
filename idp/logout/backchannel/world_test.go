package backchannel_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/keyring"
	"github.com/ringtail-id/ringtail/idp/logout/backchannel"
	"github.com/ringtail-id/ringtail/idp/oidc"
	"github.com/ringtail-id/ringtail/idp/oidc/signing"
	"github.com/ringtail-id/ringtail/idp/store"
	"github.com/ringtail-id/ringtail/idp/store/sqlitetest"
	"github.com/ringtail-id/ringtail/loops/egress"
)

const issuer = "https://login.example.test/blitz"

// world is a sender over a real database; relying parties are real servers under
// names that a resolver of the test's own knows. The clock stands.
type world struct {
	t      *testing.T
	store  *store.Store
	ring   *signing.Ring
	sender *backchannel.Sender
	log    bytes.Buffer

	mu       sync.Mutex
	now      time.Time
	roots    *x509.CertPool
	hosts    map[string]string       // where a public name really is
	resolves map[string][]netip.Addr // what a name says it has
	sessions int
	dialled  []string // addresses that nobody should dial
}

func newWorld(t *testing.T, changes ...func(*backchannel.Options)) *world {
	t.Helper()
	w := &world{t: t, now: time.Now().Truncate(time.Second), roots: x509.NewCertPool(), hosts: map[string]string{}, resolves: map[string][]netip.Addr{}}
	data, err := store.Open(t.Context(), store.Options{URL: sqlitetest.URL(t), Now: w.clock})
	w.must(err)
	t.Cleanup(func() { w.must(data.Close()) })
	w.store = data
	keys, err := keyring.New(bytes.Repeat([]byte{7}, keyring.MasterKeyBytes), nil)
	w.must(err)
	w.ring, err = signing.New(signing.Options{Records: data, Keyring: keys, Algorithms: []string{signing.ES256, signing.EdDSA}, Now: w.clock})
	w.must(err)
	w.sender = w.node(changes...)
	w.must(data.CreateUser(t.Context(), &idp.User{ID: "u1", Login: "anna"}))
	return w
}

// node is one more sender on the same database.
func (w *world) node(changes ...func(*backchannel.Options)) *backchannel.Sender {
	w.t.Helper()
	o := backchannel.Options{
		Issuer: issuer, Queue: w.store, Clients: w.store, Keys: w.ring, Now: w.clock,
		Post: backchannel.NewPost(egress.Options{Roots: w.roots, Resolver: w, Dial: w.dial}),
		Log:  slog.New(slog.NewTextHandler(writer{w}, nil)),
	}
	for _, change := range changes {
		change(&o)
	}
	sender, err := backchannel.New(o)
	w.must(err)
	return sender
}

type writer struct{ w *world }

func (l writer) Write(p []byte) (int, error) {
	l.w.mu.Lock()
	defer l.w.mu.Unlock()
	return l.w.log.Write(p)
}

func (w *world) logged(text string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return strings.Contains(w.log.String(), text)
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) advance(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

// public is an address of the open network, where every good name is.
var public = netip.MustParseAddr("93.184.215.14")

// LookupNetIP implements egress.Resolver.
func (w *world) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if says, ok := w.resolves[host]; ok {
		return says, nil
	}
	if _, ok := w.hosts[host]; ok {
		return []netip.Addr{public}, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: host}
}

// dial reaches, by a port that is each server's own, the one that listens there.
func (w *world) dial(ctx context.Context, network, address string) (net.Conn, error) {
	if a, err := netip.ParseAddrPort(address); err != nil || a.Addr() != public {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.dialled = append(w.dialled, address)
		return nil, fmt.Errorf("%s is not the public address", address)
	}
	_, port, _ := net.SplitHostPort(address)
	return (&net.Dialer{}).DialContext(ctx, network, "127.0.0.1:"+port)
}

// party is a relying party: what it got, and what it answers.
type party struct {
	uri string

	mu     sync.Mutex
	status int
	got    []got
}

type got struct {
	header http.Header
	method string
	form   map[string][]string
}

func (p *party) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	_ = r.ParseForm()
	p.got = append(p.got, got{header: r.Header, method: r.Method, form: r.PostForm})
	w.WriteHeader(p.status)
}

func (p *party) answers(status int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.status = status
}

func (p *party) calls() []got {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.got
}

// register starts a relying party and makes it a client.
func (w *world) register(id string, change func(*idp.Client)) *party {
	w.t.Helper()
	p := &party{status: http.StatusOK}
	w.serve(id, p, &p.uri)
	c := &idp.Client{ID: id, Grants: []string{idp.GrantCode}, SigningAlg: signing.ES256, RedirectURIs: []string{"https://" + id + ".example/cb"}}
	c.BackchannelLogoutURI = p.uri
	if change != nil {
		change(c)
	}
	w.must(w.store.CreateClient(w.t.Context(), c))
	return p
}

// serve has the handler answer under https://ID.example.com with a certificate
// that holds for it.
func (w *world) serve(id string, handler http.Handler, uri *string) {
	w.t.Helper()
	server := httptest.NewTLSServer(handler) // its certificate is example.com's
	w.t.Cleanup(server.Close)
	_, port, _ := net.SplitHostPort(server.Listener.Addr().String())
	host := "example.com"
	w.mu.Lock()
	defer w.mu.Unlock()
	w.roots.AddCert(server.Certificate())
	w.hosts[host] = server.Listener.Addr().String()
	*uri = "https://" + host + ":" + port + "/logout/" + id
}

// ended signs u1 in at the clients and out again, and gives the session.
func (w *world) ended(clients ...string) string {
	w.t.Helper()
	w.mu.Lock()
	w.sessions++
	id := fmt.Sprint("s", w.sessions)
	w.mu.Unlock()
	ctx, now := w.t.Context(), w.clock()
	w.must(w.store.CreateSession(ctx, &idp.Session{ID: id, UserID: "u1", Browser: "b", CreatedAt: now, SeenAt: now, ExpiresAt: now.Add(time.Hour)}))
	for _, client := range clients {
		w.must(w.store.CreateGrant(ctx, &oidc.Grant{
			ID: id + client, ClientID: client, UserID: "u1", Session: id, Scopes: []string{"openid"},
			Code: oidc.Code{Hash: id + client}, CreatedAt: now, ExpiresAt: now.Add(time.Hour),
		}))
	}
	_, err := w.store.EndSessions(ctx, idp.Ending{UserID: "u1", Session: id}, now)
	w.must(err)
	return id
}

// work sends all that is due now, and says how many that were.
func (w *world) work() (n int) {
	w.t.Helper()
	for {
		did, err := w.sender.Work(w.t.Context())
		w.must(err)
		if !did {
			return n
		}
		n++
	}
}

// dialAnywhere is dial without the check.
func (w *world) dialAnywhere(ctx context.Context, network, address string) (net.Conn, error) {
	_, port, _ := net.SplitHostPort(address)
	return (&net.Dialer{}).DialContext(ctx, network, "127.0.0.1:"+port)
}
