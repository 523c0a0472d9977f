// Package users owns what administrators do with people's accounts: find, make,
// change, block and delete them, set passwords, reset methods, lift limits, end
// sessions and access, and move many by CSV. It is a section of the console and of
// the API over one Service.
//
// It owns who may change whose account, which attributes nobody sets by hand, and
// that each change is on record before it is made. It does not own how a password
// or a code is proved (factors), nor what people do with their own account
// (idp/account), nor who is an administrator (idp/admin/administrators).
package users
