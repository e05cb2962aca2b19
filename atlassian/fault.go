package atlassian

import "time"

// FaultKind is why a call got no usable HTTP answer.
type FaultKind string

// The kinds of fault. None says anything about the token.
const (
	FaultName         FaultKind = "name"           // the host name was not found
	FaultRefusedConn  FaultKind = "refused"        // nothing listens there
	FaultUnreachable  FaultKind = "no-route"       // no route to the host or the network
	FaultReset        FaultKind = "reset"          // reset, or closed before an answer
	FaultCutOff       FaultKind = "cut-off"        // the answer ended too early
	FaultTimeout      FaultKind = "timeout"        // no answer, or no complete one, within the limit
	FaultCanceled     FaultKind = "cancelled"      // the caller canceled
	FaultMalformed    FaultKind = "malformed"      // not HTTP, or HTTP that can't be parsed
	FaultUntrusted    FaultKind = "tls-untrusted"  // certificate of a CA that this machine does not trust
	FaultExpired      FaultKind = "tls-expired"    // certificate has expired
	FaultNotYet       FaultKind = "tls-not-yet"    // certificate isn't valid yet
	FaultWrongHost    FaultKind = "tls-wrong-host" // certificate is for another host
	FaultWeak         FaultKind = "tls-weak"       // certificate or key that this machine rejects as weak or unfit
	FaultSerial       FaultKind = "tls-serial"     // certificate has a negative serial number, which Go doesn't accept
	FaultProtocol     FaultKind = "tls-protocol"   // no common TLS version or cipher
	FaultHandshake    FaultKind = "tls-handshake"  // the handshake failed otherwise
	FaultNotTLS       FaultKind = "tls-none"       // the server answered without TLS
	FaultClientCert   FaultKind = "tls-client-certificate"
	FaultProxyUnreach FaultKind = "proxy-unreachable"
	FaultProxyName    FaultKind = "proxy-name" // the proxy's own name was not found
	FaultProxyAuth    FaultKind = "proxy-auth" // 407
	FaultProxyRefused FaultKind = "proxy-refused"
	FaultProxyTLS     FaultKind = "proxy-tls"     // an https proxy's own certificate or handshake failed
	FaultProxyAddress FaultKind = "proxy-address" // HTTPS_PROXY has no valid address
	FaultUnspecified  FaultKind = "other"
)

// FaultKinds returns every kind.
func FaultKinds() []FaultKind {
	return []FaultKind{
		FaultName, FaultRefusedConn, FaultUnreachable, FaultReset, FaultCutOff, FaultTimeout, FaultCanceled, FaultMalformed,
		FaultUntrusted, FaultExpired, FaultNotYet, FaultWrongHost, FaultWeak, FaultSerial, FaultProtocol, FaultHandshake, FaultNotTLS, FaultClientCert,
		FaultProxyUnreach, FaultProxyName, FaultProxyAuth, FaultProxyRefused, FaultProxyTLS, FaultProxyAddress, FaultUnspecified,
	}
}

// Fault is why a call got no usable HTTP answer, with details. All strings are cleaned. It never
// contains the text of a Go error.
type Fault struct {
	Kind FaultKind
	// Issuer is the issuer of the certificate that was not accepted, Subject its subject.
	Issuer  string
	Subject string
	// NotBefore and NotAfter are that certificate's validity; zero where unknown.
	NotBefore time.Time
	NotAfter  time.Time
	// Proxy is the proxy's address without user and password; "" without a proxy.
	Proxy string
	// Unused is what [UnusedProxy] returns, where no proxy was used.
	Unused string
	// Unshaken is true for a FaultTimeout or FaultReset where the first message of a TLS handshake
	// was sent and not a byte came back.
	Unshaken bool
	// ProxyStatus is the proxy's answer to CONNECT; 0 where there was none.
	ProxyStatus int
}
