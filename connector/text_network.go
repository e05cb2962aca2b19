package connector

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"saasconnect/atlassian"
)

// The words for what the network did. None of them speaks of the token.

const tokenUnjudged = "Nothing is known about the token."

const proxyHint = "Set HTTPS_PROXY to the proxy that works for you"

func retryFirst(more ...Remedy) []Remedy {
	return append([]Remedy{{Do: "Check again", Action: ActRetry}}, more...)
}

func sayProxyRefused(f *facts) words {
	fault := f.fault()
	proxy := strings.TrimSuffix("The proxy "+fault.Proxy, " ")
	w := words{
		title: "The proxy did not let the check through",
		why:   fmt.Sprintf("%s refused to connect to %s%s. %s", proxy, f.host(), proxyStatus(fault), f.unjudged()),
		remedies: []Remedy{{Do: proxyHint, Action: ActNone}, {Do: "Check again", Action: ActRetry},
			{Do: "Ask whoever runs the proxy to allow " + f.host(), Action: ActMessage}},
	}
	switch fault.Kind {
	case atlassian.FaultProxyAuth:
		w.title = "The proxy wants you to sign in"
		w.why = fmt.Sprintf("%s asked for a user and a password of its own (407). %s", proxy, f.unjudged())
		w.remedies[0].Do = "Put the proxy's user and password into HTTPS_PROXY"
	case atlassian.FaultProxyUnreach, atlassian.FaultProxyName:
		seen := "nothing answers there"
		if fault.Kind == atlassian.FaultProxyName {
			seen = "its name can't be looked up"
		}
		w.title = "The proxy can't be reached"
		w.why = fmt.Sprintf("HTTPS_PROXY leads to %s, and %s. %s", Inside(proxy), seen, f.unjudged())
		w.remedies[0].Do = "Correct or unset HTTPS_PROXY"
	case atlassian.FaultProxyAddress:
		w.title = "The proxy's address can't be read"
		w.why = "HTTPS_PROXY is set, and holds no address of a proxy. Special characters in its user or password have to be written as %40 for @, and the like. " + f.unjudged()
		w.remedies = []Remedy{{Do: "Write HTTPS_PROXY as http://proxy.example.com:3128, or unset it", Action: ActNone}, {Do: "Check again", Action: ActRetry}}
	case atlassian.FaultProxyTLS:
		w.title = "The encrypted connection to the proxy failed"
		w.why = fmt.Sprintf("HTTPS_PROXY leads to %s, and this machine could not trust or understand what answers there%s. %s",
			Inside(proxy), signedBy(fault.Issuer), f.unjudged())
		w.remedies[0].Do = "Start again with --ca-file and the proxy's certificate authority"
	}
	return w
}

func proxyStatus(fault *atlassian.Fault) string {
	if fault.ProxyStatus == 0 {
		return ", without an answer that could be understood"
	}
	return fmt.Sprintf(" (%d)", fault.ProxyStatus)
}

func signedBy(issuer string) string {
	if issuer == "" {
		return ""
	}
	return fmt.Sprintf(" (a certificate signed by %q)", issuer)
}

func sayUnreachable(f *facts) words {
	w := words{
		title:    f.host() + " can't be reached from here",
		remedies: retryFirst(checkNetwork(), askNetwork()),
	}
	why := ""
	switch o := f.by[f.deciding()]; o.Fault.Kind {
	case atlassian.FaultName:
		why = fmt.Sprintf("This machine found no address for the name %s. Every Atlassian site has one, so the cause is this machine's name lookup or its network.", f.host())
		w.remedies = append(w.remedies, Remedy{Do: "Correct the site's address", Action: ActEditSite})
	case atlassian.FaultRefusedConn:
		why = fmt.Sprintf("The connection to %s was refused, which Atlassian does not do: a firewall or a wrong entry for the name is the usual cause.", f.host())
	case atlassian.FaultUnreachable:
		why = fmt.Sprintf("This machine found no way to %s: it is offline, or its network leads nowhere.", f.host())
	case atlassian.FaultCutOff:
		why = fmt.Sprintf("%s began to answer and the connection broke off. Something on the way, or a passing fault, is the usual cause.", f.host())
	default:
		if o.Fault.Unshaken {
			why = fmt.Sprintf("The connection was closed before the TLS handshake was answered%s. %s", even(o), largeHello)
			w.remedies = smallerHello(w.remedies)
			break
		}
		why = fmt.Sprintf("The connection was closed before an answer came%s. A firewall or a proxy in between is the usual cause.", even(o))
	}
	w.why = why + f.way() + " " + f.unjudged()
	w.remedies = f.wayFirst(w.remedies)
	return w
}

