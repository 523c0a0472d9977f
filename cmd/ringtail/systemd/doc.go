// Package systemd owns what a node tells the service manager that started it: that
// it is ready, reads its settings anew, stops, and, for the watchdog, that it still
// works. Where nobody asked, by NOTIFY_SOCKET and WATCHDOG_USEC, it does nothing.
//
// It does not own what makes a node healthy; whoever watches brings that.
package systemd
