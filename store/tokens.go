package store

import (
	"context"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// Token reads a connector's token, which must be bound to its site and email.
func (s *Store) Token(ctx context.Context, id string) (atlassian.Token, error) {
	tokens, err := s.Tokens(ctx)
	if err != nil {
		return atlassian.Token{}, err
	}
	return tokens(ctx, id)
}

// Tokens reads connectors.json once, for callers who need the tokens of many. Where one of
// them can't be read the file is looked at again: another process may have replaced or
// removed it since.
func (s *Store) Tokens(context.Context) (connector.TokenReader, error) {
	c, err := s.file.read()
	if err != nil {
		return nil, err
	}
	at := c.at()
	return func(ctx context.Context, id string) (atlassian.Token, error) {
		i, there := at[id]
		if !there {
			return s.tokenNow(ctx, id, nil)
		}
		return s.tokenNow(ctx, id, &c.Connectors[i])
	}, nil
}

// rereads is how many replacements of a token may come between.
const rereads = 10

// tokenNow reads a connector's token, and reads again as long as another process has changed
// where it is. before is where it was when the file was read, nil where it was nowhere.
func (s *Store) tokenNow(ctx context.Context, id string, before *record) (token atlassian.Token, err error) {
	for range rereads {
		if before != nil {
			if token, err = s.tokenOf(ctx, *before); err == nil || ctx.Err() != nil {
				return token, err
			}
		}
		c, readErr := s.file.read()
		now := c.find(id)
		switch {
		case readErr != nil:
			return atlassian.Token{}, readErr
		case now == nil:
			return atlassian.Token{}, s.notFound()
		case before != nil && before.Ref == now.Ref:
			return atlassian.Token{}, err
		}
		before = now
	}
	return atlassian.Token{}, err
}
