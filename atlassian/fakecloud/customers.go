package fakecloud

import (
	"slices"
	"strconv"
	"strings"
)

// Customers of a service provider: saved connectors for practicing with many of them.

// Customer is one saved connector.
type Customer struct {
	Site      string // the name of the customer's site
	Account   string // the SaaSAssure account it is for
	Situation Situation
	TokenAge  int   // days since its token was stored
	Good      []int // days ago of its checks, which all found it working, the newest first
}

// often are the situations of the first customers, so that a few customers show many kinds of
// problems.
const often = "expires-soon not-admin token-scoped sees-part token-refused tls-untrusted sees-less no-product-access email-differs unreachable " +
	"token-expired site-renamed product-missing sees-nothing rate-limited captcha service-account not-atlassian ip-blocked scope-missing"

// Customers returns n customers, the same ones for the same n. Every second one works; the others
// go through all situations.
func Customers(n int) []Customer {
	var troubled []Situation
	for _, s := range Situations() {
		if s.Code != "ok" && s.Seed.StorageFault == "" && !s.atProxy() {
			troubled = append(troubled, s)
		}
	}
	slices.SortStableFunc(troubled, func(a, b Situation) int { return rank(a) - rank(b) })
	fine := slices.DeleteFunc(Situations(), func(s Situation) bool { return s.Code != "ok" || s.faults.slow > 0 })
	all := make([]Customer, n)
	for i := range all {
		c := Customer{TokenAge: 20 + i*37%330, Situation: fine[i/2%len(fine)]}
		if i%2 == 1 {
			c.Situation = troubled[i/2%len(troubled)]
		}
		c.Site, c.Account = customerName(i)
		for day := 1 + i%5; day < c.TokenAge && len(c.Good) < 2+i%27; day += 1 + i%9 {
			c.Good = append(c.Good, day)
		}
		all[i] = c
	}
	return all
}

// rank returns a situation's position in often; the largest rank where it isn't in it.
func rank(s Situation) int {
	names := strings.Fields(often)
	if at := slices.Index(names, s.Name); at >= 0 {
		return at
	}
	return len(names)
}

// Sites returns the customers' sites, for [OpenMany].
func Sites(customers []Customer) map[string]Situation {
	sites := map[string]Situation{}
	for _, c := range customers {
		sites[c.Site] = c.Situation
	}
	return sites
}

func (s Situation) atProxy() bool { return strings.HasPrefix(string(s.faults.fault), "proxy") }

func customerName(i int) (site, account string) {
	words := strings.Fields("alder basalt cedar delta ember fjord granite harbor indigo juniper kestrel lagoon maple nimbus orchard " +
		"pebble quarry raven saffron timber umber violet willow yarrow zephyr")
	trades := []string{"Foods", "Logistics", "Optics", "Press", "Energy"}
	word, trade := words[i%len(words)], trades[i/len(words)%len(trades)]
	site = word + "-" + strings.ToLower(trade)
	account = strings.ToUpper(word[:1]) + word[1:] + " " + trade
	if round := i / (len(words) * len(trades)); round > 0 {
		site, account = site+strconv.Itoa(round+1), account+" "+strconv.Itoa(round+1)
	}
	return site, account
}
