// Package settings owns what administrators saved: a line of revisions, each
// with its whole layer of settings, who saved it, when and why; how two who save
// at once are told of each other; and that nothing is saved which a provider
// couldn't serve.
//
// It does not own what a setting means or how a layer is laid over the settings
// file (conf), the pages and endpoints that edit settings (idp/admin/settings),
// or how a node comes to serve a revision: that is its Node.
package settings
