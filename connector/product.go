package connector

import "saasconnect/atlassian"

// Product is Jira or Confluence.
type Product = atlassian.Product

// The two products.
const (
	Jira       = atlassian.Jira
	Confluence = atlassian.Confluence
)

// Products returns the products in the order in which they are offered.
func Products() []Product { return []Product{Jira, Confluence} }

// ProductTitle returns the product's name as Atlassian writes it.
func ProductTitle(p Product) string {
	if p == Confluence {
		return "Confluence"
	}
	return "Jira"
}

// OtherProduct returns the product that p is not.
func OtherProduct(p Product) Product {
	if p == Jira {
		return Confluence
	}
	return Jira
}

// CoverageNoun returns what the product's coverage counts: "spaces", or in Jira "spaces
// (projects)", since Atlassian has called Jira's projects spaces since the end of 2025.
func CoverageNoun(p Product, count int) string {
	switch {
	case p == Confluence && count == 1:
		return "space"
	case p == Confluence:
		return "spaces"
	case count == 1:
		return "space (project)"
	}
	return "spaces (projects)"
}
