// Package connector holds the conclusions: what the calls of package atlassian
// showed becomes one [Report] with a named diagnosis and something to do next. It
// imports atlassian only; network, clock and randomness are handed in.
//
// # Words
//
// One word, one meaning, in the code, the documents and on the screen:
//
//   - Connector: a saved, named link of product + site + e-mail, and the SaaSAssure
//     account it is for. It never holds the token.
//   - Product: Jira or Confluence. Site: the normalised origin of an Atlassian Cloud site.
//   - Account: a SaaSAssure account (tenant). Identity: the Atlassian person whom the
//     token turned out to belong to. Email: what was typed.
//   - Token: the secret ("key", "password" and "credential" are not used for it).
//   - Storage: where a token is stored (the system keyring, the encrypted file), or read from
//     (a reference: a variable, a command, a file). A reference into a storage is pending,
//     committed, orphaned or collected (package store).
//   - Write: a connector as it is to be saved, and what it was made from. Entered: a person said
//     that it stands in SaaSAssure.
//   - Draft (package setup): one task, as far as it has come: facts, token, answers, report.
//     Problem: an offline complaint about one of its fields. Question: what is open about it.
//     Check (online) stands against validate (offline).
//   - Observation: what one call showed. Report: the conclusion. Stage: Site, Sign-in,
//     Product, Admin, Coverage, Expiry. Finding: one stage's outcome.
//   - Outcome: what a check came to as far as a list shows it: verdict, code, title, time
//     and what the account sees, which are not a whole report.
//   - Coverage: how many projects or spaces the account can open, and where Jira says so,
//     how many are listed to it that it can't open: what a backup would miss.
//   - Verdict: working, attention, failing, unknown. State: the verdict that a saved connector is
//     counted under today. Diagnosis: a named cause.
//     Remedy: one thing the admin can do now, bound to an Action.
//   - Roster: many connectors in a file, a row each; it holds no token.
//   - FileCheck: one thing that a look at the files of this installation found.
//   - Walkthrough, Step: the part that happens in the browser.
//   - Practice: the pretend world. Situation: one state of it.
package connector
