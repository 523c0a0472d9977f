package java

import "testing"

func TestSignaturesCanBeRead(t *testing.T) {
	for _, fault := range library().faults {
		t.Error(fault)
	}
}
