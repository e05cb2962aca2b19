package connector

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"saasconnect/atlassian"
)

// The words for network problems. None of them is about the token.

const tokenUnjudged = "The token wasn't checked."

const proxyHint = "Set HTTPS_PROXY to your network's proxy"

func retryFirst(more ...Remedy) []Remedy {
	return append([]Remedy{retryNow()}, more...)
}

// restartFirst puts what takes a restart of the program before the other remedies, and checking again,
// which can't help without it, behind them.
func restartFirst(do string, remedies ...Remedy) []Remedy {
	all := []Remedy{{Do: do, Action: ActNone}}
	for _, m := range remedies {
		if m.Action != ActRetry {
			all = append(all, m)
		}
	}
	return append(all, retryNow())
}

func sayProxyRefused(f *facts) words {
	fault := f.fault()
	proxy := strings.TrimSuffix("The proxy "+fault.Proxy, " ")
	w := words{
		title:    "The proxy refused the connection",
		why:      fmt.Sprintf("%s refused to connect to %s%s. %s", proxy, f.host(), proxyStatus(fault), f.unjudged()),
		remedies: restartFirst(proxyHint, askNetwork()),
	}
	switch fault.Kind {
	case atlassian.FaultProxyAuth:
		w.title = "The proxy requires a sign-in"
		w.why = fmt.Sprintf("%s asked for a user name and password (407). %s", proxy, f.unjudged())
		w.remedies[0].Do = "Add the proxy's user name and password to HTTPS_PROXY"
	case atlassian.FaultProxyUnreach, atlassian.FaultProxyName:
		seen := "which doesn't answer"
		if fault.Kind == atlassian.FaultProxyName {
			seen = "and its name can't be resolved"
		}
		w.title = "Can't connect to the proxy"
		w.why = fmt.Sprintf("HTTPS_PROXY is set to %s, %s. %s", cmp.Or(fault.Proxy, "a proxy"), seen, f.unjudged())
		w.remedies[0].Do = "Correct or unset HTTPS_PROXY"
	case atlassian.FaultProxyAddress:
		w.title = "HTTPS_PROXY is not a valid address"
		w.why = "It is set, but isn't the address of a proxy. Special characters in its user name or password must be percent-encoded, such as %40 for @. " + f.unjudged()
		w.remedies[0].Do = "Set HTTPS_PROXY like http://proxy.example.com:3128, or unset it"
	case atlassian.FaultProxyTLS:
		w.title = "The encrypted connection to the proxy failed"
		w.why = fmt.Sprintf("HTTPS_PROXY is set to %s. Its certificate isn't trusted by this computer%s, or it doesn't answer with TLS. %s",
			cmp.Or(fault.Proxy, "a proxy"), signedBy(fault.Issuer), f.unjudged())
		w.remedies[0].Do = "Restart with --ca-file and the proxy's CA certificate"
	}
	return w
}

func proxyStatus(fault *atlassian.Fault) string {
	if fault.ProxyStatus == 0 {
		return ", without a valid answer"
	}
	return fmt.Sprintf(" (%d)", fault.ProxyStatus)
}

func signedBy(issuer string) string {
	if issuer == "" {
		return ""
	}
	return fmt.Sprintf(" (signed by %q)", issuer)
}

func sayUnreachable(f *facts) words {
	w := words{
		title:    "Can't connect to " + f.host(),
		remedies: retryFirst(checkNetwork(), askNetwork()),
	}
	why := ""
	switch o := f.by[f.deciding()]; o.Fault.Kind {
	case atlassian.FaultName:
		why = unresolved(f.host()) + " Every Atlassian site has an address, so the cause is this computer's DNS or network."
		w.remedies = append(w.remedies, Remedy{Do: "Correct the site's address", Action: ActEditSite})
	case atlassian.FaultRefusedConn:
		why = fmt.Sprintf("The connection to %s was refused, which Atlassian doesn't do. Usual causes: a firewall, or a wrong DNS or hosts entry.", f.host())
	case atlassian.FaultUnreachable:
		why = fmt.Sprintf("There is no route to %s: this computer is offline, or its network has no internet access.", f.host())
	case atlassian.FaultCutOff:
		why = fmt.Sprintf("%s began to answer, then the connection broke. Usual causes: a firewall or proxy in between, or a temporary fault.", f.host())
	default:
		if o.Fault.Unshaken {
			why = fmt.Sprintf("The connection was closed before the TLS handshake was answered%s. %s", even(o), largeHello)
			w.remedies = smallerHello(w.remedies)
			break
		}
		why = fmt.Sprintf("The connection was closed before an answer came%s. Usual cause: a firewall or proxy in between.", even(o))
	}
	w.why = why + f.way() + " " + f.unjudged()
	w.remedies = f.wayFirst(w.remedies)
	return w
}

