// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"context"
	"crypto/tls"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// form is how an attempt is sent. Each has its own pool of connections.
type form int

const (
	usual     form = iota // HTTP/2 if the server offers it
	http1                 // HTTP/1.1 alone: some servers and proxies agree on HTTP/2 and speak it badly
	classical             // HTTP/1.1, without a post-quantum key share: some networks lose the large ClientHello that has one
)

func (f form) String() string {
	return [...]string{"HTTP/2 or HTTP/1.1", "HTTP/1.1", "HTTP/1.1 without a post-quantum key share"}[f]
}

// transport returns what sends requests of the form. Only an [http.Transport] can be changed.
func (f form) transport(given http.RoundTripper) http.RoundTripper {
	transport, ok := given.(*http.Transport)
	if f == usual || !ok {
		return given
	}
	transport = transport.Clone()
	transport.Protocols = new(http.Protocols)
	transport.Protocols.SetHTTP1(true)
	if transport.TLSClientConfig == nil {
		transport.TLSClientConfig = new(tls.Config)
	}
	transport.TLSClientConfig.NextProtos = []string{"http/1.1"}
	if f == classical {
		transport.TLSClientConfig.CurvePreferences = []tls.CurveID{tls.X25519, tls.CurveP256, tls.CurveP384}
	}
	return transport
}

// pool returns what sends requests of a form.
func (c *Client) pool(f form) http.RoundTripper {
	pool, ok := c.pools.Load(f)
	if !ok {
		pool, _ = c.pools.LoadOrStore(f, f.transport(c.config.Transport))
	}
	return pool.(http.RoundTripper) //nolint:forcetypeassert // nothing else is stored
}

// renew makes the next request of a form dial: after a connection that broke, others may be like it.
func (c *Client) renew(f form) {
	if pool, ok := c.pools.LoadAndDelete(f); ok {
		if transport, ok := pool.(*http.Transport); ok {
			transport.CloseIdleConnections() // and those that become idle
		}
	}
}

// newTransport returns a transport that keeps connections, uses HTTP/2 where offered, and takes proxies and extra CAs from the standard
// environment (HTTPS_PROXY, NO_PROXY; where Go reads them, SSL_CERT_FILE, SSL_CERT_DIR).
func newTransport(config Config) *http.Transport {
	transport := http.DefaultTransport.(*http.Transport).Clone() //nolint:forcetypeassert // nothing in this program replaces it
	transport.MaxIdleConnsPerHost = transport.MaxIdleConns
	// Without it net/http dials another connection instead of waiting for one that is about to be free.
	transport.MaxConnsPerHost = config.MaxConcurrency
	transport.MaxResponseHeaderBytes = maxHeaderSize
	transport.HTTP2 = &http.HTTP2Config{SendPingTimeout: max(minPingAfter, config.RequestTimeout/2), PingTimeout: pingTimeout}
	transport.OnProxyConnectResponse = func(_ context.Context, _ *url.URL, _ *http.Request, answer *http.Response) error {
		if answer.StatusCode == http.StatusOK {
			return nil
		}
		return proxyRejection(answer)
	}
	return transport
}

// after returns the form of the attempt after one of form f that broke: it differs in what failed.
func (f form) after(e *Error) form {
	if e.stage == handshaking {
		return classical
	}
	return max(f, http1)
}

// broke reports whether an attempt failed because of its connection, or because it stayed silent.
func (e *Error) broke() bool {
	return (e.Kind == KindConnection || e.Kind == KindRequestTimeout) && e.stage > dialing && !e.refused
}

// refuses reports whether a server rejected what a form has in place of the usual one's protocols or key shares.
func (e *Error) refuses() bool {
	return e.Kind == KindTLSRefused &&
		(strings.HasSuffix(e.Reason, "no application protocol") || strings.HasSuffix(e.Reason, "handshake failure"))
}

// keptForm is the form that the reads of a host begin with.
type keptForm struct {
	form
	worked bool // the host has responded to it
}

// formed sends the first attempt of a read in the form that the host took last, and the next ones in forms that differ in what failed.
// Until the host has responded to any form, others begin with the next form too: each may have to wait long for its failure.
func (c *Client) formed(next handler) handler {
	var now form
	var tried []string
	var last *Error
	return func(ctx context.Context, r Request) (response, *Error) {
		value, _ := c.forms.LoadOrStore(r.URL.Host, keptForm{})
		kept := value.(keptForm) //nolint:forcetypeassert // nothing else is stored
		if last == nil {
			now = kept.form
		}
		if last != nil && last.broke() {
			c.renew(now)
		}
		r.form = now
		got, failure := next(ctx, r)
		if !slices.Contains(tried, now.String()) {
			tried = append(tried, now.String())
		}
		switch {
		case failure != nil && failure.broke():
			now = now.after(failure)
			if !kept.worked {
				c.forms.CompareAndSwap(r.URL.Host, kept, keptForm{form: now})
			}
		case failure != nil && now != usual && failure.refuses():
			// Only the change can have caused it, so it is not what is told.
			c.forms.Delete(r.URL.Host)
			now, failure.Kind = usual, KindConnection
			if last != nil {
				told := *last
				failure = &told
			}
		case got.status == 0:
		case last != nil && last.Request.form != now:
			c.forms.CompareAndSwap(r.URL.Host, kept, keptForm{now, true})
			logWarning(ctx, r, "SCP responded to "+now.String()+", after a request in another form had failed", "error", last.Summary())
		case !kept.worked:
			c.forms.CompareAndSwap(r.URL.Host, kept, keptForm{now, true})
		}
		if failure != nil && len(tried) > 1 {
			failure.Forms = strings.Join(tried, ", ")
		}
		last = failure
		return got, failure
	}
}
