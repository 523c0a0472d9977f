package deploy

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/cmd/ringtail/processtest"
)

// balancer is one of the examples, started in front of a cluster.
type balancer struct {
	port string
	pool *x509.CertPool
}

// certificate makes one for the host, as PEM in two files and in one.
func certificate(t *testing.T, dir string) *x509.CertPool {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{host}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	public := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	secret := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})
	for name, content := range map[string][]byte{"fullchain.pem": public, "privkey.pem": secret, "site.pem": append(append([]byte{}, public...), secret...)} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(public)
	return pool
}

// example reads a file of this folder and puts the test's own places in the place of
// those that it names. Each must be there: an example that changed is seen.
func example(t *testing.T, name string, places map[string]string) string {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	text := string(content)
	for old, place := range places {
		if !strings.Contains(text, old) {
			t.Fatalf("%s has no %q", name, old)
		}
		text = strings.ReplaceAll(text, old, place)
	}
	return text
}

// nginxMain is what Debian's nginx.conf is to the example, without its user and logs.
const nginxMain = `daemon off;
worker_processes 2;
pid DIR/nginx.pid;
error_log stderr warn;
events { worker_connections 1024; }
http {
    access_log off;
    client_body_temp_path DIR/body;
    proxy_temp_path DIR/proxy;
    fastcgi_temp_path DIR/fastcgi;
    uwsgi_temp_path DIR/uwsgi;
    scgi_temp_path DIR/scgi;
    include DIR/ringtail.conf;
}
`

func startNginx(t *testing.T, c *cluster) *balancer {
	t.Helper()
	nginx, dir := processtest.Program(t, "nginx", "apt-get install nginx-light"), t.TempDir()
	b := &balancer{port: strconv.Itoa(processtest.FreePorts(t, 1)), pool: certificate(t, dir)}
	write(t, filepath.Join(dir, "ringtail.conf"), example(t, filepath.Join("nginx", "ringtail.conf"), map[string]string{
		"10.0.0.11:8400": "127.0.0.1:" + c.nodes[0].public, "10.0.0.12:8400": "127.0.0.1:" + c.nodes[1].public, "10.0.0.13:8400": "127.0.0.1:" + c.nodes[2].public,
		"listen 443 ssl": "listen 127.0.0.1:" + b.port + " ssl", "/etc/ssl/ringtail": dir,
	}))
	file := filepath.Join(dir, "nginx.conf")
	main := strings.ReplaceAll(nginxMain, "DIR", dir)
	if os.Geteuid() == 0 {
		main = "user root;\n" + main
	}
	write(t, file, main)
	if out, err := exec.Command(nginx, "-t", "-p", dir, "-c", file).CombinedOutput(); err != nil || strings.Contains(string(out), "[warn]") {
		t.Fatalf("nginx -t: %v\n%s", err, out)
	}
	b.wait(t, processtest.Start(t, exec.Command(nginx, "-p", dir, "-c", file)))
	return b
}

func startHAProxy(t *testing.T, c *cluster) *balancer {
	t.Helper()
	haproxy, dir := processtest.Program(t, "haproxy", "apt-get install haproxy"), t.TempDir()
	b := &balancer{port: strconv.Itoa(processtest.FreePorts(t, 1)), pool: certificate(t, dir)}
	places := map[string]string{"bind :443": "bind 127.0.0.1:" + b.port, "/etc/ssl/ringtail": dir, "check port 8401": "check"}
	for i, at := range []string{"10.0.0.11:8400", "10.0.0.12:8400", "10.0.0.13:8400"} {
		places[at] = "127.0.0.1:" + c.nodes[i].public + " port " + c.nodes[i].ops
	}
	file := filepath.Join(dir, "haproxy.cfg")
	write(t, file, example(t, filepath.Join("haproxy", "haproxy.cfg"), places))
	if out, err := exec.Command(haproxy, "-c", "-dW", "-f", file).CombinedOutput(); err != nil {
		t.Fatalf("haproxy -c: %v\n%s", err, out)
	}
	b.wait(t, processtest.Start(t, exec.Command(haproxy, "-db", "-f", file)))
	// It takes each node in after two checks.
	processtest.Eventually(t, "HAProxy never serves", func() bool {
		res, err := b.client().Get(issuer + "/.well-known/openid-configuration")
		if err == nil {
			res.Body.Close()
		}
		return err == nil && res.StatusCode == http.StatusOK
	})
	return b
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (b *balancer) wait(t *testing.T, p *processtest.Process) {
	t.Helper()
	processtest.Eventually(t, "the balancer never listens", func() bool {
		if p.HasEnded() {
			t.Fatalf("the balancer ended: %v\n%s", p.Err, p.Said)
		}
		c, err := net.Dial("tcp", "127.0.0.1:"+b.port)
		if err == nil {
			c.Close()
		}
		return err == nil
	})
}

// takesIn waits until the balancer sends the node requests. Only then may the next
// one be taken away.
func (b *balancer) takesIn(t *testing.T, n *node) {
	t.Helper()
	before, client := n.served(t), b.client()
	processtest.Eventually(t, "the balancer never takes a node in", func() bool {
		if err := whole(client.Get(issuer + "/.well-known/openid-configuration")); err != nil {
			t.Fatal(err)
		}
		return n.served(t) > before
	})
}

// client reaches the provider by its name, through the balancer.
func (b *balancer) client() *http.Client { return b.clientAt("127.0.0.1") }

// clientAt is one whose own address is another one of this machine.
func (b *balancer) clientAt(ip string) *http.Client {
	return &http.Client{Timeout: time.Minute, Transport: &http.Transport{
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(ip)}}
			return d.DialContext(ctx, network, "127.0.0.1:"+b.port)
		},
		TLSClientConfig: &tls.Config{RootCAs: b.pool}, MaxIdleConnsPerHost: 16,
	}}
}
