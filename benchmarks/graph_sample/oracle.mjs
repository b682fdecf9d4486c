// A TypeScript or JavaScript tree -> what every call in it means, as TypeScript's own checker says.
//
//   node oracle.mjs FOLDER [TSCONFIG] > truth.tsv         (npm install typescript, beside this file or above)
//
// One line a call: path, line, name, kind (in, dynamic, outside), then its targets as path:line:name.
// A call the checker has no symbol for is left out.
import { createRequire } from 'node:module'
import fs from 'node:fs'
import path from 'node:path'

const ts = createRequire(path.join(process.cwd(), 'x.js'))('typescript')
const root = fs.realpathSync(process.argv[2])
const config = process.argv[3] ?? ts.findConfigFile(root, ts.sys.fileExists)
const read = config ? ts.getParsedCommandLineOfConfigFile(config, {}, { ...ts.sys, onUnRecoverableConfigFileDiagnostic() {} }) : null
const options = { ...read?.options, allowJs: true, checkJs: true, noEmit: true, skipLibCheck: true, types: [] }
const program = ts.createProgram(sources(root), options)
const checker = program.getTypeChecker()

for (const file of program.getSourceFiles())
  if (file.fileName.startsWith(root + '/') && !file.fileName.includes('/node_modules/')) visit(file, file)

function sources(folder) {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const found = path.join(folder, entry.name)
    if (entry.isDirectory()) return entry.name === 'node_modules' || entry.name.startsWith('.') ? [] : sources(found)
    return /\.([cm]?[jt]s|[jt]sx)$/.test(entry.name) && !/\.min\.js$/.test(entry.name) ? [found] : []
  })
}

function visit(node, file) {
  if (ts.isCallExpression(node) || ts.isNewExpression(node)) call(callee(node.expression), file)
  if (ts.isJsxOpeningElement(node) || ts.isJsxSelfClosingElement(node)) call(node.tagName, file)
  if (ts.isDecorator(node) && !ts.isCallExpression(node.expression)) call(callee(node.expression), file)
  ts.forEachChild(node, (child) => visit(child, file))
}

function callee(node) {
  while (ts.isParenthesizedExpression(node) || ts.isNonNullExpression(node)) node = node.expression
  return node
}

function call(node, file) {
  const name = ts.isPropertyAccessExpression(node) ? node.name : node
  if (!ts.isIdentifier(name) && !ts.isPrivateIdentifier(name)) return
  const declarations = meant(checker.getSymbolAtLocation(name))
  if (ts.isNewExpression(node.parent)) {
    const made = checker.getResolvedSignature(node.parent)?.declaration
    if (made && ts.isConstructorDeclaration(made)) declarations.push(made)
  }
  if (!declarations.length) return
  const own = declarations.filter((found) => {
    const name = found.getSourceFile().fileName
    return name.startsWith(root + '/') && !name.includes('/node_modules/')
  })
  const kind = !own.length ? 'outside' : own.some(defines) ? 'in' : 'dynamic'
  const line = file.getLineAndCharacterOfPosition(name.getStart(file)).line + 1
  console.log([relative(file), line, name.text, kind, ...own.map(place)].join('\t'))
}

// What a name means: its declarations and, where it only stands for another one, those of that.
function meant(symbol, depth = 0) {
  if (!symbol || depth > 3) return []
  if (symbol.flags & ts.SymbolFlags.Alias) symbol = checker.getAliasedSymbol(symbol)
  const found = [...(symbol.declarations ?? [])]
  for (const declaration of symbol.declarations ?? []) {
    if (ts.isBindingElement(declaration) && ts.isObjectBindingPattern(declaration.parent)) {
      const key = declaration.propertyName ?? declaration.name
      const property = ts.isIdentifier(key) && checker.getTypeAtLocation(declaration.parent).getProperty(key.text)
      if (property) found.push(...meant(property, depth + 1))
    } else if (ts.isVariableDeclaration(declaration) || ts.isPropertyAssignment(declaration)) {
      const value = declaration.initializer
      const named = value && (ts.isPropertyAccessExpression(value) ? value.name : value)
      if (named && ts.isIdentifier(named)) found.push(...meant(checker.getSymbolAtLocation(named), depth + 1))
    } else if (ts.isShorthandPropertyAssignment(declaration)) {
      found.push(...meant(checker.getShorthandAssignmentValueSymbol(declaration), depth + 1))
    }
  }
  return found
}

// A parameter or a variable that holds some function defines none.
function defines(node) {
  if (ts.isParameter(node) || ts.isBindingElement(node) || ts.isPropertySignature(node)) return false
  if (ts.isVariableDeclaration(node) && !isFunction(node.initializer)) {
    const statement = node.parent.parent
    return ts.isVariableStatement(statement) && ts.isSourceFile(statement.parent) // a constant of its module
  }
  if (ts.isPropertyDeclaration(node) || ts.isPropertyAssignment(node)) return isFunction(node.initializer)
  return !ts.isShorthandPropertyAssignment(node)
}

function isFunction(node) {
  return !!node && (ts.isArrowFunction(node) || ts.isFunctionExpression(node) || ts.isClassExpression(node))
}

function place(node) {
  const file = node.getSourceFile()
  const name = ts.getNameOfDeclaration(node) ?? node
  const line = file.getLineAndCharacterOfPosition(name.getStart(file)).line + 1
  const plain = ts.isIdentifier(name) || ts.isPrivateIdentifier(name)
  return `${relative(file)}:${line}:${plain ? name.text : ts.isConstructorDeclaration(node) ? 'constructor' : 'default'}`
}

function relative(file) {
  return path.relative(root, file.fileName)
}
