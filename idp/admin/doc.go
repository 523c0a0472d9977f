// Package admin owns what the sections of the administrators' console and of the
// admin API share: roles and the rights that they give, who acts (Actor), how a
// section declares its pages and endpoints (Route), and how it answers in JSON.
//
// A section is a package below this one: pages and endpoints over one service. It
// declares what each of its routes needs and checks none of it; whoever mounts the
// routes does (idp/admin/console), for all of them alike.
//
// It does not own any section, who is an administrator (idp/admin/administrators),
// nor the record of what they did (idp/audit).
package admin
