package admin

import "context"

// Notice is something that every administrator should know while it is so; it stands
// on every page of the console.
type Notice struct {
	Text string
	Path string // below the console, where to look at it; may be empty
}

// Noticing is a section that has notices. It is asked at every page, so it answers
// at once.
type Noticing interface {
	Notices(ctx context.Context, a *Actor) []Notice
}
