package drain

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net"
	"syscall"
	"unsafe"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// Listen opens an address so that its listener can be hushed: by TCP alone, for the
// sockets of Multipath TCP, which Go opens by itself, take no filter.
func Listen(ctx context.Context, network, address string) (net.Listener, error) {
	var lc net.ListenConfig
	lc.SetMultipathTCP(false)
	return lc.Listen(ctx, network, address)
}

// ErrUnable says that a listener's socket can't turn new connections away.
var ErrUnable = errors.New("this socket takes no filter")

// Hush has the kernel drop what would open a new connection to the listener, while
// those whose handshake is over are still accepted. A listener that closes resets
// connections that wait for Accept, with requests in them that nobody may send a
// second time; after a hush none wait. Whoever was dropped tries again within a
// second and is then refused, which any balancer takes to the next node. A listener
// without a socket of its own is left as it is. Connections that were accepted from
// it keep the filter, which has nothing to do there. The error is ErrUnable where the
// socket takes no such filter; see Listen.
func Hush(l net.Listener) error {
	socket, ok := l.(syscall.Conn)
	if !ok {
		return nil
	}
	raw, err := socket.SyscallConn()
	if err != nil {
		return fmt.Errorf("reaching the socket of %s: %w", l.Addr(), err)
	}
	filter, err := noSyn()
	if err != nil {
		return fmt.Errorf("writing a packet filter: %w", err)
	}
	var attached error
	err = raw.Control(func(fd uintptr) {
		attached = unix.SetsockoptSockFprog(int(fd), unix.SOL_SOCKET, unix.SO_ATTACH_FILTER, &unix.SockFprog{
			Len: uint16(len(filter)), Filter: unsafe.SliceData(filter), //nolint:gosec // four instructions
		})
	})
	if errors.Is(attached, unix.EOPNOTSUPP) || errors.Is(attached, unix.ENOPROTOOPT) {
		return ErrUnable
	}
	if err := errors.Join(err, attached); err != nil {
		return fmt.Errorf("turning new connections away from %s: %w", l.Addr(), err)
	}
	return nil
}

// The byte of a TCP header that holds the flags, and the flag of a first packet;
// RFC 9293, section 3.1.
const (
	flagsAt = 13
	syn     = 0x02
	whole   = math.MaxUint32 // bytes of a packet that are kept: all, or long ones lose their end
)

// noSyn drops packets with SYN and keeps all others. A socket's filter sees a packet
// from its TCP header on.
func noSyn() ([]unix.SockFilter, error) {
	program, err := bpf.Assemble([]bpf.Instruction{
		bpf.LoadAbsolute{Off: flagsAt, Size: 1},
		bpf.JumpIf{Cond: bpf.JumpBitsSet, Val: syn, SkipTrue: 1},
		bpf.RetConstant{Val: whole},
		bpf.RetConstant{Val: 0},
	})
	if err != nil {
		return nil, err
	}
	filter := make([]unix.SockFilter, 0, len(program))
	for _, i := range program {
		filter = append(filter, unix.SockFilter{Code: i.Op, Jt: i.Jt, Jf: i.Jf, K: i.K})
	}
	return filter, nil
}
