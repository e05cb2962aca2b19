package atlassian

// Product is one of the two Atlassian Cloud products a connector can be for.
// Its text is what the command line, the files and the JSON use.
type Product string

// The two products, as SaaSAssure offers connectors for them.
const (
	Jira       Product = "jira"
	Confluence Product = "confluence"
)
