package egress

import (
	"errors"
	"fmt"
	"net"

	"github.com/ringtail-id/ringtail/loops"
)

// Only stands for a driver that may reach the host of this one address, for requests that no script makes. name says in
// messages whose address it is.
func Only(name, address string) (*loops.Driver, error) {
	u, err := addressOf(address)
	if err != nil {
		return nil, fmt.Errorf("the %s is no address to send to: %w", name, err)
	}
	at, err := portOf(u)
	if err != nil {
		return nil, fmt.Errorf("the %s is no address to send to: %w", name, err)
	}
	return &loops.Driver{Name: name, Manifest: loops.Manifest{Hosts: []string{net.JoinHostPort(at.host, at.port)}}}, nil
}

// Explain puts an error of Exchange into words for who reads the log where nobody runs a driver.
func Explain(err error) error {
	var refused *loops.Refusal
	var failed *loops.Failure
	switch {
	case errors.As(err, &refused):
		return fmt.Errorf("the address may not be reached: %s", refused.Detail)
	case errors.As(err, &failed):
		return fmt.Errorf("there was no answer to use: %w", failed.Cause)
	}
	return err
}
