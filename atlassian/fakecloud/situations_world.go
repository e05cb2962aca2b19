package fakecloud

import "time"

// Situations that come of the world: what is typed is right.

// later is how long an answer that says "later" stays so. A 429's Retry-After is as long
// as its own: see tooMany.
const later = 10 * time.Second

// moment is shorter than the Retry-After of whoever is busy for a moment only.
const moment = 500 * time.Millisecond

// answerSituations are about what Atlassian, or something else, answers.
func answerSituations() []Situation {
	again := "Check again after ten seconds."
	rules := func(r ...rule) faults { return faults{rules: r} }
	passing := func(r rule) faults { return faults{rules: []rule{r}, clearsAfter: later} }
	signedIn := func(answer func(exchange)) rule { return rule{signedIn: true, answer: answer} }
	limited := faults{rules: []rule{signedIn(tooMany)}, clearsAfter: 2 * later}

	return []Situation{
		on("captcha", "captcha", jira, "After failed sign-ins Atlassian wants to see a person: sign in once in a browser.",
			"Sign in once in a browser (here: wait ten seconds) and check again.", passing(signedIn(captcha))),
		{Name: "silent-anonymous", Code: "token-refused", Product: jira, Title: "The token was revoked, and Jira answers 200 and says so in a header only.",
			Seed:   seed(mia, userToken("mia, revoked"), cured("Use a token that is in force.", mia)),
			faults: rules(rule{path: "/myself", signedIn: true, site: true, answer: silentAnonymous})},
		on("admin-unknown", "admin-unknown", jira, "Jira's answer about permissions does not hold the one that was asked for.",
			"None: the pretend Jira stays like this.", rules(rule{path: "/mypermissions", answer: noPermissions})),
		on("admin-unknown-confluence", "admin-unknown", confluence, "Confluence's answer does not say what the account may do.",
			"None: the pretend Confluence stays like this.", rules(rule{path: "/user/current", answer: noOperations})),
		on("rate-limited", "rate-limited", jira, "Atlassian has had too many requests and asks for twenty seconds of peace.",
			"Check again after twenty seconds.", limited),
		on("rate-limited-silently", "rate-limited", confluence, "Atlassian has had too many requests and does not say for how long.",
			again, passing(signedIn(tooManyAtGateway))),
		on("atlassian-trouble", "atlassian-trouble", jira, "Jira has an error of its own.", again, passing(signedIn(internalError))),
		on("bad-gateway", "atlassian-trouble", confluence, "Atlassian's edge can't reach Confluence.", again, passing(signedIn(badGateway))),
		on("maintenance", "atlassian-trouble", jira, "The site is down for maintenance.", again, passing(signedIn(maintenance))),
		on("slow", "ok", jira, "All is well, and each answer takes its time.", "Nothing has to be cured.", faults{slow: 600 * time.Millisecond}),
		on("second-try", "ok", jira, "Jira is busy for a moment: the first answer is 503, the second is right.", "Nothing has to be cured.",
			faults{rules: []rule{{path: "/myself", answer: busyForAMoment}}, clearsAfter: moment}),
		on("not-atlassian", "not-atlassian", jira, "A company's sign-in page answers in place of Atlassian.",
			"Leave that network, or sign in to it.", rules(rule{answer: loginPage})),
		on("captive-portal", "not-atlassian", jira, "A hotel's network wants its terms accepted first.",
			"Open a browser and accept the terms.", rules(rule{answer: captivePortal})),
		on("sso-page", "not-atlassian", confluence, "A company's gate sends every request to its own sign-in.",
			"Sign in to the company's gate.", rules(rule{answer: ssoPage})),
		on("timed-out", "timed-out", jira, "Jira takes the question and does not answer.", again, passing(signedIn(silence))),
		on("timed-out-midway", "timed-out", confluence, "Confluence begins to answer and does not end.", again, passing(signedIn(endless))),
		on("cut-off", "unreachable", jira, "The connection breaks in the middle of the answer.", again, passing(signedIn(cutOff))),
		on("tokens-blocked-said", "unrecognised", jira, "An admin has blocked API tokens for external users, and Jira says so.",
			"None: an admin has to let tokens in.", rules(signedIn(tokensBlocked))),
		on("unrecognised", "unrecognised", jira, "Jira answers that a call was removed.",
			"None: the pretend Jira stays like this.", rules(signedIn(gone))),
		on("unrecognised-json", "unrecognised", jira, "Jira's answer breaks off inside its JSON.",
			"None: the pretend Jira stays like this.", rules(rule{path: "/myself", answer: brokenJSON})),
	}
}

