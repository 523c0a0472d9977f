package main

import (
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/conf"
)

func TestLoopRunLimitReachesTheCall(t *testing.T) {
	s := &conf.Settings{}
	s.Loops.Limits.Run = 7 * time.Minute
	if got := flashCallOptions(s, nil, nil).RunLimit; got != 7*time.Minute {
		t.Errorf("loops.limits.run of 7 minutes became %v", got)
	}
}
