package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/factors/otp/pool"
)

func TestLimitsCodes(t *testing.T) {
	file := settingsFile(t, "")
	code, out, errOut := ringtail(t, "", "limits", "codes", "--conf", file)
	if code != exitOK || out != "DRIVER  DIGITS  CODES  PAIRS  EXPECTED  BITS  ALARM\n" {
		t.Fatalf("before the first code: %d, %s%s", code, out, errOut)
	}
	observeCodes(t, file, pool.Codes+1, func(int) string { return "4242" })
	code, out, errOut = ringtail(t, "", "limits", "codes", "--conf", file)
	if code != exitOK || !strings.Contains(out, "some    4       1      0      0.00      0.0   repeats (before)\n") {
		t.Errorf("exit code %d: %s%s", code, out, errOut)
	}
	code, out, errOut = ringtail(t, "", "limits", "codes", "--conf", file, "--json")
	var reports []pool.Report
	if err := json.Unmarshal([]byte(out), &reports); code != exitOK || err != nil {
		t.Fatalf("exit code %d, %v: %s%s", code, err, out, errOut)
	}
	if len(reports) != 1 || reports[0].Codes != 1 || reports[0].Before.Pairs != pool.Codes*(pool.Codes-1)/2 || reports[0].Before.Alarm != pool.ReasonRepeats {
		t.Errorf("reports are %+v", reports)
	}
}

// observe has codes counted in the installation of a settings file.
func observeCodes(t *testing.T, file string, n int, code func(i int) string) {
	t.Helper()
	f := settingsFlags{file: file}
	err := f.with(t.Context(), t.Output(), func(in *installation) error {
		watch, err := pool.New(pool.Options{Store: in.store, Hash: func(parts ...string) string { return in.keyring.Hash("code pool", parts...) }})
		for i := 0; err == nil && i < n; i++ {
			_, err = watch.Observe(t.Context(), "some", fmt.Sprint("+7999000", i), code(i), 4)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
