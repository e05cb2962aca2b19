// Package atlassian holds facts about Atlassian Cloud over HTTP and imports the
// standard library only.
//
// It observes and never judges: a call that was made becomes an [Observation]
// (what came back, or the [Fault] that kept it from coming), and what that means
// is concluded in package connector. The rules of this package:
//
//   - A [Token] leaves it only inside an Authorization header, over TLS 1.2 or
//     newer, to the bound site or that site's gateway. No redirect is followed.
//   - Every call has a limit in time and in bytes, and ends at once with its
//     context.
//   - Nothing a server sent leaves this package uncleaned (see [Clean]).
package atlassian
