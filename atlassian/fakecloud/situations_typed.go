package fakecloud

// Situations caused by what is typed. The cloud itself has no fault; the right values cure them at
// once.

// cured returns a cure with values that work in any of these situations: those of the account with
// this email.
func cured(how, email string) Cure {
	token := map[string]string{mia: userToken("mia"), olga: userToken("olga"), sam: userToken("sam")}[email]
	return Cure{How: how, Site: "acme", Email: email, Token: token}
}

// outside returns a cure that can't be typed.
func outside(how string) Cure { return Cure{How: how} }

func seed(email, token string, cure Cure) Seed {
	return Seed{Site: "acme", Email: email, Token: token, Cure: cure}
}

func seedAt(name string, cure Cure) Seed {
	return Seed{Site: name, Email: mia, Token: userToken("mia"), Cure: cure}
}

func typedSituations() []Situation {
	var (
		good     = userToken("mia")
		asOlga   = cured("Use the email and token of Olga, who administers both products.", olga)
		another  = cured("Use a valid token.", mia)
		unscoped = cured("Use a token created with 'Create API token', without scopes.", mia)
		rightWay = cured("Enter the correct site name.", mia)
	)
	ending := seed(mia, good, outside("Nothing to fix now: create a new token before this one expires."))
	ending.Expires = "12d"
	ended := seed(mia, userToken("mia, ended"), cured("Use a new token.", mia))
	ended.Expires = "-3d"
	missing, locked := seed(mia, good, another), seed(mia, good, outside("Unlock the encrypted file (here: with any passphrase)."))
	seesAll := cured("Use the account of Olga, who can open everything.", olga)
	less := seed(yuki, userToken("yuki"), seesAll)
	less.Saw = 41
	missing.StorageFault, locked.StorageFault = "missing", "locked"

	return []Situation{
		{Name: "ok", Code: "ok", Product: jira, Title: "All checks pass.",
			Seed: seed(mia, good, cured("Nothing to fix.", mia))},
		{Name: "ok-confluence", Code: "ok", Product: confluence, Title: "All checks pass, in Confluence.",
			Seed: seed(mia, good, cured("Nothing to fix.", mia))},
		{Name: "ok-hidden-email", Code: "ok", Product: jira, Title: "All checks pass, and privacy settings hide the account's email.",
			Seed: seed(olga, userToken("olga"), cured("Nothing to fix.", olga))},
		{Name: "expires-soon", Code: "expires-soon", Product: jira, Title: "The token works and expires in 12 days.", Seed: ending},
		{Name: "email-differs", Code: "email-differs", Product: jira, Title: "The email is an old one; the account has a newer one at Atlassian.",
			Seed: seed(miaOld, good, cured("Enter the account's email at Atlassian.", mia))},
		{Name: "service-account", Code: "service-account", Product: jira, Title: "The token belongs to an app's account, not a person's.",
			Seed: seed(bot, userToken("bot"), cured("Use a person's email and token.", mia))},

		{Name: "sees-part", Code: "sees-part", Product: jira, Title: "The account administers Jira, but can't open 3 of its 44 spaces (projects).",
			Seed: seed(priya, userToken("priya"), seesAll)},
		{Name: "sees-nothing", Code: "sees-nothing", Product: jira, Title: "The account administers Jira, but can't open any space (project).",
			Seed: seed(tomas, userToken("tomas"), seesAll)},
		{Name: "sees-nothing-confluence", Code: "sees-nothing", Product: confluence, Title: "The account administers Confluence, but sees no spaces.",
			Seed: seed(tomas, userToken("tomas"), seesAll)},
		{Name: "sees-less", Code: "sees-less", Product: jira, Title: "The account sees 4 spaces (projects); at the last check it saw 41.", Seed: less},

		{Name: "not-admin", Code: "not-admin", Product: jira, Title: "The account can sign in, but doesn't administer Jira.",
			Seed: seed(sam, userToken("sam"), asOlga)},
		{Name: "not-admin-confluence", Code: "not-admin", Product: confluence, Title: "The account can sign in, but doesn't administer Confluence.",
			Seed: seed(sam, userToken("sam"), asOlga)},
		{Name: "no-product-access", Code: "no-product-access", Product: confluence, Title: "The account can sign in, but has no Confluence license.",
			Seed: seed(lena, userToken("lena"), asOlga)},
		{Name: "account-inactive", Code: "account-inactive", Product: jira, Title: "The account was deactivated.",
			Seed: seed(ines, userToken("ines"), asOlga)},

		{Name: "token-refused", Code: "token-refused", Product: jira, Title: "The token was revoked.",
			Seed: seed(mia, userToken("mia, revoked"), another)},
		{Name: "token-refused-confluence", Code: "token-refused", Product: confluence, Title: "The token was revoked; Confluence answers as if the account had no license.",
			Seed: seed(mia, userToken("mia, revoked"), another)},
		{Name: "wrong-email", Code: "token-refused", Product: jira, Title: "The token belongs to another account.",
			Seed: seed("mia.k@example.com", good, cured("Enter the email of the account that created the token.", mia))},
		{Name: "anonymous-confluence", Code: "token-refused", Product: confluence, Title: "The token was revoked; Confluence, which allows anonymous access, returns 200.",
			Seed: Seed{Site: "acme-public", Email: mia, Token: userToken("mia, revoked"), Cure: another}},
		{Name: "tokens-blocked", Code: "token-refused", Product: jira, Title: "The account's organization blocks API tokens.",
			Seed: seed(noor, userToken("noor"), asOlga)},
		{Name: "token-expired", Code: "token-expired", Product: jira, Title: "The token has expired.", Seed: ended},
		{Name: "token-scoped", Code: "token-scoped", Product: jira, Title: "The token has scopes.",
			Seed: seed(mia, userToken("mia, with scopes for jira"), unscoped)},
		{Name: "token-scoped-confluence", Code: "token-scoped", Product: confluence, Title: "The token has scopes, for Confluence.",
			Seed: seed(mia, userToken("mia, with scopes for confluence"), unscoped)},
		{Name: "token-scoped-service", Code: "token-scoped", Product: jira, Title: "The token belongs to a service account, so it always has scopes.",
			Seed: seed(robot, serviceToken("robot"), cured("Use a person's email and token.", mia))},
		{Name: "scope-missing", Code: "scope-missing", Product: jira, Title: "The token has scopes, but not the required ones.",
			Seed: seed(mia, userToken("mia, with one scope for jira"), unscoped)},
		{Name: "scope-missing-confluence", Code: "scope-missing", Product: confluence, Title: "The token has scopes, but not the required ones, for Confluence.",
			Seed: seed(mia, userToken("mia, with one scope for confluence"), unscoped)},
		{Name: "not-an-api-token", Code: "not-an-api-token", Product: jira, Title: "The account's password was entered instead of a token.",
			Seed: seed(mia, miasPassword(), cured("Use an API token.", mia))},

		{Name: "no-such-site", Code: "no-such-site", Product: jira, Title: "There is no site with this name: a typo.",
			Seed: seedAt("acmee", rightWay)},
		{Name: "site-renamed", Code: "site-renamed", Product: jira, Title: "The site has been renamed.",
			Seed: seedAt("acme-old", cured("Enter the site's new name.", mia))},
		{Name: "site-renamed-refusing", Code: "site-renamed", Product: jira, Title: "The site has been renamed; the old name rejects API calls and redirects browsers.",
			Seed: seedAt("acme-2021", rightWay)},
		{Name: "site-refuses", Code: "unrecognised", Product: jira, Title: "The site rejects a token without scopes that the gateway accepts.",
			Seed: seedAt("acme-2022", rightWay)},
		{Name: "site-renamed-quietly", Code: "site-renamed", Product: jira, Title: "The site has been renamed, but the old name still seems to work.",
			Seed: seedAt("acme-2019", cured("Enter the site's new name.", mia))},
		{Name: "product-missing", Code: "product-missing", Product: jira, Title: "The site has Confluence only.",
			Seed: seedAt("acme-wiki", cured("Enter the site that has Jira.", mia))},
		{Name: "product-missing-confluence", Code: "product-missing", Product: confluence, Title: "The site has Jira only.",
			Seed: seedAt("acme-desk", cured("Enter the site that has Confluence.", mia))},
		{Name: "ip-blocked", Code: "ip-blocked", Product: jira, Title: "The site has an IP allowlist, and this computer isn't on it.",
			Seed: seedAt("acme-vault", outside("Ask an admin to add this computer's address to the allowlist."))},
		{Name: "ip-blocked-confluence", Code: "ip-blocked", Product: confluence, Title: "The site has an IP allowlist, for Confluence too.",
			Seed: seedAt("acme-vault", outside("Ask an admin to add this computer's address to the allowlist."))},

		{Name: "token-missing", Code: "token-missing", Product: jira, Title: "The storage no longer has the token of a saved connector.", Seed: missing},
		{Name: "token-locked", Code: "token-locked", Product: jira, Title: "The storage of a saved connector is locked.", Seed: locked},
	}
}
