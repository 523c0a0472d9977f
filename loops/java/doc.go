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
//
// Where a procedure may notice that it isn't Java:
//
//   - double and float are written as Java 19 and later do, with no digit too many;
//   - a HashMap in which nine keys or more share a bucket of a table of 64 is walked as before Java makes it a tree;
//   - Map.of and Set.of keep their order, which Java leaves open;
//   - == between Integer, Long, Short, Byte and Character objects beyond Java's cache is false, even of one object with itself;
//   - an Instant has milliseconds, and Instant.parse takes no more digits, no offset and no leap second;
//   - a Random's seed isn't taken, an overflow of the stack isn't caught, and a synchronized block is a block;
//   - letters beyond Latin, Greek, Cyrillic, Hebrew, Arabic, Devanagari and those of East Asia may not count as letters;
//   - a regular expression's \b and \B know the words of ASCII, as in Java 19 and later, and an empty match never stands
//     between the two halves of a character; what can't be done as in Java (possessive quantifiers,
//     a reference to a group that may take no part) is refused, or throws PatternSyntaxException where the pattern isn't a
//     constant;
//   - parseInt and its like take letters of ASCII, and digits of ASCII, Arabic, Devanagari and of full width alone;
//   - headMap, tailMap, subMap and descendingMap, and those of sets, give a copy that can't be changed;
//   - what only a compiler would refuse (an exception that isn't declared, a private member that is used from outside, a
//     variable that may have no value yet) is let through.
package java
