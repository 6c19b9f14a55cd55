// SPDX-License-Identifier: MPL-2.0

//go:build unix

// Command usage stands in for a provider's binary: it runs the one next to it that is called real, and appends to the file that
// BENCH_USAGE names what that process took: its processor time in microseconds and its peak memory in KiB.
package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
)

func main() {
	signal.Ignore(syscall.SIGINT) // terraform sends it to the whole group; the provider itself decides
	self, err := os.Executable()
	if err == nil {
		program := filepath.Join(filepath.Dir(self), "real")
		err = run(exec.CommandContext(context.Background(), program, os.Args[1:]...)) //nolint:gosec // a benchmark's own binary
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(provider *exec.Cmd) error {
	provider.Stdin, provider.Stdout, provider.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := provider.Run(); err != nil {
		return err
	}
	usage, ok := provider.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return fmt.Errorf("no usage is known of %s", provider.Path)
	}
	file, err := os.OpenFile(os.Getenv("BENCH_USAGE"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600) //nolint:gosec // named by the benchmark
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	_, err = fmt.Fprintln(file, (provider.ProcessState.UserTime() + provider.ProcessState.SystemTime()).Microseconds(), usage.Maxrss)
	return err
}
