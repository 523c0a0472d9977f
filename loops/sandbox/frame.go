package sandbox

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// errFrame says that the other side broke the framing or passed its size.
var errFrame = errors.New("broken frame")

// frameRoom is what a frame may hold beside the parts that have limits of their own.
const frameRoom = 64 << 10

// writeFrame writes one message.
func writeFrame(w io.Writer, message any, most int) error {
	frame, err := frameOf(message, most)
	if err != nil {
		return err
	}
	_, err = w.Write(frame)
	return err
}

// frameOf gives a message as the pipes carry it: its length in four bytes, big-endian, then the JSON.
func frameOf(message any, most int) ([]byte, error) {
	var buf bytes.Buffer
	buf.Write(make([]byte, 4))
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(message); err != nil {
		return nil, fmt.Errorf("writing a frame: %w", err)
	}
	size := buf.Len() - 4
	if size > most {
		return nil, fmt.Errorf("%w: %d bytes, at most %d are allowed", errFrame, size, most)
	}
	binary.BigEndian.PutUint32(buf.Bytes(), uint32(size)) //nolint:gosec // most is far below 4 GiB
	return buf.Bytes(), nil
}

// readFrame reads one message into out. A size beyond most is refused before anything of it is read.
func readFrame(r io.Reader, out any, most int) error {
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return err
	}
	size := int64(binary.BigEndian.Uint32(head[:]))
	if size > int64(most) {
		return fmt.Errorf("%w: %d bytes, at most %d are allowed", errFrame, size, most)
	}
	body := make([]byte, size)
	if _, err := io.ReadFull(r, body); err != nil {
		return err
	}
	if err := json.Unmarshal(body, out); err != nil {
		return fmt.Errorf("%w: %w", errFrame, err)
	}
	return nil
}
