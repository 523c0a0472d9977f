// Package java reads a Java procedure that implements HttpLoop and translates it to a script for the engine, so that a
// customer of Blitz brings his file as it is.
//
// The file is parsed with tree-sitter's grammar, checked against the classes and methods that are known here (the
// signatures folder) and written out as JavaScript: int is a number kept within 32 bits, long a BigInt, char a number,
// byte[] an Int8Array; Double, Character, Float, Short and Byte boxes are objects of their own, so that text and equality
// come out as Java's. What Java does at run time and JavaScript doesn't (hash order, exceptions, formats) is in the
// runtime folder, which must have run before a translated script.
//
// What isn't known is refused here, with its place and what to write instead, and never found out by a login. The package
// runs nothing, reads no file and knows nothing of the engine but the names of its words.
package java
