package run

import (
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/ringtail-id/ringtail/bench/load"
	"github.com/ringtail-id/ringtail/factors/password"
)

const (
	clientID     = "bench"
	clientSecret = "bench-secret-bench"
	redirectURI  = "http://localhost:1/callback" // nothing listens there: redirects to it are not followed
	personSecret = "ring-the-phone"
	phoneToken   = "bench-token"
	ownScope     = "phone_verification"
)

// hashMemory and hashPasses are the smallest that may be set, so that hashing doesn't drown what is measured.
const (
	hashMemory = 7168 // KiB
	hashPasses = 1
)

// settings take: issuer, listen, store, master key, phone's address, ops.
//
// The same few people sign in again and again: limits are wide, and counted all the same.
const settings = `blitz.prod.local.idp {
  issuer = "%[1]s"
  server.listen = "%[2]s"
  ops.listen = "%[6]s"
  store.url = "%[3]s"
  keys.master = "%[4]s"
  console.enabled = false
  server.rateLimits.factor = 10000
  login.methods.password { throughput.limit = 1000, hash { memoryKiB = 7168, iterations = 1 } }
  login.methods.flashCall {
    driver = virtual-phone
    limits { perNumber { hour = 1000000, day = 1000000 }, perAddress.hour = 1000000, perNetwork.hour = 1000000, perPrefix.hour = 1000000, perCountry.hour = 1000000, spend.day = 1000000 }
  }
  apps.bench {
    secret = "bench-secret-bench", redirectUris = ["http://localhost:1/callback"], signingAlg = ES256
    grants = [authorization_code, refresh_token, client_credentials]
    scopes = [openid, profile, phone, offline_access, phone_verification]
  }
  loops.egress { allowHttp = ["localhost:*"], allowPrivate = ["localhost:*"] }
  loops.secrets.virtual-phone { URL = "%[5]s", TOKEN = "bench-token" }
  log.level = warn
}
`

// installation is Ringtail, ready to be started.
type installation struct {
	binary, file, ops string
	set               []string
	target            load.Target
}

// install writes settings and people.
func install(ctx context.Context, folder, binary, phone string, o Options, people int) (*installation, error) {
	listen, err := freeAddress()
	if err != nil {
		return nil, err
	}
	ops, err := freeAddress()
	if err != nil {
		return nil, err
	}
	store := o.Store
	if store == "" {
		store = "sqlite:bench.db"
	}
	in := &installation{binary: binary, file: filepath.Join(folder, "blitz.conf"), ops: "http://" + ops, target: load.Target{
		Issuer: "http://" + listen + "/blitz", ClientID: clientID, ClientSecret: clientSecret, RedirectURI: redirectURI,
		Scopes: []string{"openid", "profile", "phone", "offline_access"}, OwnScopes: []string{ownScope}, Alg: "ES256",
		LoginField: load.DefaultLoginField, PasswordField: load.DefaultPasswordField, Phone: phone,
	}}
	for _, s := range o.Set {
		in.set = append(in.set, "--set", s)
	}
	content := fmt.Appendf(nil, settings, in.target.Issuer, listen, store, strings.Repeat("42", 32), phone, ops)
	if err := os.WriteFile(in.file, content, 0o600); err != nil {
		return nil, err
	}
	in.target.Accounts = accounts(people)
	return in, in.addPeople(ctx, folder)
}

func accounts(n int) (list []load.Account) {
	for i := range n {
		list = append(list, load.Account{Login: fmt.Sprintf("bench%d", i), Password: personSecret, Phone: fmt.Sprintf("7999000%04d", i)})
	}
	return list
}

// addPeople imports the accounts. All have the same hash: it is hashed once.
func (in *installation) addPeople(ctx context.Context, folder string) error {
	hasher, err := password.NewHasher(password.HasherOptions{Params: password.Params{Memory: hashMemory, Time: hashPasses, Threads: 1}})
	if err != nil {
		return err
	}
	hash, err := hasher.Hash(ctx, personSecret)
	if err != nil {
		return err
	}
	var b strings.Builder
	w := csv.NewWriter(&b)
	rows := [][]string{{"login", "name", "phone_number", "password_hash"}}
	for _, a := range in.target.Accounts {
		rows = append(rows, []string{a.Login, "Bench " + a.Login, "+" + a.Phone, hash})
	}
	if err := w.WriteAll(rows); err != nil {
		return err
	}
	name := filepath.Join(folder, "people.csv")
	if err := os.WriteFile(name, []byte(b.String()), 0o600); err != nil {
		return err
	}
	args := append([]string{"user", "import", name, "--conf", in.file}, in.set...)
	if out, err := exec.CommandContext(ctx, in.binary, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("importing people: %w: %s", err, out)
	}
	return nil
}

// Registered is the client that the benchmark signs in through, and everybody's password.
type Registered struct{ ID, Secret, Redirect, Password string }

// Client is what a server that is measured with the same load must know.
func Client() Registered { return Registered{clientID, clientSecret, redirectURI, personSecret} }