func checkNetwork() Remedy {
	return Remedy{Do: "Check this machine's network, VPN and firewall", Action: ActNone}
}

func askNetwork() Remedy {
	return Remedy{Do: "Write the message for whoever runs your network", Action: ActMessage}
}

// even tells that a second try brought no better answer.
func even(o atlassian.Observation) string {
	if o.Attempts > 1 {
		return ", even at the second try"
	}
	return ""
}

// way names the proxy that the check went through, since it may be the cause, or says that
// there was none: a browser may have found one by another way.
func (f *facts) way() string {
	fault := f.fault()
	switch {
	case fault == nil:
		return ""
	case fault.Proxy != "":
		return " The way there leads through the proxy " + fault.Proxy + "."
	}
	return " " + UnusedProxyWords(fault.Unused)
}

// UnusedProxyWords is the sentence about a check without a proxy, for what
// atlassian.UnusedProxy named.
func UnusedProxyWords(unused string) string {
	variable, entry, isEntry := strings.Cut(unused, ": ")
	switch {
	case isEntry:
		return fmt.Sprintf("HTTPS_PROXY was not used because of the entry %q in %s.", entry, variable)
	case unused != "":
		return unused + " is set, but only HTTPS_PROXY is read."
	}
	return "No proxy was used: only HTTPS_PROXY is read, and your browser may use another way."
}

// UnusedProxyRemedy is what to do about it; "" where nothing was named.
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

// wayFirst puts what to do about a proxy that was not used before the other remedies.
func (f *facts) wayFirst(remedies []Remedy) []Remedy {
	if fault := f.fault(); fault != nil {
		if do := UnusedProxyRemedy(fault.Unused); do != "" {
			return append([]Remedy{{Do: do, Action: ActNone}}, remedies...)
		}
	}
	return remedies
}

func sayTimedOut(f *facts) words {
	w := words{
		title: f.host() + " did not answer in time",
		why: fmt.Sprintf("There was no complete answer to %s within the check's limit.%s %s",
			callWords(f.by[f.deciding()]), f.way(), f.unjudged()),
		remedies: f.wayFirst(retryFirst(checkNetwork(), askNetwork())),
	}
	if f.fault().Unshaken {
		w.why = fmt.Sprintf("The connection to %s was opened, but the TLS handshake was not answered within the check's limit. %s%s %s",
			f.host(), largeHello, f.way(), f.unjudged())
		w.remedies = smallerHello(w.remedies)
	}
	return w
}

// largeHello is the usual cause of a handshake that is not answered: with ML-KEM, which Go
// offers since 1.24, its first message no longer fits in one packet, and some devices drop or
// reset what they did not expect. Sources: go.dev/doc/go1.24, crypto/tls; tldr.fail.
const largeHello = "A firewall or proxy that can't handle the larger first message of today's TLS (ML-KEM) is a frequent cause."

// smallerHello puts Go's setting for the message without ML-KEM before the other remedies.
// Source: go.dev/doc/godebug.
func smallerHello(remedies []Remedy) []Remedy {
	return append([]Remedy{{Do: "Start again with GODEBUG=tlsmlkem=0 set, for a smaller first message", Action: ActNone}}, remedies...)
}