// unresolved says that a host's name can't be looked up. A message for the network admin goes by it.
func unresolved(host string) string { return fmt.Sprintf("The name %s can't be resolved.", host) }

func checkNetwork() Remedy {
	return Remedy{Do: "Check this computer's network, VPN and firewall", Action: ActNone}
}

func askNetwork() Remedy {
	return Remedy{Do: "Draft a message to your network admin", Action: ActMessage}
}

// even returns " on both attempts" where the call was repeated; "" otherwise.
func even(o atlassian.Observation) string {
	if o.Attempts > 1 {
		return " on both attempts"
	}
	return ""
}

// way returns a sentence that names the proxy the check used, or says that it used none: a browser
// may use a proxy from other settings. "" where the deciding call had no fault.
func (f *facts) way() string {
	fault := f.fault()
	switch {
	case fault == nil:
		return ""
	case fault.Proxy != "":
		return " The proxy " + fault.Proxy + " was used."
	}
	return " " + UnusedProxyWords(fault.Unused)
}

// UnusedProxyWords returns why a check used no proxy; unused is a result of
// [atlassian.UnusedProxy].
func UnusedProxyWords(unused string) string {
	variable, entry, isEntry := strings.Cut(unused, ": ")
	switch {
	case isEntry:
		return fmt.Sprintf("HTTPS_PROXY wasn't used because of the entry %q in %s.", entry, variable)
	case unused != "":
		return unused + " is set, but only HTTPS_PROXY is read."
	}
	return "No proxy was used: only HTTPS_PROXY is read. Your browser may use a proxy from other settings."
}

// UnusedProxyRemedy returns what to do about it; "" where unused is empty.
func UnusedProxyRemedy(unused string) string {
	variable, entry, isEntry := strings.Cut(unused, ": ")
	switch {
	case isEntry:
		return fmt.Sprintf("If the proxy is needed, remove %q from %s", entry, variable)
	case unused != "":
		return proxyHint
	}
	return ""
}

// wayFirst puts the remedy for a proxy that was not used before the other remedies.
func (f *facts) wayFirst(remedies []Remedy) []Remedy {
	if fault := f.fault(); fault != nil {
		if do := UnusedProxyRemedy(fault.Unused); do != "" {
			return restartFirst(do, remedies...)
		}
	}
	return remedies
}

func sayTimedOut(f *facts) words {
	w := words{
		title: f.host() + " didn't answer in time",
		why: fmt.Sprintf("There was no complete answer to %s within the time limit.%s %s",
			callWords(f.by[f.deciding()]), f.way(), f.unjudged()),
		remedies: f.wayFirst(retryFirst(checkNetwork(), askNetwork())),
	}
	if f.fault().Unshaken {
		w.why = fmt.Sprintf("The connection to %s was opened, but the TLS handshake wasn't answered within the time limit. %s%s %s",
			f.host(), largeHello, f.way(), f.unjudged())
		w.remedies = smallerHello(w.remedies)
	}
	return w
}

// largeHello is the usual cause of a TLS handshake without an answer. With ML-KEM, which Go has
// offered since 1.24, the first message no longer fits into one packet, and some devices drop or
// reset it. Sources: go.dev/doc/go1.24, crypto/tls; tldr.fail.
const largeHello = "A frequent cause is a firewall or proxy that can't handle the larger first message of current TLS (ML-KEM)."

