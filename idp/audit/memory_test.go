package audit_test

import (
	"context"
	"errors"
	"testing"

	"github.com/ringtail-id/ringtail/idp/audit"
)

func TestMemory(t *testing.T) {
	var m audit.Memory
	m.Record(context.Background(), audit.Event{Type: "a"})
	m.Break(errors.New("disk full"))
	if err := m.Append(context.Background(), audit.Event{Type: "b"}); err == nil {
		t.Error("what can't be kept was accepted")
	}
	m.Break(nil)
	if err := m.Append(context.Background(), audit.Event{Type: "c"}); err != nil {
		t.Error(err)
	}
	if got := m.Events(); len(got) != 2 || got[0].Type != "a" || got[1].Type != "c" {
		t.Errorf("%+v", got)
	}
}
