package fakecloud

import "time"

// Situations caused by the cloud or the connection; what is typed is right.

// later is how long a temporary answer lasts. A 429's Retry-After is longer: see tooMany.
const later = 10 * time.Second

// moment is how long the server of the situation "second-try" is busy. The retry comes later,
// after the one second that it asks for.
const moment = 500 * time.Millisecond

// answerSituations returns the situations with wrong answers of Atlassian's, or of something else.
func answerSituations() []Situation {
	again := "Check again after 10 seconds."
	rules := func(r ...rule) faults { return faults{rules: r} }
	passing := func(r rule) faults { return faults{rules: []rule{r}, clearsAfter: later} }
	signedIn := func(answer func(exchange)) rule { return rule{signedIn: true, answer: answer} }
	limited := faults{rules: []rule{signedIn(tooMany)}, clearsAfter: 2 * later}

	return []Situation{
		on("captcha", "captcha", jira, "After failed sign-ins, Atlassian requires a CAPTCHA.",
			"Sign in once in a browser (here: wait 10 seconds), then check again.", passing(signedIn(captcha))),
		{Name: "silent-anonymous", Code: "token-refused", Product: jira, Title: "The token was revoked; Jira returns 200 and says so only in a header.",
			Seed:   seed(mia, userToken("mia, revoked"), cured("Use a valid token.", mia)),
			faults: rules(rule{path: "/myself", signedIn: true, site: true, answer: silentAnonymous})},
		on("admin-unknown", "admin-unknown", jira, "Jira's answer about permissions lacks the requested one.",
			"None: the demo Jira stays like this.", rules(rule{path: "/mypermissions", answer: noPermissions})),
		on("admin-unknown-confluence", "admin-unknown", confluence, "Confluence's answer doesn't say what the account may do.",
			"None: the demo Confluence stays like this.", rules(rule{path: "/user/current", answer: noOperations})),
		on("rate-limited", "rate-limited", jira, "Atlassian limits the request rate and says to retry in 20 seconds.",
			"Check again after 20 seconds.", limited),
		on("rate-limited-silently", "rate-limited", confluence, "Atlassian limits the request rate and doesn't say when to retry.",
			again, passing(signedIn(tooManyAtGateway))),
		on("atlassian-trouble", "atlassian-trouble", jira, "Jira returns an internal error.", again, passing(signedIn(internalError))),
		on("bad-gateway", "atlassian-trouble", confluence, "Atlassian's edge can't reach Confluence.", again, passing(signedIn(badGateway))),
		on("maintenance", "atlassian-trouble", jira, "The site is down for maintenance.", again, passing(signedIn(maintenance))),
		on("slow", "ok", jira, "All checks pass, but each answer is slow.", "Nothing to fix.", faults{slow: 600 * time.Millisecond}),
		on("second-try", "ok", jira, "Jira is briefly busy: it returns 503 first, then the right answer.", "Nothing to fix.",
			faults{rules: []rule{{path: "/myself", answer: busyForAMoment}}, clearsAfter: moment}),
		on("not-atlassian", "not-atlassian", jira, "A company's sign-in page answers instead of Atlassian.",
			"Leave that network, or sign in to it.", rules(rule{answer: loginPage})),
		on("captive-portal", "not-atlassian", jira, "A hotel network requires accepting its terms first.",
			"Open a browser and accept the terms.", rules(rule{answer: captivePortal})),
		on("sso-page", "not-atlassian", confluence, "A company gateway redirects every request to its own sign-in.",
			"Sign in to the company gateway.", rules(rule{answer: ssoPage})),
		on("timed-out", "timed-out", jira, "Jira accepts the request and doesn't answer.", again, passing(signedIn(silence))),
		on("timed-out-midway", "timed-out", confluence, "Confluence begins to answer and never finishes.", again, passing(signedIn(endless))),
		on("cut-off", "unreachable", jira, "The connection breaks in the middle of the answer.", again, passing(signedIn(cutOff))),
		on("tokens-blocked-said", "unrecognised", jira, "An admin blocked API tokens for external users, and Jira says so.",
			"None: an admin must allow API tokens.", rules(signedIn(tokensBlocked))),
		on("unrecognised", "unrecognised", jira, "Jira says that an API call was removed.",
			"None: the demo Jira stays like this.", rules(signedIn(gone))),
		on("unrecognised-json", "unrecognised", jira, "Jira's answer ends in the middle of its JSON.",
			"None: the demo Jira stays like this.", rules(rule{path: "/myself", answer: brokenJSON})),
	}
}