// smallerHello puts the Go setting that turns ML-KEM off before the other remedies. Source:
// go.dev/doc/godebug.
func smallerHello(remedies []Remedy) []Remedy {
	return restartFirst("Restart with GODEBUG=tlsmlkem=0, for a smaller first message", remedies...)
}

func sayTLSUntrusted(f *facts) words {
	issuer := "an unnamed CA"
	if name := f.fault().Issuer; name != "" {
		issuer = strconv.Quote(name)
	}
	return words{
		title: "The certificate for " + f.host() + " isn't trusted by this computer",
		why: fmt.Sprintf("It was signed by %s, which this computer doesn't know. Usual cause: a company proxy that inspects "+
			"encrypted traffic. Nothing was sent over this connection.", issuer),
		remedies: restartFirst("Restart with --ca-file and your company's CA certificate", askNetwork()),
	}
}

func sayTLSInvalid(f *facts) words {
	fault := f.fault()
	w := words{
		title:    "The encrypted connection to " + f.host() + " failed",
		why:      "It broke off during the TLS handshake, before anything was sent. " + f.unjudged(),
		remedies: retryFirst(Remedy{Do: "Check for a proxy or firewall in between", Action: ActNone}, askNetwork()),
	}
	clock := Remedy{Do: "Correct this computer's clock, then check again", Action: ActRetry}
	switch fault.Kind {
	case atlassian.FaultExpired:
		w.title = "The certificate for " + f.host() + " has expired"
		w.why = "It expired" + onDay(" on ", fault.NotAfter) + "; this computer's clock says " + DateOf(f.q.Now.UTC()).Words() + ". Nothing was sent over this connection."
		w.remedies = []Remedy{clock}
	case atlassian.FaultNotYet:
		w.title = "The certificate for " + f.host() + " isn't valid yet"
		w.why = "It isn't valid" + cmp.Or(onDay(" until ", fault.NotBefore), " yet") + "; this computer's clock says " + DateOf(f.q.Now.UTC()).Words() + ". Nothing was sent over this connection."
		w.remedies = []Remedy{clock}
	case atlassian.FaultWrongHost:
		w.title = "The certificate for " + f.host() + " belongs to another host"
		w.why = "The server that answered isn't " + f.host() + subject(fault.Subject) + ". Nothing was sent over this connection."
	case atlassian.FaultWeak:
		w.why = "Its certificate is too weak, or isn't a server certificate. Atlassian's is neither. Nothing was sent over this connection."
	case atlassian.FaultSerial:
		w.why = "Its certificate has a negative serial number, which the standard forbids. Atlassian's has none. " +
			"Usual cause: a company proxy that inspects encrypted traffic. Nothing was sent over this connection."
		w.remedies = restartFirst("If you trust that proxy, restart with "+negativeSerials, w.remedies...)
	case atlassian.FaultProtocol:
		w.why = "The server doesn't support TLS 1.2 or later, which Atlassian does. Nothing was sent over this connection."
	case atlassian.FaultNotTLS:
		w.title = f.host() + " sent an unencrypted response"
		w.why = "Atlassian always uses TLS. Usual cause: the sign-in page of this network, or a proxy. Nothing was sent over this connection."
		w.remedies[0].Do = "Sign in to this network in a browser, then check again"
	case atlassian.FaultClientCert:
		w.why = "The server asked for a client certificate, which Atlassian doesn't, and closed the connection without an answer."
	}
	return w
}

// negativeSerials makes Go accept certificates with a negative serial number.
// Source: go.dev/doc/godebug.
const negativeSerials = "GODEBUG=x509negativeserial=1"

