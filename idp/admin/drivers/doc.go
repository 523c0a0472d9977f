// Package drivers is the console's section for drivers: drafts that administrators write in the browser, immutable
// versions, trials, cases, publication, and the drivers' secrets.
//
// A version that is published is a setting, drivers.NAME, whose value is the version's number; idp/settings brings it to
// every node and into the history. This package owns what a version is, who may make one serve, and what must hold before:
// no problem that a check finds, every case passed, and a second administrator where the settings want one.
//
// A driver that a folder of the installation holds is managed by that file: it is shown here and can't be published over.
//
// It does not own how scripts are run (loops/trial and below), where versions rest (idp/store), or how secrets are sealed
// (idp/vault). Its routes declare the rights that they need; idp/admin/console checks them.
package drivers
