// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"crypto/tls"
	"encoding/pem"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/net/http2"
)

// startUnsteady serves handler over HTTP/2 on connections that do not last. One in five is sent away at once, as by a server that is
// about to stop; the others end after a moment, whatever is under way. The file has its certificate.
func startUnsteady(t *testing.T, handler http.Handler) (url, certFile string) {
	t.Helper()
	certified := httptest.NewTLSServer(nil) // for its certificate
	t.Cleanup(certified.Close)
	certFile = filepath.Join(t.TempDir(), "ca.pem")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certified.Certificate().Raw})
	if err := os.WriteFile(certFile, block, 0o600); err != nil {
		t.Fatal(err)
	}
	raw, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	config := &tls.Config{Certificates: certified.TLS.Certificates, NextProtos: []string{"h2"}}
	server := &http.Server{Handler: handler, TLSConfig: config, ReadHeaderTimeout: time.Minute}
	t.Cleanup(func() { _ = server.Close() })
	go func() { _ = server.ServeTLS(unsteadyListener{raw, config}, "", "") }()
	return "https://" + raw.Addr().String(), certFile
}

// unsteadyListener hands on four of five connections, and ends them after a moment.
type unsteadyListener struct {
	net.Listener
	config *tls.Config
}

func (l unsteadyListener) Accept() (net.Conn, error) {
	for {
		connection, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		switch rand.N(10) {
		case 0:
			go sendAway(tls.Server(connection, l.config), http2.ErrCodeNo)
		case 1:
			go sendAway(tls.Server(connection, l.config), http2.ErrCodeProtocol)
		default:
			time.AfterFunc(50*time.Millisecond+rand.N(500*time.Millisecond), func() { _ = connection.Close() })
			return connection, nil
		}
	}
}

// sendAway ends a connection with GOAWAY before its first request.
func sendAway(connection net.Conn, code http2.ErrCode) {
	defer func() { _ = connection.Close() }()
	if _, err := io.ReadFull(connection, make([]byte, len(http2.ClientPreface))); err != nil {
		return
	}
	framer := http2.NewFramer(connection, connection)
	_ = framer.WriteSettings()
	_ = framer.WriteGoAway(0, code, nil)
}
