package settings

import (
	"github.com/ringtail-id/ringtail/conf"
	"github.com/ringtail-id/ringtail/conf/hocon"
)

// locksOut says whether there is a second factor now and would be none then: the
// console asks for one, so nobody could get in to undo it. It goes by what would be
// served, because there is more than one path that the lists can be saved under.
func locksOut(now, then *conf.Settings) bool {
	return now != nil && len(now.Login.Second) > 0 && len(then.Login.Second) == 0
}

func lockedOut() error {
	return &Invalid{Findings: []conf.Finding{{
		Pos: hocon.Pos{File: conf.SavedName}, Path: "blitz.prod.local.idp.login.factors",
		Msg: "leaves no second factor on, and the console asks administrators for one; leave one on",
	}}}
}
