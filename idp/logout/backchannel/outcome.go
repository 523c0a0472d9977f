package backchannel

import "log/slog"

// outcome is how one try went.
type outcome struct {
	// done says that it isn't tried again.
	done, refused bool
	// status of the answer; 0 where there was none.
	status int
	// ours says that the fault was ours.
	ours bool
	err  error
	note string
}

func (o outcome) level() slog.Level {
	if o.refused {
		return slog.LevelWarn
	}
	return slog.LevelInfo
}
