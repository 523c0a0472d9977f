package faults

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/ringtail-id/ringtail/cmd/ringtail/processtest"
)

const (
	password     = "ring-the-phone"
	clientID     = "faults"
	clientSecret = "faults-secret-faults"
	callback     = "http://localhost:1/callback" // nobody listens: redirects to it are not followed
)

// settings take: issuer, database URL, the phone's address, more.
const settings = `blitz.prod.local.idp {
  issuer = "%[1]s"
  store.url = "%[2]s"
  keys.master = "4242424242424242424242424242424242424242424242424242424242424242"
  tokens.refreshGrace = 1m # a node that is killed takes a moment to come back
  login.methods.password { throughput { limit = 1000, window = 600 }, hash { memoryKiB = 7168, iterations = 1 } }
  login.methods.flashCall {
    driver = virtual-phone
    totalAttempts = 100
    resendAfter = 0
    limits { perNumber { hour = 100000, day = 100000 }, perAddress.hour = 100000, perNetwork.hour = 100000, perPrefix.hour = 100000, perCountry.hour = 100000, spend.day = 100000 }
  }
  apps.faults { secret = "faults-secret-faults", grants = [authorization_code, refresh_token, client_credentials, device_code], scopes = [openid, offline_access, phone_verification], redirectUris = ["http://localhost:1/callback"], postLogoutUris = ["http://localhost:1/"] }
  server.rateLimits.enabled = false
  loops.egress { allowHttp = ["localhost:*"], allowPrivate = ["localhost:*"] }
  loops.secrets.virtual-phone { URL = "%[3]s", TOKEN = "faults-phone-token" }
%[4]s}
`

// world is an installation with the people who use it and their phones, which
// outlive its nodes.
type world struct {
	dir, conf, binary, issuer string

	phone  *phone
	nodes  []*node
	hops   *hops
	people []*person
	faults *findings
	acks   *acks
	url    string           // of the database
	now    func() time.Time // of the provider; nil: time.Now
}

// setup says what a world is made of.
type setup struct {
	nodes, people int
	url           string // of the database; empty: SQLite in the world's folder
	dir           string // for the database; empty: a temporary one
	settings      string // more of them, a line each
}

// newWorld makes the installation with its people. No node runs yet.
func newWorld(t *testing.T, s setup) *world {
	t.Helper()
	w := &world{dir: s.dir, binary: processtest.Built(t, filepath.Join("..", "..", "..", "bin", "ringtail"), "make build"), faults: &findings{}, acks: newAcks()}
	if w.dir == "" {
		w.dir = t.TempDir()
	}
	if s.url == "" {
		s.url = "sqlite:" + filepath.Join(w.dir, "ringtail.db")
	}
	w.url = s.url
	said := &processtest.Lines{}
	w.hops = &hops{}
	for range max(1, s.nodes) {
		w.nodes = append(w.nodes, &node{w: w, public: freeAddress(t), ops: freeAddress(t), said: said})
	}
	w.hops.nodes, w.acks.several = w.nodes, len(w.nodes) > 1
	w.issuer = "http://" + w.nodes[0].public + "/blitz"
	w.conf = filepath.Join(t.TempDir(), "blitz.conf")
	text := fmt.Sprintf(settings, w.issuer, s.url, w.servePhone(t), s.settings)
	if err := os.WriteFile(w.conf, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	w.addPeople(t, s.people)
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the nodes said at last:\n%s", said.Tail(6000))
		}
	})
	return w
}

func (w *world) servePhone(t *testing.T) string {
	t.Helper()
	var err error
	if w.phone, err = newPhone(); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: w.phone, ReadHeaderTimeout: 5 * time.Second}
	served := make(chan struct{})
	go func() { defer close(served); _ = server.Serve(l) }()
	t.Cleanup(func() { server.Close(); <-served })
	return fmt.Sprintf("http://localhost:%d", l.Addr().(*net.TCPAddr).Port)
}

// addPeople makes n accounts, each with a number of its own.
func (w *world) addPeople(t *testing.T, n int) {
	t.Helper()
	var group errgroup.Group
	group.SetLimit(2)
	for i := range n {
		p := newPerson(w, i)
		w.people = append(w.people, p)
		group.Go(func() error {
			_, err := w.command(password, "user", "add", p.login, "--phone", "+"+p.number, "--password", "-")
			return err
		})
		if i == 0 { // the first one makes the database
			if err := group.Wait(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
}

// run starts all nodes and waits until they serve; they are killed with the test.
func (w *world) run(t *testing.T) {
	t.Helper()
	for _, n := range w.nodes {
		if err := n.start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(n.kill)
	}
	for _, n := range w.nodes {
		if err := n.serving(time.Minute); err != nil {
			t.Fatal(err)
		}
	}
}

// time is what the provider's clock says.
func (w *world) time() time.Time {
	if w.now != nil {
		return w.now()
	}
	return time.Now()
}

// digits are the last ones of a number that called: the code.
func digits(from string) string { return from[len(from)-4:] }
