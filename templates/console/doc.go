// Package console owns what administrators see: the layout of the console, the
// parts that its pages share, and the renderer that joins them. A page is
// pages/SECTION/NAME.html and defines the template "content"; what it shows comes
// from the section (packages below idp/admin).
//
// It does not own the pages of people who sign in (templates), who may see what
// (idp/admin/console), nor css and js (static). The console speaks English alone.
//
// # What a page can use
//
// The dot is a View: .Data is the section's, $.URL "/users" the address of a
// path of the console. The functions are those of funcs.go, and the parts those
// of pages/_parts.html:
//
//	{{template "token" $}}                                      in every form that posts
//	{{template "field" (field $ "login" "Login" "value" .Login "hint" "as it is typed" "required" true)}}
//	{{template "field" (field $ "note" "Note" "type" "textarea" "rows" 6)}}
//	{{template "field" (field $ "kind" "Kind" "type" "select" "options" .Options)}}      of type []Option
//	{{template "field" (field $ "on" "Enabled" "type" "checkbox" "checked" .On)}}
//	{{template "table" (dict "caption" "Users" "head" (list "Login" "Phone") "rows" .Rows)}}  of type [][]Cell
//	{{template "pager" (dict "previous" .Previous "next" .Next)}}    addresses, empty where there is none
//	{{template "tabs" (dict "label" "The user" "tabs" .Tabs)}}       of type []Tab
//	{{template "confirm" (confirm $ "/users/1/block" "Block" "text" "Nobody can sign in as them." "danger" true "base" .Base)}}
//	{{when .At}}                                                a time, shown by the reader's own clock
//	{{json .Value}}                                             a value as JSON in one line
package console
