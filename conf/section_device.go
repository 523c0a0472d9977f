package conf

import "time"

func device(c *cursor) Device {
	d := Device{
		Life:     get(c, "life", duration(time.Minute, 30*time.Minute)),
		Interval: get(c, "interval", duration(time.Second, time.Minute)),
	}
	section(c, "wrongCodes", func(c *cursor) any {
		hour := func(c *cursor) int { return get(c, "hour", whole(1, 100_000)) }
		d.BrowserHour = section(c, "perBrowser", hour)
		d.AddressHour = section(c, "perAddress", hour)
		return nil
	})
	return d
}
