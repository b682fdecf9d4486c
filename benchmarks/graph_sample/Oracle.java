import com.sun.source.tree.*;
import com.sun.source.util.*;
import java.io.IOException;
import java.nio.file.*;
import java.util.*;
import java.util.stream.*;
import javax.lang.model.element.*;
import javax.tools.*;

/**
 * A Java tree -> what every call in it means, as javac's own attribution says.
 *
 * <pre>java Oracle.java FOLDER > truth.tsv</pre>
 *
 * One line a call: path, line, name, kind (in, outside), then its targets as path:line:name. A call javac
 * does not know, for want of a dependency, is left out.
 */
class Oracle {
    static Path root;
    static Trees trees;

    public static void main(String[] arguments) throws IOException {
        root = Paths.get(arguments[0]).toRealPath();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
        List<Path> paths;
        try (Stream<Path> found = Files.walk(root)) {
            paths = found.filter(p -> p.toString().endsWith(".java") && !p.endsWith("module-info.java")
                && !p.endsWith("package-info.java") && !p.toString().contains("/META-INF/")).sorted().collect(Collectors.toList());
        }
        JavacTask task = (JavacTask) compiler.getTask(null, files, new DiagnosticCollector<>(),
            List.of("-proc:none", "-Xmaxerrs", "100000", "-XDshould-stop.ifError=FLOW"), null,
            files.getJavaFileObjectsFromPaths(paths));
        List<CompilationUnitTree> units = new ArrayList<>();
        for (CompilationUnitTree unit : task.parse()) units.add(unit);
        task.analyze();
        trees = Trees.instance(task);
        for (CompilationUnitTree unit : units) new Calls(unit).scan(unit, null);
    }

    static class Calls extends TreePathScanner<Void, Void> {
        final CompilationUnitTree unit;

        Calls(CompilationUnitTree unit) {
            this.unit = unit;
        }

        @Override
        public Void visitMethodInvocation(MethodInvocationTree node, Void unused) {
            ExpressionTree select = node.getMethodSelect();
            Element element = trees.getElement(new TreePath(getCurrentPath(), select));
            if (select instanceof MemberSelectTree) {
                MemberSelectTree member = (MemberSelectTree) select;
                long end = trees.getSourcePositions().getEndPosition(unit, member);
                write(element, end - member.getIdentifier().length(), member.getIdentifier().toString());
            } else if (select instanceof IdentifierTree) {
                String name = ((IdentifierTree) select).getName().toString();
                if (!name.equals("this") && !name.equals("super")) {
                    write(element, trees.getSourcePositions().getStartPosition(unit, select), name);
                }
            }
            return super.visitMethodInvocation(node, unused);
        }

        @Override
        public Void visitNewClass(NewClassTree node, Void unused) {
            Element element = trees.getElement(getCurrentPath());
            Tree type = node.getIdentifier();
            if (type instanceof AnnotatedTypeTree) type = ((AnnotatedTypeTree) type).getUnderlyingType();
            if (type instanceof ParameterizedTypeTree) type = ((ParameterizedTypeTree) type).getType();
            Element named = trees.getElement(new TreePath(getCurrentPath(), type));
            if (named == null && element != null) named = element.getEnclosingElement();
            long end = trees.getSourcePositions().getEndPosition(unit, type);
            String name = type.toString();
            name = name.substring(name.lastIndexOf('.') + 1);
            boolean own = element != null && element.getEnclosingElement().equals(named);
            write(own ? element : named, end - name.length(), name, named);
            return super.visitNewClass(node, unused);
        }

        void write(Element element, long position, String name, Element... also) {
            if (element == null || element.asType().getKind() == javax.lang.model.type.TypeKind.ERROR) return;
            Set<String> places = new LinkedHashSet<>();
            places.add(place(element));
            for (Element other : also) if (other != null) places.add(place(other));
            places.remove("");
            String kind = places.isEmpty() ? "outside" : "in";
            System.out.println(String.join("\t", Stream.concat(
                Stream.of(relative(unit), "" + unit.getLineMap().getLineNumber(position), name, kind),
                places.stream()).collect(Collectors.toList())));
        }
    }

    static String place(Element element) {
        TreePath path = trees.getPath(element);
        boolean written = path != null && trees.getSourcePositions().getEndPosition(path.getCompilationUnit(), path.getLeaf()) > 0;
        if (!written && element instanceof ExecutableElement) path = trees.getPath(element.getEnclosingElement());
        if (path == null) return "";
        CompilationUnitTree unit = path.getCompilationUnit();
        Tree leaf = path.getLeaf();
        long start = trees.getSourcePositions().getStartPosition(unit, leaf);
        long end = trees.getSourcePositions().getEndPosition(unit, leaf);
        Element named = element.getKind() == ElementKind.CONSTRUCTOR || leaf instanceof ClassTree
            ? (element instanceof TypeElement ? element : element.getEnclosingElement()) : element;
        String name = named.getSimpleName().toString();
        try {
            String text = unit.getSourceFile().getCharContent(true).toString();
            ModifiersTree modifiers = leaf instanceof MethodTree ? ((MethodTree) leaf).getModifiers()
                : leaf instanceof ClassTree ? ((ClassTree) leaf).getModifiers() : null;
            long from = modifiers == null ? -1 : trees.getSourcePositions().getEndPosition(unit, modifiers);
            java.util.regex.Matcher found = java.util.regex.Pattern.compile("\\b" + java.util.regex.Pattern.quote(name)
                + (leaf instanceof MethodTree ? "\\s*[({]" : "\\b")).matcher(text).region((int) Math.max(start, from), (int) end);
            if (found.find()) start = found.start();
        } catch (IOException error) {
            throw new java.io.UncheckedIOException(error);
        }
        return relative(unit) + ":" + unit.getLineMap().getLineNumber(start) + ":" + name;
    }

    static String relative(CompilationUnitTree unit) {
        return root.relativize(Paths.get(unit.getSourceFile().toUri())).toString();
    }
}