// lineSituations are about what stands between this machine and Atlassian. They last.
func lineSituations() []Situation {
	line := func(name, code, title, cure string, f fault) Situation {
		return on(name, code, jira, title, cure, faults{fault: f})
	}
	return []Situation{
		line("unreachable", "unreachable", "This machine can't look up any name: it is offline.", "Connect this machine to the network.", faultName),
		line("connection-refused", "unreachable", "Connections to Atlassian are refused.", "Ask whoever runs the network's firewall.", faultRefused),
		line("no-route", "unreachable", "There is no way from this machine to the internet.", "Connect this machine to the network.", faultNoRoute),
		line("connection-reset", "unreachable", "Something resets every connection as soon as it is used.", "Ask whoever runs the network's firewall.", faultReset),
		line("closed-early", "unreachable", "Something closes every connection as soon as it is used.", "Ask whoever runs the network's firewall.", faultClosed),
		line("timed-out-connecting", "timed-out", "A firewall drops every packet without a word.", "Ask whoever runs the network's firewall.", faultDialSilence),
		line("timed-out-silent", "timed-out", "The connection is taken, and nothing is ever said on it.", "Ask whoever runs the network's firewall.", faultSilence),
		line("tls-untrusted", "tls-untrusted", "A company's inspection signs every certificate anew.", "Give the company's authority with --ca-file.", faultUntrusted),
		line("tls-expired", "tls-invalid", "The certificate's last day has passed.", "Check this machine's clock.", faultExpired),
		line("tls-invalid", "tls-invalid", "The certificate is not valid yet: this machine's clock may be behind.", "Check this machine's clock.", faultNotYet),
		line("tls-wrong-host", "tls-invalid", "The certificate is for another host.", "Leave that network.", faultWrongHost),
		line("tls-old", "tls-invalid", "The other end speaks no TLS newer than 1.1.", "Ask whoever runs the network's proxy.", faultOldTLS),
		line("tls-client-certificate", "tls-invalid", "The other end asks this machine for a certificate of its own.", "Ask whoever runs the network's proxy.", faultClientCertificate),
		line("plain-http", "tls-invalid", "The port for TLS is answered in plain text.", "Ask whoever runs the network's proxy.", faultPlain),
		line("proxy-refused", "proxy-refused", "The proxy is down.", "Start the proxy, or set HTTPS_PROXY to another.", faultProxyRefused),
		line("proxy-unknown", "proxy-refused", "The proxy's name can't be looked up.", "Set HTTPS_PROXY to the right name.", faultProxyName),
		line("proxy-auth", "proxy-refused", "The proxy wants a sign-in.", "Set HTTPS_PROXY with a user and a password.", faultProxySignIn),
		line("proxy-forbids", "proxy-refused", "The proxy does not let Atlassian through.", "Ask whoever runs the proxy.", faultProxyForbids),
		line("proxy-silent", "timed-out", "The proxy takes the connection and never answers.", "Ask whoever runs the proxy.", faultProxySilence),
	}
}

// on is a situation in which Mia types what is right, and the weather is bad.
func on(name, code, product, title, cure string, w faults) Situation {
	return Situation{Name: name, Code: code, Product: product, Title: title, Seed: seed(mia, userToken("mia"), outside(cure)), faults: w}
}
