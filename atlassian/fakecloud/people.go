package fakecloud

import "strings"

// The accounts of the cloud and their tokens. All are invented; Mia's name is the one in
// Atlassian's own examples.

// person is an Atlassian account. It exists on every site.
type person struct {
	email    string
	alias    string // a second email that signs in as well; "" for none
	id, name string
	kind     string // accountType
	app      string // appType; "" for a person's account
	hidden   bool   // privacy settings hide the email
	inactive bool

	noWiki               bool // no Confluence license
	jiraAdmin, wikiAdmin bool
	projects, spaces     int      // what the account can open
	closed               []string // keys of projects that are listed to it as an administrator, and that it can't open
	password             string
	blocked              bool // an authentication policy blocks its tokens
	tokens               []issued
}

type issued struct {
	text   string
	scopes []string // nil for a token without scopes, which has all rights of its account
}

func (t issued) scoped() bool { return t.scopes != nil }

// The emails of the accounts.
const (
	mia    = "mia@example.com"         // administers both products
	olga   = "olga@example.com"        // administers both; her email is hidden
	priya  = "priya@example.com"       // administers both, and can't open three projects
	tomas  = "tomas@example.com"       // administers both, and can open nothing
	yuki   = "yuki@example.com"        // administers both, and can open only a few projects and spaces
	sam    = "sam@example.com"         // uses both, administers none
	lena   = "lena@example.com"        // administers Jira, has no Confluence license
	ines   = "ines@example.com"        // deactivated
	noor   = "noor@example.com"        // her organization blocks API tokens
	miaOld = "mia.krystof@example.com" // Mia's address before it was changed
	robot  = "backup-x7@serviceaccount.atlassian.com"
	bot    = "backup-bot@example.com" // an app's account, with a token without scopes: invented
)

// miasPassword is assembled from parts for the same reason as the tokens: see token.go.
func miasPassword() string {
	return strings.Join([]string{"Harbor", "Bridge", "At", "Dawn", "1932"}, "-")
}

func people() []person {
	return []person{
		{
			email: mia, alias: miaOld, id: "5b10a2844c20165700ede21g", name: "Mia Krystof", kind: "atlassian",
			jiraAdmin: true, wikiAdmin: true, projects: 41, spaces: 23, password: miasPassword(),
			tokens: []issued{
				{text: userToken("mia")},
				{text: newerToken(mia)},
				{text: userToken("mia, with scopes for jira"), scopes: []string{"read:jira-user", "read:jira-work"}},
				{text: userToken("mia, with scopes for confluence"), scopes: []string{"read:confluence-user", "read:space:confluence"}},
				{text: userToken("mia, with one scope for jira"), scopes: []string{"write:jira-work"}},
				{text: userToken("mia, with one scope for confluence"), scopes: []string{"write:confluence-content"}},
			},
		},
		{
			email: olga, id: "5b10ac8d82e05b22cc7d4ef5", name: "Olga Berg", kind: "atlassian", hidden: true,
			jiraAdmin: true, wikiAdmin: true, projects: 41, spaces: 23,
			tokens: []issued{{text: userToken("olga")}, {text: newerToken(olga)}},
		},
		{
			email: priya, id: "5d2f7a90c1e84b0012ab9c31", name: "Priya Nair", kind: "atlassian",
			jiraAdmin: true, wikiAdmin: true, projects: 41, closed: []string{"HR", "LEGAL", "SECOPS"}, spaces: 23,
			tokens: []issued{{text: userToken("priya")}, {text: newerToken(priya)}},
		},
		{
			email: tomas, id: "5d2f7a90c1e84b0012ab9c47", name: "Tomas Lind", kind: "atlassian",
			jiraAdmin: true, wikiAdmin: true, closed: []string{"HR", "LEGAL", "SECOPS"},
			tokens: []issued{{text: userToken("tomas")}, {text: newerToken(tomas)}},
		},
		{
			email: yuki, id: "5d2f7a90c1e84b0012ab9c5e", name: "Yuki Mori", kind: "atlassian",
			jiraAdmin: true, wikiAdmin: true, projects: 4, spaces: 2,
			tokens: []issued{{text: userToken("yuki")}, {text: newerToken(yuki)}},
		},
		{
			email: sam, id: "5b109f2e9729b51b54dc274d", name: "Sam Rivera", kind: "atlassian",
			projects: 12, spaces: 4,
			tokens: []issued{{text: userToken("sam")}, {text: newerToken(sam)}},
		},
		{
			email: lena, id: "557058:0867a421-a9ee-4659-801a-bc0ee4a4487e", name: "Lena Okafor", kind: "atlassian",
			noWiki: true, jiraAdmin: true, projects: 41,
			tokens: []issued{{text: userToken("lena")}, {text: newerToken(lena)}},
		},
		{
			email: ines, id: "5ce83ec1dbfeb60dbc5ac0d1", name: "Ines Duarte", kind: "atlassian", inactive: true,
			jiraAdmin: true, wikiAdmin: true, projects: 41, spaces: 23,
			tokens: []issued{{text: userToken("ines")}},
		},
		{
			email: noor, id: "5d53f3cbc6b9320d9ea5bdc2", name: "Noor Haddad", kind: "atlassian", blocked: true,
			jiraAdmin: true, wikiAdmin: true, projects: 41, spaces: 23,
			tokens: []issued{{text: userToken("noor")}},
		},
		{
			email: robot, id: "712020:6c4f1f1e-7f0b-4d6a-8f0e-2b1d9a3c5e77", name: "Backup", kind: "app", app: "service",
			jiraAdmin: true, projects: 41, spaces: 23,
			tokens: []issued{{text: serviceToken("robot"), scopes: []string{"read:jira-user", "read:jira-work"}}},
		},
		{
			email: bot, id: "712020:0d9a1c52-3f6e-4a0c-9d58-77e1b2f4a610", name: "Backup Bot", kind: "app", app: "service",
			jiraAdmin: true, wikiAdmin: true, projects: 41, spaces: 23,
			tokens: []issued{{text: userToken("bot")}},
		},
	}
}

// personOf returns the account that signs in with an email, ignoring case; nil for none. Source:
// measured by github.com/brekkylab/backlot, backlot/errors/atlassian.py.
func personOf(email string) *person {
	for _, p := range people() {
		if strings.EqualFold(p.email, email) || p.alias != "" && strings.EqualFold(p.alias, email) {
			return &p
		}
	}
	return nil
}
