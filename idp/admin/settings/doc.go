// Package settings owns the section of the console and of the admin API that
// changes settings: the forms, which are made of the keys of conf, the methods of
// login with their order, what guessing a code is worth, and the history of what
// was saved.
//
// It does not own what a setting means (conf), what was saved and whether it can be
// served (idp/settings), or how a page looks (templates/console).
package settings
