package store

import (
	"errors"
	"net"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sys/unix"
)

// watchful is a copy of config that connects by postgresDialer.
func watchful(config *pgx.ConnConfig) *pgx.ConnConfig {
	config = config.Copy()
	config.DialFunc = postgresDialer().DialContext
	return config
}

// postgresDialer notices when a network loses what is sent without a word: what the
// server hasn't taken within patience is an error, where TCP alone tries for a quarter
// of an hour. Of a connection that rests it is asked whether it still stands. It is not
// for moves: a server may let rows of a table wait for its disk for longer.
func postgresDialer() *net.Dialer {
	return &net.Dialer{
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: patience / 2, Interval: patience / 5, Count: 3},
		Control: func(network, _ string, c syscall.RawConn) (err error) {
			if !strings.HasPrefix(network, "tcp") {
				return nil
			}
			controlled := c.Control(func(fd uintptr) {
				err = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, int(patience/time.Millisecond)) // RFC 5482
			})
			return errors.Join(controlled, err)
		},
	}
}
