// Package atlassian calls Atlassian Cloud over HTTP and reports what it observed. It imports the
// standard library only.
//
// A call becomes an [Observation]: the answer, or the [Fault] that prevented one. What that means
// is concluded in package connector. The rules of this package:
//
//   - A [Token] leaves it only inside an Authorization header, over TLS 1.2 or newer, to the site it is
//     bound to or that site's gateway. No redirect is followed.
//   - Every call has a limit in time and in bytes, and ends at once with its context.
//   - Nothing a server sent leaves this package uncleaned (see [Clean]).
package atlassian
