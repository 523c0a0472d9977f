package conf

func ops(c *cursor) Ops {
	return Ops{
		Listen: get(c, "listen", orNull(text("an address, host:port", func(s string) bool { return s == "" || isAddress(s) }))),
		Pprof:  get(c, "pprof", boolean()),
	}
}
