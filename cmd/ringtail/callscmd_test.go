package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestCallsAreSwitched(t *testing.T) {
	file := settingsFile(t, "")
	wants(t, exitOK, "KIND", "calls", "show", "--conf", file)
	wants(t, exitOK, "country RU is switched off\n", "calls", "stop", "country", "RU", "--comment", "fraud", "--conf", file)
	wants(t, exitOK, "country RU is switched off\ndriver example is switched off\n", "calls", "stop", "driver", "example", "--conf", file)
	_, out, _ := ringtail(t, "", "calls", "show", "--json", "--conf", file)
	var stops []struct {
		Kind, Value, By string
		At              time.Time
	}
	if err := json.Unmarshal([]byte(out), &stops); err != nil || len(stops) != 2 || stops[0].Kind != "country" || stops[0].By != "the command line" || stops[0].At.IsZero() {
		t.Errorf("%v: %s", err, out)
	}
	wants(t, exitOK, "driver example is switched off\n", "calls", "allow", "country", "RU", "--conf", file)
	wants(t, exitOK, "nothing is switched off\n", "calls", "allow", "driver", "example", "--conf", file)
	for name, given := range map[string][]string{
		"no such country": {"country", "XX"}, "no such kind": {"planet", "Mars"},
	} {
		if code, out, errOut := ringtail(t, "", append([]string{"calls", "stop", "--conf", file}, given...)...); code != exitRefused || out != "" || errOut == "" {
			t.Errorf("%s: exit code %d, %s%s", name, code, out, errOut)
		}
	}
	code, _, errOut := ringtail(t, "", "calls", "stop", "country", "RU", "--conf", file, "--set", "console.readonly=true")
	if want := "ringtail: Nothing can be changed here: the settings file alone is in charge. Change the file, or take console.readonly out of it. (console_readonly)\n"; code != exitRefused || errOut != want {
		t.Errorf("exit code %d, %s", code, errOut)
	}
	if code, _, _ := ringtail(t, "", "calls", "stop", "country", "RU"); code != exitUsage {
		t.Errorf("without an installation: exit code %d", code)
	}
}

// What is switched off by the command reaches nodes that serve, without a restart.
func TestEveryNodeSwitchesCallsOff(t *testing.T) {
	file := settingsFile(t, "")
	node := serveNode(t, file, "login.factors=[[{method=password,enabled=true}],[{method=flashCall,enabled=true}]]")
	const off = `ringtail_calls_stopped{kind="country",value="RU"} 1`
	if strings.Contains(get(t, node.ops+"/metrics"), off) {
		t.Fatal("Russia is switched off from the start")
	}
	wants(t, exitOK, "country RU is switched off\n", "calls", "stop", "country", "RU", "--conf", file)
	eventually(t, func() bool { return strings.Contains(get(t, node.ops+"/metrics"), off) }, func() string { return node.log.String() })
	if s, _ := node.node.service.Served(); !slices.Equal(s.Login.Methods.FlashCall.Stopped.Countries, []string{"RU"}) {
		t.Errorf("the node serves with %v switched off", s.Login.Methods.FlashCall.Stopped)
	}
	wants(t, exitOK, "nothing is switched off\n", "calls", "allow", "country", "RU", "--conf", file)
	eventually(t, func() bool { return !strings.Contains(get(t, node.ops+"/metrics"), off) }, func() string { return node.log.String() })
}
