// A Go module -> what every call in it means, as the compiler's own type checker says.
//
//	go run oracle.go FOLDER > truth.tsv
//
// One line a call: path, line, name, kind (in, dynamic, outside), then its targets as path:line:name.
package main

import (
	"fmt"
	"go/ast"
	"go/build"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

var (
	root   string
	module string
	fset   = token.NewFileSet()
	std    = importer.ForCompiler(fset, "source", nil)
	known  = map[string]*types.Package{}
)

func main() {
	root = os.Args[1]
	text, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		panic(err)
	}
	module = strings.Fields(string(text))[1]
	filepath.Walk(root, func(path string, info os.FileInfo, err error) error {
		if err != nil || !info.IsDir() {
			return err
		}
		name := info.Name()
		if path != root && (strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") || name == "testdata") {
			return filepath.SkipDir
		}
		if _, err := os.Stat(filepath.Join(path, "go.mod")); err == nil && path != root {
			return filepath.SkipDir
		}
		report(path)
		return nil
	})
}

// report checks the packages of one folder, tests included, and prints their calls.
func report(folder string) {
	packages := map[string][]*ast.File{}
	for _, file := range parsed(folder, true) {
		packages[file.Name.Name] = append(packages[file.Name.Name], file)
	}
	for _, files := range packages {
		info := &types.Info{Uses: map[*ast.Ident]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{}}
		check(folder, files, info)
		for _, file := range files {
			ast.Inspect(file, func(node ast.Node) bool {
				switch node := node.(type) {
				case *ast.CallExpr:
					call(node.Fun, info)
				case *ast.CompositeLit:
					call(node.Type, info)
				}
				return true
			})
		}
	}
}

func call(fun ast.Expr, info *types.Info) {
	switch fun := fun.(type) {
	case *ast.ParenExpr:
		call(fun.X, info)
	case *ast.IndexExpr:
		call(fun.X, info)
	case *ast.IndexListExpr:
		call(fun.X, info)
	case *ast.Ident:
		write(fun, info.Uses[fun])
	case *ast.SelectorExpr:
		write(fun.Sel, info.Uses[fun.Sel])
	}
}

func write(name *ast.Ident, object types.Object) {
	at := fset.Position(name.Pos())
	if object == nil {
		return // the checker did not know: neither do we
	}
	kind, target := "outside", ""
	if function, ok := object.(*types.Func); ok {
		object = function.Origin()
	}
	if in := fset.Position(object.Pos()); in.IsValid() && within(in.Filename) {
		kind = "in"
		if variable, ok := object.(*types.Var); ok && (variable.Pkg() == nil || variable.Parent() != variable.Pkg().Scope()) {
			kind = "dynamic"
		}
		if _, isParam := object.Type().(*types.TypeParam); isParam {
			kind = "dynamic"
		}
		target = fmt.Sprintf("\t%s:%d:%s", relative(in.Filename), in.Line, object.Name())
	}
	fmt.Printf("%s\t%d\t%s\t%s%s\n", relative(at.Filename), at.Line, name.Name, kind, target)
}

func within(path string) bool { return strings.HasPrefix(path, root+string(filepath.Separator)) }

func relative(path string) string {
	found, _ := filepath.Rel(root, path)
	return filepath.ToSlash(found)
}

func parsed(folder string, tests bool) []*ast.File {
	found := []*ast.File{}
	names, _ := filepath.Glob(filepath.Join(folder, "*.go"))
	sort.Strings(names)
	for _, path := range names {
		match, _ := build.Default.MatchFile(folder, filepath.Base(path))
		if !match || (!tests && strings.HasSuffix(path, "_test.go")) {
			continue
		}
		if file, err := parser.ParseFile(fset, path, nil, 0); err == nil {
			found = append(found, file)
		}
	}
	return found
}

func check(folder string, files []*ast.File, info *types.Info) *types.Package {
	config := types.Config{Importer: own{}, Error: func(error) {}, FakeImportC: true}
	checked, _ := config.Check(folder, fset, files, info)
	return checked
}

// own imports the module's packages from their folders and all others from their sources.
type own struct{}

func (own) Import(path string) (*types.Package, error) {
	if path != module && !strings.HasPrefix(path, module+"/") {
		return std.Import(path)
	}
	if known[path] == nil {
		folder := filepath.Join(root, strings.TrimPrefix(path, module))
		known[path] = check(folder, parsed(folder, false), nil)
	}
	return known[path], nil
}
