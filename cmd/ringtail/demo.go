package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/ringtail-id/ringtail/conf"
	"github.com/ringtail-id/ringtail/examples/shop"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/loops/drivers"
	"github.com/ringtail-id/ringtail/loops/standin"
)

func demoCommand(std stdio) *cobra.Command {
	var f settingsFlags
	var port int
	var data string
	cmd := &cobra.Command{
		Use: "demo", Short: "Run the provider, a demo shop and a virtual phone in one process", Args: args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			d := &demoRun{std: std, port: port, data: data}
			return d.run(cmd.Context(), f.set)
		},
	}
	cmd.Flags().IntVar(&port, "port", 8400, "the provider's `PORT`; shop and phone take the next two")
	cmd.Flags().StringVar(&data, "data", "var", "the `DIR` for everything that the demo keeps")
	f.registerSet(cmd)
	return cmd
}

// demoRun is one run of the demo.
type demoRun struct {
	std  stdio
	port int
	data string
}

func (d *demoRun) address(offset int) string { return fmt.Sprintf("localhost:%d", d.port+offset) }
func (d *demoRun) url(offset int) string     { return "http://" + d.address(offset) }

func (d *demoRun) run(ctx context.Context, set []string) error {
	if d.port < 1 || d.port+2 > 65535 {
		return usageError{errors.New("--port must leave room for three ports below 65536")}
	}
	secret, err := d.prepare()
	if err != nil {
		return fmt.Errorf("preparing %s: %w", d.data, err)
	}
	unlock, err := lockFolder(d.data)
	if err != nil {
		return err
	}
	defer unlock()
	known, err := d.overrides(secret)
	if err != nil {
		return err
	}
	flags := settingsFlags{file: filepath.Join(d.data, "blitz.conf"), set: append(known, set...)}
	return flags.with(ctx, d.std.err, func(in *installation) error {
		sender := standin.NewSender()
		beside, err := d.beside(in, secret, sender)
		if err != nil {
			return err
		}
		var sending sync.WaitGroup
		background, stop := context.WithCancel(ctx)
		sending.Go(func() { sender.Run(background, func(line string) { in.log.Info(line) }) })
		defer func() { stop(); sending.Wait() }()
		// The people come when every port is open: the administrator's password is
		// made and shown once.
		return in.serve(ctx, func(p *provider) error {
			password, err := in.demoPeople(ctx)
			if err != nil {
				return err
			}
			return d.announce(in.settings, p, password)
		}, beside...)
	})
}

// beside opens the shop and the virtual phone, whose callbacks go out through sender.
func (d *demoRun) beside(in *installation, secret string, sender *standin.Sender) ([]endpoint, error) {
	store, err := shop.New(shop.Options{
		Issuer: in.settings.Issuer, ClientID: demoClient, ClientSecret: demoSecret, URL: d.url(1), Now: time.Now, Log: in.log,
		APIClientID: demoAPIClient, APIClientSecret: demoAPISecret,
		HTTP: &http.Client{Timeout: 10 * time.Second},
	})
	if err != nil {
		return nil, err
	}
	phone, err := standin.NewPhone(standin.PhoneOptions{
		Token: secret, CodeLength: in.settings.Login.Methods.FlashCall.CodeLength, Now: time.Now, Send: sender.Send,
	})
	if err != nil {
		return nil, err
	}
	handlers := []http.Handler{store, phone}
	var opened []endpoint
	for i, handler := range handlers {
		l, err := listen(d.address(i+1), "choose another port with --port")
		if err != nil {
			return nil, errors.Join(err, closeAll(opened))
		}
		opened = append(opened, endpoint{listener: l, handler: handler})
	}
	return opened, nil
}

// announce prints the addresses. "ready" stands alone on the last line.
func (d *demoRun) announce(settings *conf.Settings, p *provider, adminPassword string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "demo shop      %s\nvirtual phone  %s\nprovider       %s/blitz\n%s", d.url(1), d.url(2), d.url(0), consoleLine(settings))
	fmt.Fprintf(&b, "settings       %s\n%s", filepath.Join(d.data, "blitz.conf"), p.operations())
	fmt.Fprintf(&b, "sign in as     demo, password ring-the-phone\n")
	if adminPassword != "" {
		fmt.Fprintf(&b, "administrator  admin, password %s (shown this once)\n", adminPassword)
	}
	b.WriteString("ready\n")
	_, err := d.std.out.Write([]byte(b.String()))
	return err
}

// overrides are what follows from the ports, whatever the file says.
func (d *demoRun) overrides(secret string) ([]string, error) {
	phones, err := d.phoneSecrets(secret)
	return append(phones,
		fmt.Sprintf("issuer = %q", d.url(0)+"/blitz"),
		fmt.Sprintf("server.listen = %q", d.address(0)),
		fmt.Sprintf("apps.%s.redirectUris = [%q]", demoClient, d.url(1)+"/callback"),
		fmt.Sprintf("apps.%s.postLogoutUris = [%q]", demoClient, d.url(1)+"/"),
	), err
}

// phoneSecrets lets every driver of the virtual phone reach it, so that naming another one is all that it takes to try it.
func (d *demoRun) phoneSecrets(token string) ([]string, error) {
	list, err := drivers.Shipped()
	var out []string
	for _, driver := range list {
		if !strings.HasPrefix(driver.Name, "virtual-phone") {
			continue
		}
		known := map[string]string{"URL": d.url(2), "TOKEN": token, "CALLBACK_URL": d.url(0) + "/blitz/hooks/" + driver.Name}
		for _, name := range driver.Manifest.Secrets {
			out = append(out, fmt.Sprintf("loops.secrets.%s.%s = %q", driver.Name, name, known[name]))
		}
	}
	return out, err
}

// prepare makes the data folder at the first start, and returns the token
// between the provider and the virtual phone, new at every start.
func (d *demoRun) prepare() (token string, err error) {
	if err := os.MkdirAll(d.data, 0o700); err != nil {
		return "", err
	}
	key := make([]byte, 32)
	if _, err := rand.Read(key); err != nil {
		return "", err
	}
	for name, content := range map[string]string{
		"master.key": hex.EncodeToString(key) + "\n",
		"blitz.conf": fmt.Sprintf(demoSettings, d.url(0), d.address(0), d.url(1), d.url(1), d.url(2)),
	} {
		if err := writeNew(filepath.Join(d.data, name), content); err != nil {
			return "", err
		}
	}
	return idp.NewSecret(nil)
}

// writeNew writes a file that only its owner may read, unless it is there.
func writeNew(name, content string) error {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = file.WriteString(content)
	return errors.Join(err, file.Close())
}
