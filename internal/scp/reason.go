// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
)

// goWords are what Go's packages begin their errors with, for programmers.
var goWords = strings.NewReplacer("net/http: ", "", "http: ", "", "http2: ", "", "tls: ", "", "x509: ", "")

// reason says in words of the network, not of Go, why a try or a read failed.
func reason(err error) string {
	if name, ok := errors.AsType[*net.DNSError](err); ok {
		return fmt.Sprintf("the name %q could not be resolved: %s", name.Name, name.Err)
	}
	if operation, ok := errors.AsType[*net.OpError](err); ok {
		why := innermost(operation.Err)
		switch {
		case operation.Op == "proxyconnect":
			return "no connection to the proxy: " + reason(operation.Err)
		case operation.Op == "dial" && operation.Addr != nil:
			return fmt.Sprintf("no connection to %s: %s", operation.Addr, why)
		case operation.Op == "dial":
			return "no connection: " + why
		case operation.Op == "read" || operation.Op == "write":
			return "the connection failed: " + why
		}
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return "the time for the whole read was over"
	case errors.Is(err, context.Canceled):
		return "the read was stopped"
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		return "the connection ended before the answer was complete"
	}
	return goWords.Replace(err.Error())
}

// innermost is what the operating system says of a failed operation, without the name of the call.
func innermost(err error) string {
	if call, ok := errors.AsType[*os.SyscallError](err); ok {
		err = call.Err
	}
	if timeout, ok := errors.AsType[net.Error](err); ok && timeout.Timeout() {
		return "it took too long"
	}
	return goWords.Replace(err.Error())
}
