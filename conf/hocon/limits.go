package hocon

// Limits bound what a document may cost. A field that is zero or below has its default. All of them hold for the whole
// load: a document, its layers and everything that they include.
type Limits struct {
	MaxBytes    int   // text read, all files together; default 4 MiB
	MaxIncludes int   // include statements carried out; default 1000
	MaxNested   int   // files that include one another, in a chain; default 50
	MaxDepth    int   // objects and lists inside one another, as written and as resolved; default 250
	MaxChain    int   // substitutions that wait for one another; default 10,000
	MaxSize     int64 // work put into values, in bytes (of text, plus 16 a value, 64 a substitution, 128 an object), copies included; default 32 MiB
}

func (l Limits) withDefaults() Limits {
	set := func(n *int, d int) {
		if *n <= 0 {
			*n = d
		}
	}
	set(&l.MaxBytes, 4<<20)
	set(&l.MaxIncludes, 1000)
	set(&l.MaxNested, 50)
	set(&l.MaxDepth, 250)
	set(&l.MaxChain, 10_000)
	if l.MaxSize <= 0 {
		l.MaxSize = 32 << 20
	}
	return l
}
