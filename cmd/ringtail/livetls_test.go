package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// writeCertificate writes a certificate for localhost with its key.
func writeCertificate(t *testing.T, dir string, serial int64) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(serial), DNSNames: []string{"localhost"}, NotAfter: time.Now().Add(time.Hour)}
	public, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for name, block := range map[string]*pem.Block{"cert.pem": {Type: "CERTIFICATE", Bytes: public}, "key.pem": {Type: "EC PRIVATE KEY", Bytes: private}} {
		if err := os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// A renewed certificate is served after a reload; one that can't be read isn't taken.
func TestCertificatesAreReadAnew(t *testing.T) {
	file := settingsFile(t, "  server.tls { cert = cert.pem, key = key.pem }")
	dir := filepath.Dir(file)
	writeCertificate(t, dir, 1)
	n := serveNode(t, file, "issuer=https://localhost/blitz")
	serial := func() int64 {
		t.Helper()
		conn, err := tls.Dial("tcp", n.public.Addr().String(), &tls.Config{InsecureSkipVerify: true})
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		return conn.ConnectionState().PeerCertificates[0].SerialNumber.Int64()
	}
	for _, renewed := range []int64{1, 2} {
		writeCertificate(t, dir, renewed)
		n.node.host.Reload(t.Context())
		if got := serial(); got != renewed {
			t.Errorf("certificate %d is served, want %d", got, renewed)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "cert.pem"), []byte("broken"), 0o600); err != nil {
		t.Fatal(err)
	}
	n.node.host.Reload(t.Context())
	if got := serial(); got != 2 || !strings.Contains(n.log.String(), "server.tls.cert") {
		t.Errorf("certificate %d is served:\n%s", got, n.log)
	}
}
