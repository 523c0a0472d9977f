package conf

import "time"

// Logout is how applications learn that a session ended.
type Logout struct {
	FrameWait time.Duration // that frames have on the page of a sign-out
	RetryFor  time.Duration // of telling an application from server to server
}

func logout(c *cursor) Logout {
	return Logout{
		FrameWait: get(c, "frameWait", duration(time.Second, 30*time.Second)),
		RetryFor:  get(c, "retryFor", duration(time.Minute, 7*24*time.Hour)),
	}
}
