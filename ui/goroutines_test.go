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
	var paths []string
	for _, pattern := range []string{"*.go", "widget/*.go", "wizard/*.go", "manage/*.go"} {
		some, _ := filepath.Glob(pattern)
		if len(some) == 0 {
			t.Fatalf("%s is empty", pattern)
		}
		paths = append(paths, some...)
	}
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
