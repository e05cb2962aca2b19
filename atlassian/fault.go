package atlassian

import "time"

// FaultKind is why a call brought no usable HTTP answer.
type FaultKind string

// The kinds of fault. None of them says anything about the token.
const (
	FaultName         FaultKind = "name"           // the host name was not found
	FaultRefusedConn  FaultKind = "refused"        // nothing listens there
	FaultUnreachable  FaultKind = "no-route"       // no route to the host or the network
	FaultReset        FaultKind = "reset"          // reset, or closed before an answer
	FaultCutOff       FaultKind = "cut-off"        // the answer ended too early
	FaultTimeout      FaultKind = "timeout"        // no answer, or no end of it, within the limit
	FaultCanceled     FaultKind = "cancelled"      // the asker gave up
	FaultMalformed    FaultKind = "malformed"      // not HTTP, or HTTP broken beyond use
	FaultUntrusted    FaultKind = "tls-untrusted"  // certificate from an authority this machine does not know
	FaultExpired      FaultKind = "tls-expired"    // certificate's last day has passed
	FaultNotYet       FaultKind = "tls-not-yet"    // certificate's first day lies ahead
	FaultWrongHost    FaultKind = "tls-wrong-host" // certificate for another host
	FaultWeak         FaultKind = "tls-weak"       // certificate or key this machine rejects as too weak or unfit
	FaultSerial       FaultKind = "tls-serial"     // certificate whose serial number is negative, which Go does not take
	FaultProtocol     FaultKind = "tls-protocol"   // no common TLS version or cipher
	FaultHandshake    FaultKind = "tls-handshake"  // the handshake broke
	FaultNotTLS       FaultKind = "tls-none"       // plain text answered where TLS should
	FaultClientCert   FaultKind = "tls-client-certificate"
	FaultProxyUnreach FaultKind = "proxy-unreachable"
	FaultProxyName    FaultKind = "proxy-name" // the proxy's own name was not found
	FaultProxyAuth    FaultKind = "proxy-auth" // 407
	FaultProxyRefused FaultKind = "proxy-refused"
	FaultProxyTLS     FaultKind = "proxy-tls"     // an https proxy whose own certificate or handshake failed
	FaultProxyAddress FaultKind = "proxy-address" // HTTPS_PROXY holds none
	FaultUnspecified  FaultKind = "other"
)

// FaultKinds lists every kind there is.
func FaultKinds() []FaultKind {
	return []FaultKind{
		FaultName, FaultRefusedConn, FaultUnreachable, FaultReset, FaultCutOff, FaultTimeout, FaultCanceled, FaultMalformed,
		FaultUntrusted, FaultExpired, FaultNotYet, FaultWrongHost, FaultWeak, FaultSerial, FaultProtocol, FaultHandshake, FaultNotTLS, FaultClientCert,
		FaultProxyUnreach, FaultProxyName, FaultProxyAuth, FaultProxyRefused, FaultProxyTLS, FaultProxyAddress, FaultUnspecified,
	}
}

// Fault is why a call brought no usable HTTP answer, with what is known about it.
// All strings are cleaned. It is a value for concluding and never shows a raw Go error.
type Fault struct {
	Kind FaultKind
	// Issuer names who signed the certificate that was not trusted, Subject whom it is for.
	Issuer  string
	Subject string
	// NotBefore and NotAfter bound the certificate in question; zero where unknown.
	NotBefore time.Time
	NotAfter  time.Time
	// Proxy is the proxy's address with any user and password removed; "" without one.
	Proxy string
	// Unused is, where there was no proxy, what [UnusedProxy] names.
	Unused string
	// Unshaken: of a FaultTimeout or FaultReset, that the first message of a TLS handshake had
	// gone out and not a byte came back.
	Unshaken bool
	// ProxyStatus is what the proxy answered to CONNECT, 0 where it did not.
	ProxyStatus int
}
