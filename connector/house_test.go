package connector_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The house: who may know whom, read from the source itself. Tests may look anywhere.

const root = ".."

// sources are all files of the program, by their path from the module's root.
func sources(t *testing.T) map[string]*ast.File {
	t.Helper()
	files := map[string]*ast.File{}
	set := token.NewFileSet()
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && d.Name() != ".." || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(set, path, nil, parser.ParseComments)
		rel, _ := filepath.Rel(root, path)
		files[filepath.ToSlash(rel)] = file
		for _, decl := range file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if ok && f.Recv == nil && f.Name.Name == "init" {
				t.Errorf("%s: an init", rel)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 50 {
		t.Fatalf("only %d files were found", len(files))
	}
	return files
}

// never are the imports that a room does not have.
func never() map[string][]string {
	return map[string][]string{
		"atlassian/":           {"saasconnect/", "charm.land/", "github.com/", "filippo.io/", "golang.org/x/"},
		"atlassian/fakecloud/": {"saasconnect/"},
		"connector/":           {"saasconnect/store", "saasconnect/ui", "saasconnect/atlassian/fakecloud", "net/http", "os", "charm.land/"},
		"store/":               {"saasconnect/ui", "saasconnect/atlassian/fakecloud", "net/http", "charm.land/"},
		"store/disk/":          {"saasconnect/connector"},
		"ui/":                  {"saasconnect/store", "saasconnect/atlassian/fakecloud", "net/http", "os"},
		"ui/desktop/":          {"saasconnect/", "net/http", "charm.land/"},
		"ui/widget/":           {"saasconnect/ui", "saasconnect/connector/setup"},
		"ui/wizard/":           {"saasconnect/ui/manage", "saasconnect/ui/cli"},
		"ui/manage/":           {"saasconnect/ui/wizard", "saasconnect/ui/cli"},
	}
}

func TestImports(t *testing.T) {
	for path, file := range sources(t) {
		for _, imp := range file.Imports {
			what, err := strconv.Unquote(imp.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			for room, bans := range never() {
				if !strings.HasPrefix(path, room) || strings.HasPrefix(path, "ui/desktop/") && room == "ui/" {
					continue
				}
				for _, ban := range bans {
					if what == ban || strings.HasSuffix(ban, "/") && strings.HasPrefix(what, ban) || strings.HasPrefix(what, ban+"/") && ban != "os" {
						t.Errorf("%s imports %s, which its room does not know", path, what)
					}
				}
			}
			if what == "github.com/zalando/go-keyring" && !strings.HasPrefix(path, "store/secret/keyring") {
				t.Errorf("%s imports go-keyring; only store/secret/keyring*.go do", path)
			}
			if what == "os/exec" && !strings.HasPrefix(path, "ui/desktop/") && !strings.HasPrefix(path, "store/secret/reference") && !strings.HasPrefix(path, "store/secret/fakeservice/") {
				t.Errorf("%s runs programs", path)
			}
		}
	}
}

// TestCalls: the clock is read and the program ended in main.go alone; a token is revealed
// only where it is sent, encrypted, or handed over at a person's word.
func TestCalls(t *testing.T) {
	for path, file := range sources(t) {
		ast.Inspect(file, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			pkg, _ := sel.X.(*ast.Ident)
			switch {
			case pkg != nil && pkg.Name == "time" && slices.Contains([]string{"Now", "Since", "Until", "Sleep"}, sel.Sel.Name) && !readsClock(path):
				t.Errorf("%s calls time.%s; clocks are handed in", path, sel.Sel.Name)
			case pkg != nil && pkg.Name == "os" && sel.Sel.Name == "Exit" && path != "main.go":
				t.Errorf("%s ends the program", path)
			case sel.Sel.Name == "Reveal" && !mayReveal(path):
				t.Errorf("%s reveals a token", path)
			}
			return true
		})
	}
}

// readsClock: main hands the clock out; the pretended connection has deadlines, which
// net.Conn defines against the system's own clock.
func readsClock(path string) bool {
	return path == "main.go" || path == "atlassian/fakecloud/pipe.go" || strings.HasPrefix(path, "ui/uitest/") // its benchmarks
}

func mayReveal(path string) bool {
	name := filepath.Base(path)
	return strings.HasPrefix(path, "atlassian/") && !strings.HasPrefix(path, "atlassian/fakecloud/") || path == "store/secret/secret.go" ||
		strings.HasPrefix(path, "ui/") && (path == "ui/wizard/handover.go" || name == "linemode_handover.go" || strings.HasPrefix(name, "exec"))
}

// TestWrites: what people ask with changes nothing itself. Whatever changes a store is called by
// setup.Service, so that each task is done in one way.
func TestWrites(t *testing.T) {
	files := sources(t)
	writes := methodsOf(files["connector/setup/store.go"], "Writer")
	if len(writes) < 10 {
		t.Fatalf("setup.Writer has only the methods %q", writes)
	}
	for path, file := range files {
		if !strings.HasPrefix(path, "ui/") {
			continue
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok && slices.Contains(writes, sel.Sel.Name) && isStore(sel.X) {
				t.Errorf("%s calls the store's %s; setup.Service does", path, sel.Sel.Name)
			}
			return true
		})
	}
}

// methodsOf are the methods of an interface that a file declares.
func methodsOf(file *ast.File, name string) []string {
	var names []string
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.TypeSpec)
		if !ok || spec.Name.Name != name {
			return true
		}
		if methods, ok := spec.Type.(*ast.InterfaceType); ok {
			for _, method := range methods.Methods.List {
				for _, id := range method.Names {
					names = append(names, id.Name)
				}
			}
		}
		return false
	})
	return names
}

// isStore: a field or a variable of that name, world.Store or store.
func isStore(x ast.Expr) bool {
	switch x := x.(type) {
	case *ast.SelectorExpr:
		return x.Sel.Name == "Store"
	case *ast.Ident:
		return strings.EqualFold(x.Name, "store")
	}
	return false
}

// TestTopLevel: nothing else stands at the top.
func TestTopLevel(t *testing.T) {
	allowed := []string{"main.go", "ui", "connector", "atlassian", "store", "go.mod", "go.sum", "README.md"}
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		name := e.Name()
		if !strings.HasPrefix(name, ".") && !slices.Contains(allowed, name) && name != "saasconnect" && name != "saasconnect.exe" {
			t.Errorf("%s does not belong at the top level", name)
		}
	}
}
