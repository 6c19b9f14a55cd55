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

// startUnsteady serves handler over HTTP/2 on connections that do not last. One in five is sent away at once or ends with its first
// request, as a server does that is about to stop; the others end after a moment, whatever is under way. The file has its certificate.
func startUnsteady(t *testing.T, handler http.Handler) (url, certFile string) {
	t.Helper()
	certified := httptest.NewTLSServer(nil) // for its certificate
	t.Cleanup(certified.Close)
	certFile = filepath.Join(t.TempDir(), "ca.pem")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certified.Certificate().Raw})
	if err := os.WriteFile(certFile, block, 0o600); err != nil {
		t.Fatal(err)
	}
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: certified.TLS.Certificates, NextProtos: []string{"h2"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			go serveUnsteady(connection, handler)
		}
	}()
	return "https://" + listener.Addr().String(), certFile
}

func serveUnsteady(connection net.Conn, handler http.Handler) {
	defer func() { _ = connection.Close() }()
	if shake, ok := connection.(*tls.Conn); !ok || shake.Handshake() != nil {
		return
	}
	switch rand.N(10) {
	case 0: // GOAWAY on connect
		preface := make([]byte, len(http2.ClientPreface))
		if _, err := io.ReadFull(connection, preface); err == nil {
			framer := http2.NewFramer(connection, connection)
			_ = framer.WriteSettings()
			_ = framer.WriteGoAway(0, http2.ErrCodeNo, nil)
		}
	case 1: // the end with the first request
		_, _ = io.ReadFull(connection, make([]byte, len(http2.ClientPreface)+1))
	default:
		end := time.AfterFunc(50*time.Millisecond+rand.N(500*time.Millisecond), func() { _ = connection.Close() })
		defer end.Stop()
		new(http2.Server).ServeConn(connection, &http2.ServeConnOpts{Handler: handler, BaseConfig: &http.Server{}})
	}
}