func sayTLSUntrusted(f *facts) words {
	issuer := "an authority without a name"
	if name := f.fault().Issuer; name != "" {
		issuer = strconv.Quote(name)
	}
	return words{
		title: "This machine does not trust who vouches for " + f.host(),
		why: fmt.Sprintf("The certificate was signed by %s, which this machine does not know. A company proxy that opens and re-signs "+
			"encrypted traffic is the usual cause. Nothing was sent over it.", issuer),
		remedies: []Remedy{
			{Do: "Start again with --ca-file and your company's certificate authority", Action: ActNone},
			{Do: "Check again", Action: ActRetry},
			{Do: "Write the message that asks your network's admins for it", Action: ActMessage},
		},
	}
}

func sayTLSInvalid(f *facts) words {
	fault := f.fault()
	w := words{
		title:    "The encrypted connection to " + f.host() + " failed",
		why:      "It broke off while it was being set up, before anything was sent over it. " + f.unjudged(),
		remedies: retryFirst(Remedy{Do: "Check whether a proxy or a firewall stands in between", Action: ActNone}, askNetwork()),
	}
	clock := Remedy{Do: "Check this machine's clock", Action: ActNone}
	switch fault.Kind {
	case atlassian.FaultExpired:
		w.title = "The certificate shown for " + f.host() + " has expired"
		w.why = "Its last day" + day(fault.NotAfter) + " has passed; this machine's clock says " + DateOf(f.q.Now.UTC()).Words() + ". Nothing was sent over it."
		w.remedies = []Remedy{clock, {Do: "Check again", Action: ActRetry}}
	case atlassian.FaultNotYet:
		w.title = "The certificate shown for " + f.host() + " is not valid yet"
		w.why = "Its first day" + day(fault.NotBefore) + " is still to come; this machine's clock says " + DateOf(f.q.Now.UTC()).Words() + ". Nothing was sent over it."
		w.remedies = []Remedy{clock, {Do: "Check again", Action: ActRetry}}
	case atlassian.FaultWrongHost:
		w.title = "The certificate shown for " + f.host() + " is for another host"
		w.why = "Whatever answered is not " + f.host() + subject(fault.Subject) + ". Nothing was sent over it."
	case atlassian.FaultWeak:
		w.why = "The certificate shown for " + f.host() + " is too weak or unfit for a server. Atlassian's own is not. Nothing was sent over it."
	case atlassian.FaultSerial:
		w.why = "The certificate shown for " + f.host() + " has a negative serial number, which the standard forbids and Atlassian's own has not. " +
			"A company proxy that opens and re-signs encrypted traffic is the usual cause. Nothing was sent over it."
		w.remedies = append([]Remedy{{Do: "Start again with " + negativeSerials + ", if you know that proxy", Action: ActNone}}, w.remedies...)
	case atlassian.FaultProtocol:
		w.why = "Whatever answered speaks no TLS version from 1.2 on, which Atlassian does. Nothing was sent over it."
	case atlassian.FaultNotTLS:
		w.title = f.host() + " was answered without encryption"
		w.why = "Something answered in clear where Atlassian speaks TLS: a captive portal or a proxy is the usual cause. Nothing was sent over it."
		w.remedies = append([]Remedy{{Do: "Sign in to this network in a browser first", Action: ActNone}}, w.remedies...)
	case atlassian.FaultClientCert:
		w.why = "Whatever answered wants a certificate from you, which Atlassian does not, and ended the connection without an answer."
	}
	return w
}

// negativeSerials makes Go take certificates with a negative serial number.
// Source: go.dev/doc/godebug.
const negativeSerials = "GODEBUG=x509negativeserial=1"

