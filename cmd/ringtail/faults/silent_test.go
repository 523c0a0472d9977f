package faults

import (
	"context"
	"net/http"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp/store/pgtest/pgserver"
)

// far is an address that nobody else has (RFC 2544), for a network that can be made
// to lose what is sent there.
const far = "198.18.7.1"

// farAway gives this machine the address. What is sent there is lost after lose,
// without a word to anybody, until found is called; whoever connects anew is told.
func farAway(t *testing.T) (lose, found func()) {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("an address of its own takes root")
	}
	ip := func(words ...string) error { return exec.Command("ip", words...).Run() }
	_ = ip("route", "del", "blackhole", far+"/32") // of a run that was killed
	_ = ip("address", "del", far+"/32", "dev", "lo")
	if err := ip("address", "add", far+"/32", "dev", "lo"); err != nil {
		t.Skipf("there is no address to be had: %v", err)
	}
	t.Cleanup(func() {
		_ = ip("route", "del", "blackhole", far+"/32")
		_ = ip("address", "del", far+"/32", "dev", "lo")
	})
	must := func(words ...string) {
		if err := ip(words...); err != nil {
			t.Fatalf("%v: %v", words, err)
		}
	}
	return func() {
			must("route", "add", "blackhole", far+"/32")
			must("address", "del", far+"/32", "dev", "lo")
		}, func() {
			must("address", "add", far+"/32", "dev", "lo")
			must("route", "del", "blackhole", far+"/32")
		}
}

// noticed is how long a node may take to see that its database is out of reach.
const noticed = 20 * time.Second

// TestSilentNetwork: the network loses all that a node sends to its database, and
// nobody tells it.
func TestSilentNetwork(t *testing.T) {
	needsFaults(t)
	lose, found := farAway(t)
	server := newPostgres(t)
	staysSilent(t, server, newWire(t, far, server.Folder()), lose, found)
}

// TestSilentServer: what is sent to the database arrives, and nothing comes back, as
// where a server or a proxy before it hangs. No setting of the sockets notices that.
func TestSilentServer(t *testing.T) {
	needsFaults(t)
	server := newPostgres(t)
	wire := newWire(t, "127.0.0.1", server.Folder())
	staysSilent(t, server, wire, func() { wire.set(true) }, func() { wire.set(false) })
}

// staysSilent has the database of a node fall silent under load. Whoever asks is told
// so soon, and all goes on when it is over.
func staysSilent(t *testing.T, server *pgserver.Server, wire *wire, lose, found func()) {
	t.Helper()
	w := newWorld(t, setup{people: 8, url: server.URL("postgres")})
	w.nodes[0].more = []string{"--set", "store.url=" + wire.url()}
	w.run(t)
	end := w.crowd(context.Background())
	for range runs(2) {
		w.comesBack(t)
		lose()
		w.soonTold(t)
		found()
		w.faults.count("times that the database fell silent")
	}
	w.comesBack(t)
	end()
	w.invariants(t)
}

// soonTold asks all that needs the database, at once.
func (w *world) soonTold(t *testing.T) {
	t.Helper()
	client, p := w.stranger(), newPerson(w, 0)
	var group sync.WaitGroup
	for _, one := range outside() {
		if one.needs == nothing {
			continue
		}
		req := one.request(t, w.issuer)
		group.Go(func() {
			begun := time.Now()
			a, err := p.once(context.Background(), client, req)
			took := time.Since(begun)
			if err != nil || a.status != http.StatusServiceUnavailable && !leadsToUnavailable(a) || took > noticed {
				w.faults.add("%s, with the database out of reach, after %v: %v %v", one.path, took, a, err)
			}
			w.faults.most("milliseconds until somebody was told, at most", int(took.Milliseconds()))
		})
	}
	group.Wait()
}
