// Package pool watches the codes that telephone providers choose. A code is worth
// what its provider's pool is large: a provider that calls from one number, or
// counts up, has made a secret that everybody can guess, and nothing in a login
// shows it.
//
// It owns what is counted of a driver's last codes, what a fair pool may do, and
// the alarm. It does not own codes (otp) nor SQL (Store; Memory is the one
// implementation here). No code and no number is kept: only keyed hashes, how
// often each came, and how often each digit stood at each place.
//
// The statistics are explained in docs/explanation/code-pool.md.
package pool
