package run

import (
	"context"
	"fmt"
	"os"
	"os/exec"
)

// Build makes the server's binary from the sources in the working folder, as make
// build does.
func Build(ctx context.Context, into string) error {
	cmd := exec.CommandContext(ctx, "make", "--no-print-directory", "--silent", "build", "BINARY="+into)
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("building the binary: %w", err)
	}
	return nil
}
