; Lua. `M.f` and `M:f` are qualified by their table.
(comment) @comment
(variable_declaration) @wrapper

(function_declaration name: (_) @name) @definition.function
(assignment_statement
  (variable_list . name: (_) @name .)
  (expression_list . value: (function_definition body: (_) @body) .)) @definition.function
(assignment_statement
  (variable_list . name: (_) @name .)
  (expression_list . value: (function_definition) .)) @definition.function
(field name: (_) @name value: (function_definition body: (_) @body)) @definition.method
(field name: (_) @name value: (function_definition)) @definition.method
(chunk (variable_declaration (assignment_statement (variable_list name: (identifier) @name)) @definition.constant))
(chunk (assignment_statement (variable_list name: (_) @name)) @definition.constant)
; A test is named by its sentence.
(function_call
  name: (identifier) @_test
  arguments: (arguments . (string (string_content) @name) (function_definition body: (_) @body))
  (#eq? @_test "it") (#match? @name " ")) @definition.function

(function_call name: (identifier) @reference.call)
(function_call name: (dot_index_expression table: (_) @qualifier field: (_) @reference.call))
(function_call name: (method_index_expression table: (_) @qualifier method: (_) @reference.call))

(assignment_statement
  (variable_list . name: (identifier) @reference.import)
  (expression_list . value: (function_call
    name: (identifier) @_require arguments: (arguments (string (string_content) @module))))
  (#eq? @_require "require"))
