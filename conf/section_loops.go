package conf

import "time"

func loops(c *cursor) Loops {
	return Loops{
		Folder:  get(c, "folder", orNull(c.d.files.path("folder"))),
		Workers: get(c, "workers", whole(1, 64)),
		Queue:   get(c, "queue", whole(0, 10000)),
		Limits:  section(c, "limits", loopLimits),
		Egress:  section(c, "egress", egress),
		Secrets: driverSecrets(c),
	}
}

func loopLimits(c *cursor) LoopLimits {
	const kib, mib = 1 << 10, 1 << 20
	return LoopLimits{
		Code:    get(c, "code", size(kib, mib)),
		Step:    get(c, "step", duration(10*time.Millisecond, 30*time.Second)),
		Memory:  get(c, "memory", size[int64](16*mib, 2048*mib)),
		Steps:   get(c, "steps", whole(1, 100)),
		Run:     get(c, "run", duration(100*time.Millisecond, 10*time.Minute)),
		Message: get(c, "message", size(kib, mib)),
		Headers: get(c, "headers", size(kib, mib)),
		Request: get(c, "request", size(kib, 16*mib)),
		Answer:  get(c, "answer", size(kib, 16*mib)),
		Connect: get(c, "connect", duration(100*time.Millisecond, time.Minute)),
		Reply:   get(c, "reply", duration(100*time.Millisecond, 5*time.Minute)),
	}
}

func egress(c *cursor) Egress {
	return Egress{
		AllowHTTP:    get(c, "allowHttp", hosts()),
		AllowPrivate: get(c, "allowPrivate", hosts()),
		Proxy:        get(c, "proxy", orNull(proxyURL())),
	}
}

// driverSecrets reads secrets { DRIVER { NAME = ... } }.
func driverSecrets(c *cursor) map[string]map[string]Secret {
	all := map[string]map[string]Secret{}
	entries(c, "secrets", "DRIVER", func(name string, c *cursor) {
		if !isDriverName(name) {
			c.d.fail(c.at, c.path, "is no driver's name; write lower-case letters, digits and single hyphens")
		}
		of := map[string]Secret{}
		for _, secret := range c.keys() {
			if !secretName.MatchString(secret) {
				c.d.fail(c.obj.KeyPos(secret), child(c.path, secret), "is no name of a secret; write a letter, then letters, digits and _, 40 at most")
			}
			of[secret] = getAs(c, secret, "NAME", c.d.files.secret(characters(1, 10000)))
		}
		all[name] = of
	})
	return all
}
