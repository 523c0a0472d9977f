package deploy

import (
	"bufio"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/ringtail-id/ringtail/cmd/ringtail/processtest"
	"github.com/ringtail-id/ringtail/loops/standin"
)

// The people's name for the provider, as the examples have it.
const (
	host   = "login.example.org"
	issuer = "https://" + host + "/blitz"
)

// node is one process of the provider.
type node struct {
	*processtest.Process
	public, ops string // ports of 127.0.0.1
	conf        string
}

// cluster is three nodes on one database, with a phone that they all call.
type cluster struct {
	t      *testing.T // which the nodes live as long as
	binary string
	nodes  []*node
	phone  string // its address
}

const settings = `blitz.prod.local.idp {
  issuer = "` + issuer + `"
  server { listen = "127.0.0.1:%s", trustedProxies = ["127.0.0.1"], drainDelay = 5s, rateLimits.enabled = false }
  ops.listen = "127.0.0.1:%s"
  store.url = "%s"
  keys.master = %s
  login.methods {
    password.throughput { limit = 1000, window = 60 }
    flashCall {
      driver = virtual-phone, codeLength = 4, totalAttempts = 100, resendAfter = 0
      limits { perNumber { hour = 10000, day = 100000 }, perAddress.hour = 10000, perNetwork.hour = 10000, perPrefix.hour = 10000, perCountry.hour = 10000, spend.day = 0 }
      numbers.countries = [RU]
    }
  }
  apps.shop { secret = "shop-secret-of-test", redirectUris = ["https://shop.example.org/callback"], grants = [authorization_code, refresh_token] }
  apps.machine { secret = "machine-secret-of-test", grants = [client_credentials], scopes = [phone_verification] }
  loops { egress { allowHttp = ["127.0.0.1:*"], allowPrivate = ["127.0.0.1:*"] }, secrets.virtual-phone { URL = "%s", TOKEN = phone } }
}
`

// startCluster starts three nodes and makes the users.
func startCluster(t *testing.T, logins ...string) *cluster {
	t.Helper()
	phone, err := standin.NewPhone(standin.PhoneOptions{Token: "phone"})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(phone)
	t.Cleanup(server.Close)
	key := make([]byte, 32)
	if _, err := rand.Read(key); err != nil {
		t.Fatal(err)
	}
	c, dir, url := &cluster{t: t, binary: processtest.Built(t, filepath.Join("..", "bin", "ringtail"), "make build"), phone: server.URL}, t.TempDir(), database(t)
	for i := range 3 {
		n := &node{public: strconv.Itoa(processtest.FreePorts(t, 1)), ops: strconv.Itoa(processtest.FreePorts(t, 1)), conf: filepath.Join(dir, strconv.Itoa(i)+".conf")}
		text := fmt.Sprintf(settings, n.public, n.ops, url, hex.EncodeToString(key), server.URL)
		if err := os.WriteFile(n.conf, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if c.nodes = append(c.nodes, n); i == 0 {
			c.addUsers(t, logins)
		}
		c.start(n)
	}
	for _, n := range c.nodes {
		n.ready(t)
	}
	return c
}

func (c *cluster) start(n *node) {
	n.Process = processtest.Start(c.t, exec.Command(c.binary, "serve", "--conf", n.conf))
}

func (n *node) ready(t *testing.T) {
	t.Helper()
	processtest.Eventually(t, "a node is never ready", func() bool {
		if n.HasEnded() {
			t.Fatal("a node ended before it was ready")
		}
		res, err := http.Get("http://127.0.0.1:" + n.ops + "/readyz")
		if err == nil {
			res.Body.Close()
		}
		return err == nil && res.StatusCode == http.StatusOK
	})
}

// restart ends the node as an upgrade does, and starts it again.
func (c *cluster) restart(t *testing.T, n *node) {
	t.Helper()
	n.Signal(syscall.SIGTERM)
	<-n.Ended
	if n.Err != nil {
		t.Errorf("a node that was told to end: %v, want exit code 0", n.Err)
	}
	c.start(n)
	n.ready(t)
}

func (c *cluster) addUsers(t *testing.T, logins []string) {
	t.Helper()
	for i, login := range logins {
		cmd := exec.Command(c.binary, "user", "add", login, "--phone", numberOf(i), "--password", "-", "--conf", c.nodes[0].conf)
		cmd.Stdin = strings.NewReader(password)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("ringtail user add: %v\n%s", err, out)
		}
	}
}

func numberOf(user int) string { return fmt.Sprintf("+7999000%04d", 100+user) }

// served is how many public requests the node answered.
func (n *node) served(t *testing.T) (sum int) {
	t.Helper()
	res, err := http.Get("http://127.0.0.1:" + n.ops + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	for s := bufio.NewScanner(res.Body); s.Scan(); {
		if !strings.HasPrefix(s.Text(), "ringtail_requests_total{") {
			continue
		}
		words := strings.Fields(s.Text())
		count, err := strconv.ParseFloat(words[len(words)-1], 64)
		if err != nil {
			t.Fatal(err)
		}
		sum += int(count)
	}
	return sum
}

// audit is the trail, as a command of an administrator prints it.
func (c *cluster) audit(t *testing.T) string {
	t.Helper()
	out, err := exec.Command(c.binary, "audit", "list", "--json", "--conf", c.nodes[0].conf).Output()
	if err != nil {
		t.Fatalf("ringtail audit list: %v", err)
	}
	return string(out)
}