// AuthoritiesProblem returns what is wrong with the file given as --ca-file, and what to do about
// it; "" where all of it was read. Checks can run if at least one certificate was read.
func AuthoritiesProblem(file string, a atlassian.Authorities) (problem, remedy string) {
	file = atlassian.Quoted(file, longestSource)
	switch a.Form {
	case atlassian.FormUTF16:
		problem, remedy = file+" is UTF-16 text", "Save it as UTF-8, or run: iconv -f UTF-16 -t UTF-8 "+file+" > ca.pem"
	case atlassian.FormPKCS7:
		problem, remedy = file+" is in PKCS#7 format", "Run: openssl pkcs7 -print_certs -in "+file+" -out ca.pem"
	case atlassian.FormPKCS7DER:
		problem, remedy = file+" is in PKCS#7 format", "Run: openssl pkcs7 -inform DER -print_certs -in "+file+" -out ca.pem"
	case atlassian.FormPKCS12:
		problem, remedy = file+" is in PKCS#12 format", "Run: openssl pkcs12 -nokeys -in "+file+" -out ca.pem"
	case atlassian.FormUnknown:
	}
	n := a.Unreadable
	switch {
	case len(a.Certificates) == 0 && problem != "":
	case len(a.Certificates) == 0 && n == 0:
		problem, remedy = file+" contains no certificate", "Use a file with the CA certificate in PEM or DER format"
	case a.Negative > 0:
		problem = fmt.Sprintf("%s can't be read in %s, %d because of a negative serial number", Plural(n, "certificate"), file, a.Negative)
		remedy = "Restart with " + negativeSerials + " in the environment"
	case n > 0:
		problem, remedy = fmt.Sprintf("%s can't be read in %s", Plural(n, "certificate"), file), "Export the CA certificate again, in PEM or DER format"
	default:
		return "", ""
	}
	return problem, remedy
}

func subject(name string) string {
	if name == "" {
		return ""
	}
	return fmt.Sprintf(": its certificate is for %q", name)
}

func sayNotAtlassian(f *facts) words {
	o := f.by[f.deciding()]
	if f.sentToCustomDomain(o) {
		return words{
			title: f.host() + " redirects API calls to " + o.Redirect,
			why: fmt.Sprintf("The site exists, and %s keeps the path of the call: most likely it is your custom domain. Tokens work only at the site's default address, NAME.atlassian.net, which an admin finds at %s. %s",
				o.Redirect, defaultAddress, f.unjudged()),
			remedies: []Remedy{
				editSite("Enter the default address, NAME.atlassian.net"),
				{Do: "Look up your sites' names at home.atlassian.com", Action: ActOpen, URL: "https://home.atlassian.com"},
				retryNow(),
			},
		}
	}
	how := fmt.Sprintf("The answer to %s isn't one that Atlassian gives", callWords(o))
	switch {
	case o.Redirect != "":
		how = fmt.Sprintf("%s was redirected to %s, which isn't an Atlassian site. The redirect wasn't followed", callWords(o), o.Redirect)
	case o.Body == atlassian.BodyHTML && o.Status != 0:
		how = fmt.Sprintf("%s returned a web page (status %d) instead of data", callWords(o), o.Status)
	}
	return words{
		title: "Something other than Atlassian answered for " + f.host(),
		why:   how + ". Usual cause: a sign-in page of this network, of a proxy, or of single sign-on. " + f.unjudged(),
		remedies: []Remedy{
			{Do: "Sign in to this network in a browser, then check again", Action: ActRetry},
			{Do: "Correct the site's address", Action: ActEditSite},
			askNetwork(),
		},
	}
}

// sentToCustomDomain reports whether the site exists at Atlassian and redirects the call to the
// same path on a host of another domain. A redirect to a sign-in page has another path.
func (f *facts) sentToCustomDomain(o atlassian.Observation) bool {
	path, _, _ := strings.Cut(o.Path, "?")
	return f.of(atlassian.CallTenant) == classAccepted && o.Redirect != "" && o.RedirectPath == path
}

func callWords(o atlassian.Observation) string {
	if o.Path == "" {
		return "the call"
	}
	return o.Method + " " + o.Path
}

// onDay returns word and the day of t in UTC; "" for the zero time.
func onDay(word string, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return word + DateOf(t.UTC()).Words()
}

// unjudged returns what a missing answer says about the token: that it wasn't checked, or that the
// sign-in worked and only a later call failed.
func (f *facts) unjudged() string {
	if f.signedIn() {
		return "Sign-in worked."
	}
	return tokenUnjudged
}
