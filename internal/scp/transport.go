package scp

import "net/http"

const maxHeaderSize = 256 << 10 // of all header lines of an answer

// NewTransport returns a transport that keeps connections, uses HTTP/2 where offered, and takes proxies and
// extra CAs from the standard environment (HTTPS_PROXY, NO_PROXY; where Go reads them, SSL_CERT_FILE, SSL_CERT_DIR).
func NewTransport() *http.Transport {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = transport.MaxIdleConns
	transport.MaxResponseHeaderBytes = maxHeaderSize
	return transport
}
