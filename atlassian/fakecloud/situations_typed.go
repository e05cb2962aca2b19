package fakecloud

// Situations that come of what is typed: on a good day, each with its seed. The right
// values cure them at once.

// cured are the values that work in any of them.
func cured(how, email string) Cure {
	token := map[string]string{mia: userToken("mia"), olga: userToken("olga"), sam: userToken("sam")}[email]
	return Cure{How: how, Site: "acme", Email: email, Token: token}
}

// outside is a cure that can't be typed.
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
		asOlga   = cured("Use the e-mail and token of Olga, who administers both products.", olga)
		another  = cured("Use a token that is in force.", mia)
		unscoped = cured("Use a token made with the button Create API token, without scopes.", mia)
		rightWay = cured("Type the site's right name.", mia)
	)
	ending := seed(mia, good, outside("Nothing has to be cured now: make a new token before the last day."))
	ending.Expires = "12d"
	ended := seed(mia, userToken("mia, ended"), cured("Use a new token.", mia))
	ended.Expires = "-3d"
	missing, locked := seed(mia, good, another), seed(mia, good, outside("Unlock the safe; in practice nothing can be unlocked."))
	seesAll := cured("Use the account of Olga, who can open everything.", olga)
	less := seed(yuki, userToken("yuki"), seesAll)
	less.Saw = 41
	missing.StorageFault, locked.StorageFault = "missing", "locked"

	return []Situation{
		{Name: "ok", Code: "ok", Product: jira, Title: "Everything is as it should be.",
			Seed: seed(mia, good, cured("Nothing has to be cured.", mia))},
		{Name: "ok-confluence", Code: "ok", Product: confluence, Title: "Everything is as it should be, in Confluence.",
			Seed: seed(mia, good, cured("Nothing has to be cured.", mia))},
		{Name: "ok-hidden-email", Code: "ok", Product: jira, Title: "Everything is as it should be, and the account keeps its e-mail to itself.",
			Seed: seed(olga, userToken("olga"), cured("Nothing has to be cured.", olga))},
		{Name: "expires-soon", Code: "expires-soon", Product: jira, Title: "The token works and ends in twelve days.", Seed: ending},
		{Name: "email-differs", Code: "email-differs", Product: jira, Title: "The e-mail is an old address of the account, which Atlassian knows by a newer one.",
			Seed: seed(miaOld, good, cured("Type the e-mail Atlassian knows.", mia))},
		{Name: "service-account", Code: "service-account", Product: jira, Title: "The token belongs to an app's account, not to a person.",
			Seed: seed(bot, userToken("bot"), cured("Use the e-mail and token of a person.", mia))},

		{Name: "sees-part", Code: "sees-part", Product: jira, Title: "The account administers Jira and can't open three of its 44 spaces (projects).",
			Seed: seed(priya, userToken("priya"), seesAll)},
		{Name: "sees-nothing", Code: "sees-nothing", Product: jira, Title: "The account administers Jira and can't open anything in it.",
			Seed: seed(tomas, userToken("tomas"), seesAll)},
		{Name: "sees-nothing-confluence", Code: "sees-nothing", Product: confluence, Title: "The account administers Confluence and sees no space.",
			Seed: seed(tomas, userToken("tomas"), seesAll)},
		{Name: "sees-less", Code: "sees-less", Product: jira, Title: "The account sees 4 spaces (projects); at the last check it saw 41.", Seed: less},

		{Name: "not-admin", Code: "not-admin", Product: jira, Title: "The account signs in and does not administer Jira.",
			Seed: seed(sam, userToken("sam"), asOlga)},
		{Name: "not-admin-confluence", Code: "not-admin", Product: confluence, Title: "The account signs in and does not administer Confluence.",
			Seed: seed(sam, userToken("sam"), asOlga)},
		{Name: "no-product-access", Code: "no-product-access", Product: confluence, Title: "The account signs in, and has no licence for Confluence.",
			Seed: seed(lena, userToken("lena"), asOlga)},
		{Name: "account-inactive", Code: "account-inactive", Product: jira, Title: "The account was deactivated.",
			Seed: seed(ines, userToken("ines"), asOlga)},

		{Name: "token-refused", Code: "token-refused", Product: jira, Title: "The token was revoked.",
			Seed: seed(mia, userToken("mia, revoked"), another)},
		{Name: "token-refused-confluence", Code: "token-refused", Product: confluence, Title: "The token was revoked; Confluence answers as if only its licence were missing.",
			Seed: seed(mia, userToken("mia, revoked"), another)},
		{Name: "wrong-email", Code: "token-refused", Product: jira, Title: "The token is somebody else's.",
			Seed: seed("mia.k@example.com", good, cured("Type the e-mail of the account that made the token.", mia))},
		{Name: "anonymous-confluence", Code: "token-refused", Product: confluence, Title: "The token was revoked, and Confluence, open to anyone, answers as if all were well.",
			Seed: Seed{Site: "acme-public", Email: mia, Token: userToken("mia, revoked"), Cure: another}},
		{Name: "tokens-blocked", Code: "token-refused", Product: jira, Title: "The account's organisation lets no API tokens in.",
			Seed: seed(noor, userToken("noor"), asOlga)},
		{Name: "token-expired", Code: "token-expired", Product: jira, Title: "The token's last day has passed.", Seed: ended},
		{Name: "token-scoped", Code: "token-scoped", Product: jira, Title: "The token was made with scopes.",
			Seed: seed(mia, userToken("mia, with scopes for jira"), unscoped)},
		{Name: "token-scoped-confluence", Code: "token-scoped", Product: confluence, Title: "The token was made with scopes, for Confluence.",
			Seed: seed(mia, userToken("mia, with scopes for confluence"), unscoped)},
		{Name: "token-scoped-service", Code: "token-scoped", Product: jira, Title: "The token is a service account's, which always has scopes.",
			Seed: seed(robot, serviceToken("robot"), cured("Use the e-mail and token of a person.", mia))},
		{Name: "scope-missing", Code: "scope-missing", Product: jira, Title: "The token was made with scopes, and with too few.",
			Seed: seed(mia, userToken("mia, with one scope for jira"), unscoped)},
		{Name: "scope-missing-confluence", Code: "scope-missing", Product: confluence, Title: "The token was made with scopes, and with too few, for Confluence.",
			Seed: seed(mia, userToken("mia, with one scope for confluence"), unscoped)},
		{Name: "not-an-api-token", Code: "not-an-api-token", Product: jira, Title: "The account's password was typed in place of a token.",
			Seed: seed(mia, miasPassword(), cured("Use an API token.", mia))},

		{Name: "no-such-site", Code: "no-such-site", Product: jira, Title: "There is no site by that name: a slip of the finger.",
			Seed: seedAt("acmee", rightWay)},
		{Name: "site-renamed", Code: "site-renamed", Product: jira, Title: "The site has another name now.",
			Seed: seedAt("acme-old", cured("Type the site's new name.", mia))},
		{Name: "site-renamed-refusing", Code: "site-renamed", Product: jira, Title: "The site has another name now; its old one refuses every call and sends browsers on.",
			Seed: seedAt("acme-2021", rightWay)},
		{Name: "site-refuses", Code: "unrecognised", Product: jira, Title: "The site refuses a token without scopes that the gateway accepts.",
			Seed: seedAt("acme-2022", rightWay)},
		{Name: "site-renamed-quietly", Code: "site-renamed", Product: jira, Title: "The site has another name now, and its old one still looks alive.",
			Seed: seedAt("acme-2019", cured("Type the site's new name.", mia))},
		{Name: "product-missing", Code: "product-missing", Product: jira, Title: "The site has Confluence only.",
			Seed: seedAt("acme-wiki", cured("Type the name of the site that has Jira.", mia))},
		{Name: "product-missing-confluence", Code: "product-missing", Product: confluence, Title: "The site has Jira only.",
			Seed: seedAt("acme-desk", cured("Type the name of the site that has Confluence.", mia))},
		{Name: "ip-blocked", Code: "ip-blocked", Product: jira, Title: "The site lets in listed addresses only, and this machine's is not one of them.",
			Seed: seedAt("acme-vault", outside("An admin of the site adds this machine's address to its list."))},
		{Name: "ip-blocked-confluence", Code: "ip-blocked", Product: confluence, Title: "The site lets in listed addresses only, for Confluence as well.",
			Seed: seedAt("acme-vault", outside("An admin of the site adds this machine's address to its list."))},

		{Name: "token-missing", Code: "token-missing", Product: jira, Title: "The safe of a saved connector no longer has its token.", Seed: missing},
		{Name: "token-locked", Code: "token-locked", Product: jira, Title: "The safe of a saved connector is locked.", Seed: locked},
	}
}