// lineSituations returns the situations with a fault of the connection. They don't end by
// themselves.
func lineSituations() []Situation {
	line := func(name, code, title, cure string, f fault) Situation {
		return on(name, code, jira, title, cure, faults{fault: f})
	}
	return []Situation{
		line("unreachable", "unreachable", "This computer can't resolve any name: it is offline.", "Connect this computer to the network.", faultName),
		line("connection-refused", "unreachable", "Connections to Atlassian are refused.", "Ask your network admin to check the firewall.", faultRefused),
		line("no-route", "unreachable", "This computer has no route to the internet.", "Connect this computer to the network.", faultNoRoute),
		line("connection-reset", "unreachable", "Something resets every connection as soon as it is used.", "Ask your network admin to check the firewall.", faultReset),
		line("closed-early", "unreachable", "Something closes every connection as soon as it is used.", "Ask your network admin to check the firewall.", faultClosed),
		line("timed-out-connecting", "timed-out", "A firewall silently drops every packet.", "Ask your network admin to check the firewall.", faultDialSilence),
		line("timed-out-silent", "timed-out", "The connection is accepted, but no data ever comes.", "Ask your network admin to check the firewall.", faultSilence),
		line("tls-untrusted", "tls-untrusted", "A company proxy inspects TLS and re-signs every certificate.", "Use --ca-file with the company's CA certificate.", faultUntrusted),
		line("tls-expired", "tls-invalid", "The certificate has expired.", "Check this computer's clock.", faultExpired),
		line("tls-invalid", "tls-invalid", "The certificate isn't valid yet: this computer's clock may be slow.", "Check this computer's clock.", faultNotYet),
		line("tls-wrong-host", "tls-invalid", "The certificate is for another host.", "Leave that network.", faultWrongHost),
		line("tls-old", "tls-invalid", "The server doesn't support TLS newer than 1.1.", "Ask your network admin to check the proxy.", faultOldTLS),
		line("tls-client-certificate", "tls-invalid", "The server asks for a client certificate.", "Ask your network admin to check the proxy.", faultClientCertificate),
		line("plain-http", "tls-invalid", "The server answers without encryption.", "Ask your network admin to check the proxy.", faultPlain),
		line("proxy-refused", "proxy-refused", "The proxy is down.", "Start the proxy, or set HTTPS_PROXY to another.", faultProxyRefused),
		line("proxy-unknown", "proxy-refused", "The proxy's name can't be resolved.", "Set HTTPS_PROXY to the right name.", faultProxyName),
		line("proxy-auth", "proxy-refused", "The proxy requires a sign-in.", "Set HTTPS_PROXY with a user name and password.", faultProxySignIn),
		line("proxy-forbids", "proxy-refused", "The proxy blocks Atlassian.", "Ask your network admin to allow Atlassian.", faultProxyForbids),
		line("proxy-silent", "timed-out", "The proxy accepts the connection and never answers.", "Ask your network admin to allow Atlassian.", faultProxySilence),
	}
}

// on returns a situation in which Mia's right values are typed and w is wrong.
func on(name, code, product, title, cure string, w faults) Situation {
	return Situation{Name: name, Code: code, Product: product, Title: title, Seed: seed(mia, userToken("mia"), outside(cure)), faults: w}
}
