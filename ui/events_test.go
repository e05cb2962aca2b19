package ui

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// screensOf are what makes the screens, and the places where each stands.
func screensOf() map[string][]Place {
	return map[string][]Place{
		"newList": {Home}, "newHome": {Home, Begin}, "newProduct": {Product}, "newGuide": {Guide, Instructions}, "newForm": {Form},
		"newStorage": {Storage}, "newUnlock": {Unlock}, "newChecking": {Checking}, "newDiagnosis": {Diagnosis},
		"newMessage": {Message}, "newSaving": {Saving}, "newSuccess": {Success}, "newHandover": {Handover},
		"newExpiry": {Expiry}, "newDetail": {Detail}, "newEdit": {Edit}, "newElsewhere": {Elsewhere}, "newRole": {Role},
		"newFiles": {Import, Export}, "newEditSeveral": {EditSeveral}, "newSharing": {Sharing}, "newReplaced": {Replaced},
		"newTrouble": {Trouble}, "newRemove": {Remove}, "newRemoveSeveral": {Remove}, "newOtherAccount": {Person}, "newDuplicate": {Account},
	}
}

// unreached are events that stand in a function a screen calls, and never come out of it there.
func unreached() map[Place][]event {
	return map[Place][]event{
		Detail:   {retry},  // it checks by itself
		Replaced: {reread}, // opens a page, and stays
	}
}

// TestEveryEventHasItsWay reads from the source which events each screen can come to, through
// the functions it calls, and holds them to the table: one without a row would be a crash.
func TestEveryEventHasItsWay(t *testing.T) {
	emitted := emittedEvents(t)
	for kind, places := range screensOf() {
		if len(emitted[kind]) == 0 {
			t.Errorf("%s comes to no event", kind)
		}
		for _, place := range places {
			for _, ev := range emitted[kind] {
				_, known := flow()[place].on[ev]
				known = known || ev == done && overlay(place)
				if !known && ev != still && ev != back && ev != answered && !slices.Contains(unreached()[place], ev) {
					t.Errorf("%s on %s leads nowhere", ev, place)
				}
			}
		}
	}
	for kind := range emitted {
		if _, known := screensOf()[kind]; !known {
			t.Errorf("%s stands at no place that this test knows", kind)
		}
	}
}

// emittedEvents are the events named in the function that makes each screen, in the methods of
// that screen, and in what those call.
func emittedEvents(t *testing.T) map[string][]event {
	t.Helper()
	set := token.NewFileSet()
	paths, _ := filepath.Glob("*.go")
	var files []*ast.File
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(set, path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}, Defs: map[*ast.Ident]types.Object{}}
	config := types.Config{Importer: importer.Default(), Error: func(error) {}} // what other packages have is not needed
	pkg, _ := config.Check("ui", set, files, info)
	if pkg == nil || pkg.Scope().Lookup("event") == nil {
		t.Fatal("the package could not be read")
	}
	kind := pkg.Scope().Lookup("event").Type()
	named, calls := map[types.Object]map[event]bool{}, map[types.Object]map[types.Object]bool{}
	for _, file := range files {
		for _, decl := range file.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue
			}
			me := info.Defs[fn.Name]
			named[me], calls[me] = map[event]bool{}, map[types.Object]bool{}
			ast.Inspect(fn, func(n ast.Node) bool {
				id, ok := n.(*ast.Ident)
				if !ok {
					return true
				}
				switch o := info.Uses[id].(type) {
				case *types.Const:
					if types.Identical(o.Type(), kind) {
						named[me][event(strings.Trim(o.Val().String(), `"`))] = true
					}
				case *types.Func:
					if o.Pkg() == pkg {
						calls[me][o] = true
					}
				}
				return true
			})
		}
	}
	methods := map[string][]types.Object{}
	for me := range named {
		if r := receiver(me); strings.HasSuffix(r, "Screen") {
			methods[r] = append(methods[r], me)
		}
	}
	out := map[string][]event{}
	for me := range named {
		fn := me.(*types.Func).Signature()
		if fn.Recv() != nil || fn.Results().Len() != 1 || fn.Results().At(0).Type().String() != "ui.screen" ||
			slices.Contains([]string{"newScreen", "newConfirm"}, me.Name()) {
			continue
		}
		seen := map[types.Object]bool{}
		var visit func(o types.Object)
		visit = func(o types.Object) {
			if seen[o] || o.Name() == "newScreen" {
				return
			}
			seen[o] = true
			for ev := range named[o] {
				out[me.Name()] = append(out[me.Name()], ev)
			}
			for called := range calls[o] {
				visit(called)
			}
			if name, makes := strings.CutPrefix(o.Name(), "new"); makes {
				for _, method := range methods[strings.ToLower(name[:1])+name[1:]+"Screen"] {
					visit(method)
				}
			}
		}
		visit(me)
		slices.Sort(out[me.Name()])
		out[me.Name()] = slices.Compact(out[me.Name()])
	}
	return out
}

// receiver is the name of a method's type, "" for a function.
func receiver(o types.Object) string {
	fn, ok := o.(*types.Func)
	if !ok || fn.Signature().Recv() == nil {
		return ""
	}
	r := fn.Signature().Recv().Type()
	if p, ok := r.(*types.Pointer); ok {
		r = p.Elem()
	}
	if n, ok := r.(*types.Named); ok {
		return n.Obj().Name()
	}
	return ""
}
