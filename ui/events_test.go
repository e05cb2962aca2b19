package ui

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// screensOf are what makes the screens, and the places where each stands.
func screensOf() map[string][]ScreenID {
	return map[string][]ScreenID{
		"newList": {ScreenHome}, "newHome": {ScreenHome, ScreenAdd}, "newProduct": {ScreenProduct}, "newGuide": {ScreenGuide, ScreenInstructions}, "newForm": {ScreenForm},
		"newStorage": {ScreenStorage}, "newUnlock": {ScreenUnlock}, "newChecking": {ScreenChecking}, "newDiagnosis": {ScreenDiagnosis},
		"newMessage": {ScreenMessage}, "newSaving": {ScreenSaving}, "newSuccess": {ScreenSuccess}, "newHandover": {ScreenHandover},
		"newExpiry": {ScreenExpiry}, "newDetail": {ScreenDetail}, "newEdit": {ScreenEdit}, "newReference": {ScreenReference}, "newRole": {ScreenRole},
		"newFiles": {ScreenImport, ScreenExport}, "newEditSeveral": {ScreenEditSeveral}, "newSharing": {ScreenSharing}, "newReplaced": {ScreenReplaced},
		"newTrouble": {ScreenNotSaved}, "newRemove": {ScreenRemove}, "newRemoveSeveral": {ScreenRemove}, "newOtherAccount": {ScreenOtherAccount}, "newDuplicate": {ScreenDuplicate},
	}
}

// unreached are events that stand in a function a screen calls, and never come out of it there.
func unreached() map[ScreenID][]Event {
	return map[ScreenID][]Event{
		ScreenDetail:   {Retry},       // it checks by itself
		ScreenReplaced: {RereadGuide}, // opens a page, and stays
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
				_, known := screenTable()[place].to[ev]
				known = known || ev == Done && overlay(place)
				if !known && ev != None && ev != Back && ev != Answered && !slices.Contains(unreached()[place], ev) {
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
func emittedEvents(t *testing.T) map[string][]Event {
	t.Helper()
	set := token.NewFileSet()
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}, Defs: map[*ast.Ident]types.Object{}}
	packages := sourceImporter{}
	var files []*ast.File
	for _, dir := range []string{"widget", ".", "wizard", "manage"} { // each knows those before it
		paths, _ := filepath.Glob(filepath.Join(dir, "*.go"))
		var own []*ast.File
		for _, path := range paths {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(set, path, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			own = append(own, file)
		}
		path := strings.TrimSuffix("saasconnect/ui/"+dir, "/.")
		config := types.Config{Importer: packages, Error: func(error) {}} // what other packages have is not needed
		packages[path], _ = config.Check(path, set, own, info)
		files = append(files, own...)
	}
	ui := packages["saasconnect/ui"]
	if ui == nil || ui.Scope().Lookup("Event") == nil {
		t.Fatal("the packages could not be read")
	}
	kind := ui.Scope().Lookup("Event").Type()
	named, calls := map[types.Object]map[Event]bool{}, map[types.Object]map[types.Object]bool{}
	for _, file := range files {
		for _, decl := range file.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue
			}
			me := info.Defs[fn.Name]
			named[me], calls[me] = map[Event]bool{}, map[types.Object]bool{}
			ast.Inspect(fn, func(n ast.Node) bool {
				id, ok := n.(*ast.Ident)
				if !ok {
					return true
				}
				switch o := info.Uses[id].(type) {
				case *types.Const:
					if types.Identical(o.Type(), kind) {
						named[me][Event(strings.Trim(o.Val().String(), `"`))] = true
					}
				case *types.Func:
					if o.Pkg() != nil && strings.HasPrefix(o.Pkg().Path(), "saasconnect/ui") {
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
	out := map[string][]Event{}
	for me := range named {
		fn := me.(*types.Func).Signature()
		if fn.Recv() != nil || fn.Results().Len() != 1 || fn.Results().At(0).Type().String() != "saasconnect/ui.Screen" {
			continue
		}
		seen := map[types.Object]bool{}
		var visit func(o types.Object)
		visit = func(o types.Object) {
			if seen[o] {
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
			if o.Name() == "NewConfirm" {
				for _, method := range methods["ConfirmScreen"] {
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

// sourceImporter knows the packages that were read, by path, and none else.
type sourceImporter map[string]*types.Package

func (s sourceImporter) Import(path string) (*types.Package, error) {
	if p := s[path]; p != nil {
		return p, nil
	}
	return nil, fmt.Errorf("%s is not read", path)
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
