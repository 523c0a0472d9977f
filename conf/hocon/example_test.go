package hocon_test

import (
	"fmt"

	"github.com/ringtail-id/ringtail/conf/hocon"
)

func Example() {
	c, err := hocon.Parse("app.conf", []byte(`
		base = /srv/app
		log  = ${base}/log   // not /default/log
		server { port = 80, timeout = 5 seconds }
		server.port = ${?PORT}
	`), hocon.Options{LookupEnv: func(name string) (string, bool) { return "8080", name == "PORT" }})
	if err != nil {
		fmt.Println(err)
		return
	}
	timeout, _ := c.Lookup("server.timeout")
	d, err := timeout.Duration()
	fmt.Println(d, err, timeout.Pos())
	text, err := c.JSON()
	fmt.Println(string(text), err)
	// Output:
	// 5s <nil> app.conf:4:33
	// {"base":"/srv/app","log":"/srv/app/log","server":{"port":"8080","timeout":"5 seconds"}} <nil>
}

func ExampleDocument_Set() {
	d, err := hocon.ParseDocument("app.conf", []byte("# who may call\nlimits {\n  calls = 3 # a day\n}\n"))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(d.Set("limits.calls", "5"), d.Set("limits.period", "1d"))
	fmt.Print(string(d.Bytes()))
	// Output:
	// <nil> <nil>
	// # who may call
	// limits {
	//   calls = 5 # a day
	//   period = 1d
	// }
}
