package ui

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

// TestGoroutinesBeginGuarded: a panic in a goroutine ends the program with the terminal as it
// is, so each begins where panics are caught.
func TestGoroutinesBeginGuarded(t *testing.T) {
	paths, _ := filepath.Glob("*.go")
	for _, path := range paths {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if _, is := n.(*ast.GoStmt); is && path != "crash.go" && !strings.HasSuffix(path, "_test.go") {
				t.Errorf("%s starts a goroutine; background does", path)
			}
			return true
		})
	}
}
