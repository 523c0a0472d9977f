// Package hocon reads HOCON, the language of settings files: JSON with comments, without most of the quotes and commas, with
// includes and with substitutions. It follows the whole specification of Lightbend (HOCON.md), and it can change a value in a file
// and keep the rest as it was written. It needs nothing but Go's standard library, and knows nothing of what settings mean.
//
//	c, err := hocon.ParseFile("app.conf", hocon.Options{LookupEnv: os.LookupEnv})
//	v, ok := c.Lookup("server.timeout")
//	d, err := v.Duration() // app.conf:3:13: server.timeout: should be a duration such as 500ms, 10s, "5 minutes" or 1d, not a list
//
// [Load] lays a file over built-in defaults and resolves substitutions after that. A [Value] knows where it is written, whatever
// it went through, and its getters convert as the specification allows, return errors and never panic. All errors are [*Error] or
// [Errors] and print as file:line:col: what is wrong.
//
//	d, err := hocon.ParseDocument("app.conf", text)
//	err = d.Set("server.timeout", "10s")
//	text = d.Bytes() // every other byte as before
//
// A document can't take more than its [Limits]: they bound nesting, size, includes and what substitutions may grow to.
//
// # Includes
//
// include "name" looks beside the including file, file("name") in the working directory and then beside the outermost file,
// classpath("name") beside the outermost file. A missing file is left out unless it is in required(..). Without an extension, .conf,
// .json and .properties are read and merged, .conf over .json over .properties. Files that include one another in a circle are an
// error, and so is url(..) but for file: nothing is ever read from the network.
//
// # Where the specification leaves room
//
// We do as the reference implementation does, which a test asks where it is installed: a whole number past 64 bits is a string;
// text without quotes after an object or a list, on the same line, is let go; a substitution that a later one hides must still have a
// value; an empty environment variable is an empty string; a .properties file that is included with its extension gives numbers and
// booleans. += doesn't work inside of a list, nor do substitutions in a file that is included there.
//
// In four things we do not follow it. Int64 refuses a fraction instead of cutting it, and Duration one that is too long. A self-reference
// sees the older value also where the object around it was set by a substitution in between. An object that hides another value is
// merged like any other when a substitution fetches it. A definition inside of an object is not looked at once that object is hidden.
package hocon