// AuthoritiesProblem says what is wrong with the file given as --ca-file, and what to do about
// it; "" where all of it was read. The check can go on where there is at least one certificate.
func AuthoritiesProblem(file string, a atlassian.Authorities) (problem, remedy string) {
	file = strconv.Quote(atlassian.Clean(file, longestPlace))
	switch a.Form {
	case atlassian.FormUTF16:
		problem, remedy = file+" is text in UTF-16", "Save it as UTF-8, or run: iconv -f UTF-16 -t UTF-8 "+file+" > ca.pem"
	case atlassian.FormPKCS7:
		problem, remedy = file+" holds PKCS#7", "Run: openssl pkcs7 -print_certs -in "+file+" -out ca.pem"
	case atlassian.FormPKCS7DER:
		problem, remedy = file+" holds PKCS#7", "Run: openssl pkcs7 -inform DER -print_certs -in "+file+" -out ca.pem"
	case atlassian.FormPKCS12:
		problem, remedy = file+" holds PKCS#12", "Run: openssl pkcs12 -nokeys -in "+file+" -out ca.pem"
	case atlassian.FormUnknown:
	}
	n := a.Unreadable
	switch {
	case len(a.Certificates) == 0 && problem != "":
	case len(a.Certificates) == 0 && n == 0:
		problem, remedy = file+" holds no certificate", "Give a file with the authority's certificate in PEM or DER form"
	case a.Negative > 0:
		problem = fmt.Sprintf("%s can't be read in %s, %d because of a negative serial number", Plural(n, "certificate"), file, a.Negative)
		remedy = "Start again with " + negativeSerials + " in the environment"
	case n > 0:
		problem, remedy = fmt.Sprintf("%s can't be read in %s", Plural(n, "certificate"), file), "Export the authority's certificate again, in PEM or DER form"
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
			title: f.host() + " sends API calls on to " + o.Redirect,
			why: fmt.Sprintf("The site is there, and %s keeps the path of the call: most likely it is a custom domain of yours. Tokens work only at the site's default address, NAME.atlassian.net, which an admin finds at %s. %s",
				o.Redirect, defaultAddress, f.unjudged()),
			remedies: []Remedy{
				editSite("Enter the default address, NAME.atlassian.net"),
				{Do: "Look up your sites' names at home.atlassian.com", Action: ActOpen, URL: "https://home.atlassian.com"},
				retryNow(),
			},
		}
	}
	how := fmt.Sprintf("%s was answered in a way that Atlassian's services do not answer", callWords(o))
	switch {
	case o.Redirect != "":
		how = fmt.Sprintf("%s was redirected to %s, which is not an Atlassian site. The redirect was not followed", callWords(o), o.Redirect)
	case o.Body == atlassian.BodyHTML && o.Status != 0:
		how = fmt.Sprintf("%s was answered with a web page (status %d) instead of data", callWords(o), o.Status)
	}
	return words{
		title: "Something other than Atlassian answered for " + f.host(),
		why:   how + ". A sign-in page of this network, of a proxy, or of single sign-on is the usual cause. " + f.unjudged(),
		remedies: []Remedy{
			{Do: "Sign in to this network in a browser, then check again", Action: ActRetry},
			{Do: "Correct the site's address", Action: ActEditSite},
			askNetwork(),
		},
	}
}

// sentToCustomDomain: Atlassian says that the site is there, and the call is sent on, path and
// all, to a domain that is not Atlassian's. A sign-in page has a path of its own.
func (f *facts) sentToCustomDomain(o atlassian.Observation) bool {
	path, _, _ := strings.Cut(o.Path, "?")
	return f.of(atlassian.CallTenant) == classAccepted && o.Redirect != "" && o.RedirectPath == path
}

// callWords names a call as it went out.
func callWords(o atlassian.Observation) string {
	if o.Path == "" {
		return "the call"
	}
	return o.Method + " " + o.Path
}

// day is a certificate's day in brackets, where it is known.
func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return " (" + DateOf(t.UTC()).Words() + ")"
}

// unjudged says what a missing answer means for the token: nothing, and what was proven
// before it stays proven.
func (f *facts) unjudged() string {
	if f.signedIn() {
		return "The sign-in itself worked."
	}
	return tokenUnjudged
}
