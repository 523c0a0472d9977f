// Command bench puts load on a provider and measures what it costs: the server's
// processor time of each operation, which is steadier than time on a shared
// machine, beside requests per second and how long they took.
//
// Without arguments it builds Ringtail, serves it on one processor with a virtual
// phone of its own, all on loopback, and puts load on it from another.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	root := loadCommand()
	root.AddCommand(partsCommand(), floorCommand(), pageCommand(), fillCommand(), profileCommand())
	root.SilenceUsage, root.SilenceErrors = true, true
	if err := root.ExecuteContext(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("%s takes no arguments", cmd.CommandPath())
	}
	return nil
}
