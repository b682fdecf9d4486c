; What JavaScript, TypeScript and TSX share.
(comment) @comment
(decorator) @attribute
(export_statement) @wrapper
(lexical_declaration) @wrapper
(variable_declaration) @wrapper

(class_declaration name: (_) @name) @definition.class
(class name: (_) @name) @definition.class
(function_declaration name: (identifier) @name) @definition.function
(generator_function_declaration name: (identifier) @name) @definition.function
(method_definition name: (_) @name) @definition.method
(variable_declarator
  name: (identifier) @name
  value: [(arrow_function body: (_) @body) (function_expression body: (_) @body)
          (generator_function body: (_) @body)]) @definition.function
(variable_declarator name: (identifier) @name value: (class body: (_) @body)) @definition.class
(assignment_expression
  left: (member_expression) @name
  right: [(arrow_function body: (_) @body) (function_expression body: (_) @body)]) @definition.function
(assignment_expression left: (member_expression) @name right: (class body: (_) @body)) @definition.class
(pair
  key: (property_identifier) @name
  value: [(arrow_function body: (_) @body) (function_expression body: (_) @body)]) @definition.method

(assignment_expression
  left: (member_expression object: (identifier) @name property: (property_identifier) @_prototype) right: (object)
  (#eq? @_prototype "prototype")) @scope

(return_statement (function_expression name: (identifier) @name) @definition.function)
(arguments (function_expression name: (identifier) @name) @definition.function)
(export_statement "default" @name value: [(arrow_function body: (_) @body) (function_expression !name body: (_) @body)])
  @definition.function
; A test is named by its sentence.
(call_expression
  function: (identifier) @_test
  arguments: (arguments . (string (string_fragment) @name)
    [(arrow_function body: (_) @body) (function_expression body: (_) @body)])
  (#any-of? @_test "it" "test") (#match? @name " ")) @definition.function

; A constant of the module, be it a function handed through another one: memo(() => ...), defineStore(...).
(program (export_statement (lexical_declaration (variable_declarator name: (identifier) @name) @definition.constant)))
(program (lexical_declaration (variable_declarator name: (identifier) @name) @definition.constant))
(program (export_statement (variable_declaration (variable_declarator name: (identifier) @name) @definition.constant)))
(program (variable_declaration (variable_declarator name: (identifier) @name) @definition.constant))

(call_expression function: (identifier) @reference.call)
(call_expression function: (member_expression) @reference.call.member)
(new_expression constructor: (identifier) @reference.call)
(new_expression constructor: (member_expression object: (_) @qualifier property: (_) @reference.call))
(decorator (identifier) @reference.call)

(import_statement (import_clause (identifier) @reference.import) source: (_) @module @default)
(import_statement (import_clause (namespace_import (identifier) @reference.import)) source: (_) @module @whole)
(import_statement
  (import_clause (named_imports (import_specifier name: (_) @reference.import !alias))) source: (_) @module)
(import_statement
  (import_clause (named_imports (import_specifier name: (_) @original alias: (_) @reference.import)))
  source: (_) @module)
(export_statement (export_clause (export_specifier name: (_) @reference.import !alias)) source: (_) @module)
(export_statement
  (export_clause (export_specifier name: (_) @original alias: (_) @reference.import)) source: (_) @module)
(export_statement "*" @reference.import source: (_) @module)
(export_statement (namespace_export (identifier) @reference.import) source: (_) @module @whole)
(variable_declarator
  name: (identifier) @reference.import
  value: (call_expression function: (identifier) @_require arguments: (arguments . (string) @module @whole .))
  (#eq? @_require "require"))
(variable_declarator
  name: [(object_pattern (shorthand_property_identifier_pattern) @reference.import)
         (object_pattern (pair_pattern key: (_) @original value: (identifier) @reference.import))]
  value: (call_expression function: (identifier) @_require arguments: (arguments . (string) @module .))
  (#eq? @_require "require"))

; What a module gives under other names than its own.
(export_statement !source (export_clause (export_specifier name: (_) @value alias: (_) @binding)))
(export_statement value: (_) @binding.default @value)
(export_statement "default" declaration: (_ name: (_) @binding.default @value))
(assignment_expression
  left: (member_expression object: (identifier) @_module property: (property_identifier) @binding.default)
  right: (_) @value
  (#eq? @_module "module") (#eq? @binding.default "exports"))
(assignment_expression
  left: (member_expression object: [(identifier) (member_expression)] @_exports property: (property_identifier) @binding)
  right: [(identifier) (member_expression) (call_expression) (new_expression)] @value
  (#any-of? @_exports "exports" "module.exports"))

; What names stand for. A variable keeps the type it is declared with, and the block it is declared in.
(variable_declarator name: (identifier) @binding !value)
(for_in_statement left: (identifier) @binding.element right: (_) @value) @extent
(catch_clause parameter: (identifier) @binding) @extent
(array_pattern (identifier) @binding)
(variable_declarator name: (object_pattern (shorthand_property_identifier_pattern) @binding.field) value: (_) @value)
(variable_declarator
  name: (object_pattern (pair_pattern key: (property_identifier) @original value: (identifier) @binding.field))
  value: (_) @value)
(arrow_function parameter: (identifier) @binding.parameter) @extent
(call_expression
  function: (member_expression object: (_) @value property: (property_identifier) @_each)
  arguments: (arguments . (arrow_function parameter: (identifier) @binding.element) @extent)
  (#any-of? @_each "map" "forEach" "filter" "find" "findIndex" "findLast" "some" "every" "flatMap"))

(return_statement (_) @returned)
(variable_declarator value: (arrow_function body: [
  (call_expression) (new_expression) (identifier) (member_expression) (await_expression) (ternary_expression)
  (parenthesized_expression)] @returned))
