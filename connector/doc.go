// Package connector holds the conclusions: it turns the answers that package atlassian observed
// into one [Report] with a named diagnosis and something to do next. It imports atlassian only;
// network, clock and randomness are passed in.
//
// # Words
//
// One word, one meaning, in the code, the documents and on the screen:
//
//   - Connector: a saved, named link of product + site + email, and the SaaSAssure account it is
//     for. It never contains the token.
//   - Product: Jira or Confluence. Site: the normalized origin of an Atlassian Cloud site.
//   - Account: a SaaSAssure account (tenant). Identity: the Atlassian account that the token
//     belongs to, as a check found it. Email: what was typed. Other account (package setup): the
//     new token's Identity is not the old one's.
//   - Token: the secret ("key", "password" and "credential" are not used for it). Receipt: what is
//     known of a pasted token without showing it.
//   - Storage: where a token is stored. StorageKind: system keyring, encrypted file, reference,
//     memory (practice only). Reference: an external source that the token is read from each time,
//     a variable, a command or a file. A stored token is pending, committed, orphaned or collected
//     (package store).
//   - Write: a connector to be saved, with the saved one it was made from. Written: its result.
//     Entered: a person said that the connector was entered in SaaSAssure.
//   - Draft (package setup): one task in progress: facts, token, answers, report. Problem: what
//     validation found wrong in one of its fields, offline. Question, Next: what is open about it.
//     Duplicate: another connector for the same connection (SameConnectionAs) or for the same
//     SaaSAssure account (SameAccountAs).
//   - Check: the online part. CheckRequest: what a check is about. QueuedCheck: one of several.
//     Observation: the answer to one call. Conclude: observations to Report.
//   - Report: the conclusion of a check. Stage: Site, Sign-in, Product, Admin, Coverage, Expiry.
//     Finding: one stage's result. Evidence: the call that decided the report. Outcome: the part
//     of a report that lists show.
//   - Verdict: working, attention, failing, unknown. State: the verdict that a saved connector
//     counts under today. Code: a named diagnosis. Remedy: one thing to do, with an Action.
//   - Coverage: how many projects or spaces the account can open and, where Jira says so, how many
//     more are listed to it: what a backup would miss.
//   - Expiry date: the last day of a token, as a person set it, else the latest possible one.
//     ExpiryLevel: how near it is.
//   - UserError: an error of a storage (StorageError) or of a file (StoreError) in words for a
//     person, by Explain.
//   - Roster: many connectors in a file, one per row, without tokens.
//   - FileCheck: one result of checking the files of this installation.
//   - Walkthrough, Step: the part that is done in the browser.
//   - Practice: the demo mode. Situation: one state of its fake cloud.
package connector
